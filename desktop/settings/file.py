"""The file of the preferences: read with care, written whole or not at all. No Qt."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from core.imaging.atomic import write_atomically
from desktop.settings.values import VERSION, Values, salvage

NAME = "settings.json"
_LARGEST = 4 << 20

Migration = Callable[[dict[str, Any]], dict[str, Any]]
MIGRATIONS: dict[int, Migration] = {}
"""By version: what makes that version's content the next version's."""


def settings_file() -> Path:
    """Where the user's preferences lie."""
    return user_config_path("sfumato", appauthor=False) / NAME


@dataclass(frozen=True)
class Damage:
    """What could not be read, and where the file is now. entries: empty if all of it.

    stuck: the file can be neither read nor set aside; it is where it was.
    """

    place: Path
    entries: tuple[str, ...] = ()
    stuck: bool = False


def read(file: Path) -> tuple[Values | None, Damage | None]:
    """The values in `file`; None where there is no file, or nothing in it can be read.

    A file with anything wrong in it is set aside (renamed), and what is right in it is used.
    """
    try:
        text = _text_of(file)
    except FileNotFoundError:
        return None, None
    try:
        content = json.loads(text)
        if not isinstance(content, dict):
            raise ValueError("no object")
        version = content.get("version", VERSION)
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise ValueError("no version")
        values, lost = salvage(migrated(content, version))
    except (ValueError, RecursionError):
        return None, Damage(set_aside(file))
    return values, Damage(set_aside(file), lost) if lost else None


def migrated(content: dict[str, Any], version: int) -> dict[str, Any]:
    """`content` as this version would have written it; a later version's is left as it is."""
    for number in range(version, VERSION):
        if number in MIGRATIONS:
            content = MIGRATIONS[number](content)
        content = {**content, "version": number + 1}
    return content


def write(file: Path, values: Values) -> None:
    """Put `values` in place of what the file held. Raises SaveError."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = json.dumps(values.model_dump(mode="json"), indent=2, ensure_ascii=False)
    write_atomically(file, text.encode() + b"\n")


def set_aside(file: Path) -> Path:
    """Give the file a name under which nobody looks for it; returns that."""
    stem = f"{file.stem}-damaged-{time.strftime('%Y%m%d-%H%M%S')}"
    names = (f"{stem}-{at}" if at else stem for at in count())
    place = next(one for name in names if not (one := file.with_name(name + file.suffix)).exists())
    file.replace(place)
    return place


def _text_of(file: Path) -> str:
    """Raises FileNotFoundError; what is no text at all comes back as none."""
    with file.open("rb") as stream:
        data = stream.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        return ""
    return data.decode("utf-8", errors="replace")
