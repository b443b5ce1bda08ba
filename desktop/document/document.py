"""`Document`: the open picture, its mask, the results not yet applied, and the undo stack."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRect, QSize, Signal, Slot
from PySide6.QtGui import QUndoStack

from core.events import Finished
from core.request import Mask, Pixels, checked_picture
from desktop.document.alternative import Alternative, frozen
from desktop.document.files import SaveSnapshot
from desktop.document.history import ApplyCommand, DeleteAlternativeCommand, MaskCommand
from desktop.document.mask import MaskBuffer, TileDelta
from desktop.document.stroke import Stroke

if TYPE_CHECKING:
    from core.imaging.image import Picture


class Document(QObject):
    """One open picture. All methods belong to the UI thread; arrays handed out are read-only.

    Everything that changes the picture, the mask or the list of alternatives can be undone
    through `undo_stack`, which also takes the commands of others (prompts).
    """

    picture_changed = Signal()
    """Another picture was opened or closed: everything is different."""
    pixels_changed = Signal()
    mask_changed = Signal(QRect)
    alternatives_changed = Signal()
    shown_changed = Signal()
    modified_changed = Signal(bool)
    title_changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self._on_clean_changed)
        self._picture: Picture | None = None
        self._path: Path | None = None
        self._title = ""
        self._original: Pixels = _no_pixels()
        self._pixels: Pixels = self._original
        self._mask = MaskBuffer(0, 0)
        self._stroke: Stroke | None = None
        self._alternatives: list[Alternative] = []
        self._applied: list[Alternative] = []
        self._shown: Alternative | None = None
        self._shown_pixels: Pixels | None = None
        self._numbers = 0

    # -- the picture ------------------------------------------------------------------------

    @property
    def has_picture(self) -> bool:
        return self._picture is not None

    @property
    def picture(self) -> "Picture | None":
        """The picture as it was opened, with its metadata."""
        return self._picture

    @property
    def pixels(self) -> Pixels:
        """The current pixels, RGB HxWx3 in the file's own depth; 0x0x3 without a picture."""
        return self._pixels

    @property
    def original(self) -> Pixels:
        """The pixels as they were opened."""
        return self._original

    @property
    def size(self) -> QSize:
        height, width = self._pixels.shape[:2]
        return QSize(width, height)

    @property
    def path(self) -> Path | None:
        return self._path

    @property
    def title(self) -> str:
        return self._title

    @property
    def modified(self) -> bool:
        return not self.undo_stack.isClean()

    @property
    def recipe(self) -> dict[str, object] | None:
        """The recipe of the result that was applied last, or None."""
        return self._applied[-1].recipe if self._applied else None

    def set_picture(
        self, picture: "Picture", path: Path | None = None, title: str | None = None
    ) -> None:
        """Make `picture` the document. Mask, alternatives and history start afresh.

        Raises core.errors.RequestError, with the document untouched, if its pixels are not RGB.
        """
        pixels = frozen(checked_picture(picture.pixels))
        mask = MaskBuffer(*pixels.shape[:2])
        self._start(picture, pixels, mask)
        self._set_path(path, title)

    def close(self) -> None:
        """Let go of the picture and of everything about it."""
        self._start(None, _no_pixels(), MaskBuffer(0, 0))
        self._set_path(None, "")

    def mark_saved(self, path: Path) -> None:
        """To be told after the document was written to `path`."""
        self.undo_stack.setClean()
        self._set_path(path, None)

    def snapshot(self) -> SaveSnapshot:
        """All that writing the picture needs, unchanged by what the user does meanwhile."""
        return SaveSnapshot(self._pixels, self._picture, self.recipe)

    # -- the mask ---------------------------------------------------------------------------

    @property
    def has_mask(self) -> bool:
        """Whether anything is painted. Cheap: only tiles that changed are looked at."""
        return self._mask.any()

    def mask(self) -> Mask | None:
        """A copy of the mask as float32 HxW in [0, 1], 1 = edit; None if nothing is painted."""
        if not self.has_mask:
            return None
        return self._mask.values.astype(np.float32) / np.float32(255)

    def mask_u8(self) -> NDArray[np.uint8]:
        """The live mask, 255 = edit, as a read-only view."""
        view = self._mask.values.view()
        view.flags.writeable = False
        return view

    def set_mask(self, values: NDArray[Any], text: str) -> None:
        """Replace the mask by `values` (float in [0, 1] or uint8, HxW) as one undoable step."""
        if values.shape != self._mask.shape:
            raise ValueError(f"mask of shape {values.shape}, picture of shape {self._mask.shape}")
        if values.dtype != np.uint8:
            values = np.rint(np.clip(values, 0.0, 1.0) * 255).astype(np.uint8)
        self._replace_mask(values, text)

    def clear_mask(self) -> None:
        self._replace_mask(np.zeros_like(self._mask.values), self.tr("Clear mask"))

    def fill_mask(self) -> None:
        self._replace_mask(np.full_like(self._mask.values, 255), self.tr("Mask everything"))

    def invert_mask(self) -> None:
        self._replace_mask(np.bitwise_not(self._mask.values), self.tr("Invert mask"))

    def begin_stroke(self, *, erase: bool = False) -> Stroke:
        """Start a stroke; a stroke that is still running is finished first."""
        self.end_stroke()
        self._stroke = Stroke(self._mask, erase=erase)
        return self._stroke

    def end_stroke(self) -> None:
        """Put the running stroke, if there is one, into the history."""
        stroke, self._stroke = self._stroke, None
        if stroke is None:
            return
        text = self.tr("Erase") if stroke.erase else self.tr("Brush stroke")
        if delta := stroke.finish():
            self.undo_stack.push(MaskCommand(self, delta, text))

    def cancel_stroke(self) -> bool:
        """Take the running stroke back. Returns whether there was one."""
        stroke, self._stroke = self._stroke, None
        if stroke is None:
            return False
        self._tell_mask(stroke.cancel())
        return True

    def stroke_painted(self, rect: QRect) -> None:
        """To be told by the tool after dabs, so that viewers follow."""
        self._tell_mask(rect)

    # -- alternatives -----------------------------------------------------------------------

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        return tuple(self._alternatives)

    @property
    def shown(self) -> Alternative | None:
        """The alternative that is looked at instead of the picture."""
        return self._shown

    @property
    def shown_pixels(self) -> Pixels:
        """What `apply(shown)` would make of the picture; the picture itself if none is shown."""
        if self._shown is None:
            return self._pixels
        if self._shown_pixels is None:
            self._shown_pixels = self._shown.over(self._pixels)
        return self._shown_pixels

    def add_alternative(self, finished: Finished, title: str, show: bool = True) -> Alternative:
        """Keep a result beside the picture and, unless told otherwise, look at it."""
        self._numbers += 1
        alternative = Alternative(self._numbers, title, frozen(finished.picture), finished)
        self._alternatives.append(alternative)
        self.alternatives_changed.emit()
        if show:
            self.show(alternative)
        return alternative

    def delete_alternative(self, alternative: Alternative) -> None:
        """Take a result out of the strip; undo brings it back to its place."""
        index = self._alternatives.index(alternative)
        text = self.tr("Delete {title}").format(title=alternative.title)
        self._remove_alternative(alternative)
        self.undo_stack.push(DeleteAlternativeCommand(self, alternative, index, text))

    def show(self, alternative: Alternative | None) -> None:
        """Look at an alternative, or at the picture again."""
        if alternative is not self._shown:
            self._shown, self._shown_pixels = alternative, None
            self.shown_changed.emit()

    def apply(self, alternative: Alternative) -> None:
        """Make an alternative the picture. It stays in the strip."""
        self.end_stroke()
        self.show(alternative)
        before, after = self._pixels, self.shown_pixels
        self._set_applied(after, add=alternative)
        text = self.tr("Apply {title}").format(title=alternative.title)
        self.undo_stack.push(ApplyCommand(self, alternative, before, text))

    # -- what the history calls -------------------------------------------------------------

    def _swap_mask(self, delta: TileDelta) -> None:
        self.cancel_stroke()
        self._tell_mask(delta.apply(self._mask))

    def _set_applied(
        self, pixels: Pixels, add: Alternative | None = None, remove: Alternative | None = None
    ) -> None:
        if add is not None:
            self._applied.append(add)
        if remove is not None:
            self._applied.remove(remove)
        self._pixels, self._shown_pixels = pixels, None
        self.show(None)
        self.pixels_changed.emit()

    def _insert_alternative(self, index: int, alternative: Alternative) -> None:
        self._alternatives.insert(index, alternative)
        self.alternatives_changed.emit()

    def _remove_alternative(self, alternative: Alternative) -> None:
        self._alternatives.remove(alternative)
        if self._shown is alternative:
            self.show(None)
        self.alternatives_changed.emit()

    # -- inside -----------------------------------------------------------------------------

    def _start(self, picture: "Picture | None", pixels: Pixels, mask: MaskBuffer) -> None:
        if self._stroke is not None:
            self._stroke.active = False
            self._stroke = None
        self._picture = picture
        self._original = self._pixels = pixels
        self._mask = mask
        self._alternatives.clear()
        self._applied.clear()
        self._shown = self._shown_pixels = None
        self._numbers = 0
        self.undo_stack.clear()
        self.picture_changed.emit()
        self.alternatives_changed.emit()

    def _set_path(self, path: Path | None, title: str | None) -> None:
        self._path = path
        if title is None:
            title = path.name if path is not None else self.tr("Untitled")
        self._title = title
        self.title_changed.emit(title)

    def _replace_mask(self, values: NDArray[np.uint8], text: str) -> None:
        self.end_stroke()
        if delta := self._mask.difference(values):
            self._tell_mask(delta.apply(self._mask))
            self.undo_stack.push(MaskCommand(self, delta, text))

    @Slot(bool)
    def _on_clean_changed(self, clean: bool) -> None:
        self.modified_changed.emit(not clean)

    def _tell_mask(self, rect: QRect) -> None:
        if not rect.isEmpty():
            self.mask_changed.emit(rect)


def _no_pixels() -> Pixels:
    return np.zeros((0, 0, 3), np.uint8)
