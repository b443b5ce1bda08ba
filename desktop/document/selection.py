"""How a new selection enters the document: as one step that can be undone."""

from typing import TYPE_CHECKING

from core.imaging.selection import How, Patch, combined

if TYPE_CHECKING:
    from core.request import Pixels
    from desktop.document.document import Document


def select(document: "Document", patch: Patch, how: How, text: str) -> None:
    """Join `patch` to the document's mask; `text` is what the history calls it."""
    document.strokes.end()
    document.set_mask(combined(document.mask_u8(), patch, how), text)


def looked_at(document: "Document") -> "Pixels":
    """What the canvas shows, if the mask fits it: a result that is looked at, or the picture."""
    shown = document.shown_pixels
    return shown if shown.shape == document.pixels.shape else document.pixels
