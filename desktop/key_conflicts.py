"""Which commands want the same keys, and which keys belong to the canvas."""

from collections import defaultdict
from collections.abc import Mapping

from PySide6.QtGui import QKeySequence

from desktop.keys import all_keys

CANVAS_KEYS = frozenset(
    (
        *("Tab", "Ctrl+Tab", "Shift+Tab", "Space", "Return", "Enter", "Backspace", "Del", "Home"),
        *("Left", "Right", "Up", "Down", "Shift+Left", "Shift+Right"),
    )
)
"""What the canvas and the controls do with keys by themselves; no command may take them."""


def conflicts(keys: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Commands by groups that want the same keys. keys: by command; "" is no key."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for command, own in keys.items():
        for one in all_keys(own):
            wanted[one.toString(QKeySequence.SequenceFormat.PortableText)].append(command)
    groups = [tuple(commands) for commands in wanted.values() if len(commands) > 1]
    return list(dict.fromkeys(groups))


def is_canvas_key(keys: str) -> bool:
    """Whether the canvas or the control that has the focus needs these keys."""
    portable = QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText)
    return portable in CANVAS_KEYS
