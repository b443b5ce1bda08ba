"""What the selection tools share: how a new selection joins the old one, and the wand's reach."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt

from core.imaging.selection import How, Patch

MAX_TOLERANCE = 100.0


@dataclass(frozen=True)
class SelectionOptions:
    """how: of a press without keys. tolerance: Delta E, 0 to 100. connected: one region only."""

    how: How = How.ADD
    tolerance: float = 12.0
    connected: bool = True


@dataclass(frozen=True)
class SelectionWish:
    """A selection that takes a while to find.

    find: is called on another thread, with a function that tells whether it was given up; it may
    then raise CancelledError. of_mask: it is made from the mask as it is, so a change of that ends
    it. if_empty: what to say if nothing was found, which changes nothing.
    """

    title: str
    find: Callable[[Callable[[], bool]], Patch]
    how: How
    of_mask: bool = False
    if_empty: str = ""


def how_for(keys: Qt.KeyboardModifier, otherwise: How) -> How:
    """Shift adds, Ctrl subtracts, both together, or Alt, intersect; no key: `otherwise`."""
    modifier = Qt.KeyboardModifier
    shift, control = bool(keys & modifier.ShiftModifier), bool(keys & modifier.ControlModifier)
    if keys & modifier.AltModifier or (shift and control):
        return How.INTERSECT
    if control:
        return How.SUBTRACT
    return How.ADD if shift else otherwise
