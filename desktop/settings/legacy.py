"""What versions before the settings dialog remembered, in an INI file over QSettings."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

_AMOUNTS = ("grow", "shrink", "feather")


def _text(value: object) -> str:
    return str(value)


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else None


def _geometry(value: object) -> str | None:
    return value.toBase64().toStdString() if isinstance(value, QByteArray) else None


_ENTRIES: tuple[tuple[str, tuple[str, ...], Callable[[object], Any]], ...] = (
    ("window/theme", ("window", "theme"), _text),
    ("window/language", ("window", "language"), _text),
    ("window/geometry", ("window", "geometry"), _geometry),
    ("canvas/mask_colour", ("window", "mask_colour"), _text),
    ("canvas/rulers", ("window", "rulers"), lambda value: str(value) == "true"),
    ("document/undo_megabytes", ("document", "undo_megabytes"), _number),
    ("files/folder", ("files", "folder"), _text),
    *((f"selection/{name}", ("files", "amounts", name), _number) for name in _AMOUNTS),
)


def taken_over(settings: QSettings | None = None) -> dict[str, Any]:
    """The content of a settings file with what QSettings held; {} if it held nothing."""
    settings = settings or QSettings(
        QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Sfumato", "sfumato"
    )
    content: dict[str, Any] = {}
    for key, place, read in _ENTRIES:
        value = read(settings.value(key)) if settings.contains(key) else None
        if value is not None:
            part = content
            for name in place[:-1]:
                part = part.setdefault(name, {})
            part[place[-1]] = value
    return content
