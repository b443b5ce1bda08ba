"""The settings dialog, and what becomes of what was chosen there."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from core import offline
from desktop.document.undo import MEGABYTE
from desktop.language import set_language
from desktop.settings.values import Values
from desktop.theme import apply_theme, current_theme

if TYPE_CHECKING:
    from desktop.session import Session


def open_settings(session: "Session") -> None:
    """Open the settings at their first page."""
    _open(session, 0)


def open_shortcuts(session: "Session") -> None:
    """Open the settings where shortcuts are seen and changed."""
    _open(session, -1)


def _open(session: "Session", page: int) -> None:
    from desktop.panels.preferences.dialog import SettingsDialog

    dialog = SettingsDialog(session.preferences.values, session.window)
    dialog.chosen.connect(session.preferences.replace)
    dialog.show_page(page)
    dialog.open()


def apply_all(session: "Session") -> None:
    """Let everything count that was remembered; theme and language count already."""
    values = session.preferences.values
    session.document.undo_stack.set_cap(values.document.undo_megabytes * MEGABYTE)
    session.autosave.set_interval(values.document.autosave_seconds)
    offline.forbid_downloads(values.privacy.offline)
    session.window.status.show_offline(offline.downloads_forbidden())
    _show_mask_colour(session)
    session.menus.set_shortcuts(values.shortcuts)


def apply_changes(session: "Session", before: Values, after: Values) -> None:
    """Let what was changed count from now on."""
    preferences = session.preferences
    if before.window.theme != after.window.theme:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        apply_theme(application, preferences.theme)
        session.menus.check(f"theme_{preferences.theme}")
    if before.window.language != after.window.language:
        session.menus.check(f"language_{preferences.language}")
        set_language(preferences.language)
    if _what_applies(before) != _what_applies(after):
        apply_all(session)
    if before.shortcuts != after.shortcuts:
        QApplication.sendEvent(session.window, QEvent(QEvent.Type.LanguageChange))
    if _what_engines_begin_with(before) != _what_engines_begin_with(after):
        session.restart_engine()
        session.say(
            QCoreApplication.translate(
                "Settings", "The engine starts anew with these settings, before the next edit."
            )
        )
    if preferences.unsaved is not None:
        session.say_error(preferences.unsaved)


def say_damage(session: "Session") -> None:
    """Tell what of the remembered settings could not be read, if anything."""
    damage = session.preferences.damage
    if damage is None:
        return
    if damage.stuck:
        text = QCoreApplication.translate(
            "Settings",
            "The settings can be neither read nor set aside, and are as they were at first. See "
            "to who may read {name}.",
        )
    elif damage.entries:
        text = QCoreApplication.translate(
            "Settings",
            "Some settings made no sense and are as they were at first: {entries}. The file was "
            "set aside as {name}.",
        )
    else:
        text = QCoreApplication.translate(
            "Settings",
            "The settings could not be read and are as they were at first. The file was set aside "
            "as {name}.",
        )
    session.say(text.format(entries=", ".join(damage.entries), name=damage.place.name))


def _what_applies(values: Values) -> tuple[object, ...]:
    window = values.window
    colours = window.theme, window.mask_colour
    return values.document, values.privacy, values.shortcuts, colours


def _what_engines_begin_with(values: Values) -> tuple[object, ...]:
    return values.engine, values.privacy.log_prompts


def _show_mask_colour(session: "Session") -> None:
    chosen = session.preferences.values.window.mask_colour
    session.canvas.set_mask_colour(QColor(chosen or current_theme().accent))
