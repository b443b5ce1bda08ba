"""The keys of commands as they are now, and texts that name them."""

import re
from collections.abc import Mapping

from PySide6.QtGui import QKeySequence

_SECOND = {"Ctrl++": "Ctrl+=", "Ctrl+Shift+Z": "Ctrl+Y"}
"""Keys that people try instead, by the usual ones."""

_usual: dict[str, str] = {}
_chosen: dict[str, str] = {}


def set_keys(usual: Mapping[str, str], chosen: Mapping[str, str]) -> None:
    """From now on commands have these keys; chosen: where the user wants others ("" for none)."""
    _usual.clear()
    _usual.update(usual)
    _chosen.clear()
    _chosen.update({name: keys for name, keys in chosen.items() if name in usual})


def keys_of(command: str) -> str:
    """A command's keys as Qt writes them, "" if it has none."""
    return _chosen.get(command, _usual.get(command, ""))


def all_keys(keys: str) -> list[QKeySequence]:
    """Everything that does what `keys` do: the number pad's Enter, and "+" without Shift, too."""
    if not keys:
        return []
    found = [QKeySequence(keys)]
    if keys.endswith("Return"):
        found.append(QKeySequence(keys.replace("Return", "Enter")))
    if keys in _SECOND:
        found.append(QKeySequence(_SECOND[keys]))
    return found


def spelled(keys: str) -> str:
    """Keys as people write them on this system."""
    text = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    return text.replace("Return", "Enter")


def keyed(text: str, *commands: str) -> str:
    """`text`, which names the usual keys of some commands, with those that they have now.

    Without any, a text in brackets goes and a dash stands elsewhere.
    """
    for command in commands:
        usual, now = spelled(_usual.get(command, "")), spelled(keys_of(command))
        if usual and usual != now:
            if not now:
                text = text.replace(f" ({usual})", "")
            alone = rf"(?<![A-Za-z0-9+]){re.escape(usual)}(?![A-Za-z0-9+])"
            text = re.sub(alone, lambda _: now or "—", text)  # noqa: B023 - called at once
    return text
