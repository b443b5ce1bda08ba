"""`Document`: the open picture, its mask, the results not yet applied, and the undo stack."""

import weakref
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPoint, QRect, QSize, Signal, Slot

from core.events import Finished
from core.imaging.layering import Alpha
from core.request import Mask, Pixels, checked_picture
from desktop.document.alternative import Alternative, frozen
from desktop.document.files import SaveSnapshot
from desktop.document.flattened import Flattened
from desktop.document.history import (
    DeleteAlternativeCommand,
    StackCommand,
    State,
    StrokeCommand,
)
from desktop.document.layers import Layers
from desktop.document.mask import MaskBuffer, TileDelta
from desktop.document.paint import PaintDelta
from desktop.document.raster import ArrayRaster
from desktop.document.stack import Layer, LayerKind, Stack
from desktop.document.staged import Staged
from desktop.document.strokes import Strokes
from desktop.document.undo import InUse, UndoStack

if TYPE_CHECKING:
    from core.imaging.image import Picture


class Document(QObject):
    """One open picture. All methods belong to the UI thread; arrays handed out are read-only.

    Everything that changes the layers, the mask or the list of alternatives can be undone through
    `undo_stack`, which also takes the commands of others (prompts). `layers` edits the layers,
    `strokes` draws on them and on the mask.
    """

    picture_changed = Signal()
    """Another picture was opened or closed: everything is different."""
    pixels_changed = Signal(QRect)
    """The picture looks different in this rectangle."""
    size_changed = Signal()
    """The picture was extended, cropped or made larger; `pixels_changed` follows."""
    mask_changed = Signal(QRect)
    alternatives_changed = Signal()
    shown_changed = Signal()
    modified_changed = Signal(bool)
    title_changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        weak = weakref.ref(self)
        self.undo_stack = UndoStack(self, lambda: InUse.of(weak()))
        self.undo_stack.cleanChanged.connect(self._on_clean_changed)
        self._picture: Picture | None = None
        self._path: Path | None = None
        self._title = ""
        self._stack = Stack(QSize(0, 0))
        self._flattened = Flattened(self._stack)
        self._mask = MaskBuffer(0, 0)
        self.layers = Layers(self)
        self.strokes = Strokes(self)
        self._alternatives: list[Alternative] = []
        self._shown: Alternative | None = None
        self._staged: Staged | None = None
        self._original_as: tuple[Layer, Pixels, Alpha | None] | None = None
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
    def stack(self) -> Stack:
        """The layers as they are. `stack.frozen()` may be given to another thread."""
        return self._stack

    @property
    def pixels(self) -> Pixels:
        """How all layers look together: RGB HxWx3 in the file's own depth; 0x0x3 without a picture.

        What is asked for once stays as it is; `size` and `dtype` are told without making it.
        """
        return self._flattened.pixels

    @property
    def alpha(self) -> Alpha | None:
        """The alpha that goes with `pixels`, HxW, or None where nothing is transparent."""
        return self._flattened.alpha

    @property
    def original(self) -> Pixels:
        """The pixels as they were opened, at the place and in the size that they have now."""
        return self._original()[0]

    @property
    def original_alpha(self) -> Alpha | None:
        return self._original()[1]

    @property
    def size(self) -> QSize:
        return self._stack.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """uint8 or uint16."""
        return self._stack.dtype

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
        """The recipe of the uppermost result that is in the picture, or None."""
        recipes = [one.recipe for one in self._stack.layers if one.visible]
        return next((recipe for recipe in reversed(recipes) if recipe is not None), None)

    def set_picture(
        self,
        picture: "Picture",
        path: Path | None = None,
        title: str | None = None,
        layers: Sequence[Layer] = (),
    ) -> None:
        """Make `picture` the document. Mask, alternatives and history start afresh.

        layers: what the picture consists of, from the bottom up; without, it is one layer itself.
        Raises core.errors.RequestError, with the document untouched, if its pixels are not RGB.
        """
        pixels = frozen(checked_picture(picture.pixels))
        raster = ArrayRaster(pixels, picture.alpha)
        bottom = Layer(self.tr("Picture"), LayerKind.PICTURE, raster)
        size = QSize(pixels.shape[1], pixels.shape[0])
        self.set_stack(
            picture, Stack(size, tuple(layers) or (bottom,), original=bottom), path, title
        )

    def set_stack(
        self, picture: "Picture", stack: Stack, path: Path | None, title: str | None
    ) -> None:
        """Make `stack` the document; `picture` has the metadata that it carries on."""
        self._start(picture, stack)
        self._set_path(path, title)

    def close(self) -> None:
        """Let go of the picture and of everything about it."""
        self._start(None, Stack(QSize(0, 0)))
        self._set_path(None, "")

    def mark_saved(self, path: Path) -> None:
        """To be told after the document was written to `path`."""
        self.undo_stack.setClean()
        self._set_path(path, None)

    def snapshot(self) -> SaveSnapshot:
        """All that writing the picture needs, unchanged by what the user does meanwhile."""
        picture = self._picture
        like = None if picture is None else replace(picture, alpha=self.alpha)
        return SaveSnapshot(self.pixels, like, self.recipe)

    # -- the layers -------------------------------------------------------------------------

    def change_stack(self, stack: Stack, text: str, merge: str = "") -> None:
        """Make `stack` the layers, as one undoable step; the mask follows another size.

        merge: as for `StackCommand`. For placing the mask a stack of another size is taken for a
        resampled one; `resize_canvas` tells where the picture lies in a larger or smaller one.
        """
        self._change(stack, None, text, merge)

    def resize_canvas(self, size: QSize, offset: QPoint, text: str) -> None:
        """Give the picture another size, its corner at `offset` of the new one, as one step.

        Nothing is lost: what lies outside comes into sight again when the picture is extended.
        """
        self._change(self._stack.extended(size, offset), offset, text)

    def _change(
        self,
        stack: Stack,
        offset: QPoint | None,
        text: str,
        merge: str = "",
        look: tuple[Pixels, Alpha | None] | None = None,
    ) -> None:
        """offset: where the mask lies in another size. look: how `stack` looks, if it is known."""
        self.strokes.end()
        mask = self._mask if stack.size == self.size else self._mask.placed(stack.size, offset)
        before, after = State(self._stack, self._mask), State(stack, mask)
        self._set_state(after, look)
        self.undo_stack.push(StackCommand(self, before, after, text, merge))

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

    @property
    def mask_buffer(self) -> MaskBuffer:
        """The mask's memory itself, for strokes."""
        return self._mask

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

    # -- what strokes tell -------------------------------------------------------------------

    def mask_painted(self, rect: QRect) -> None:
        """To be told of what was painted on the mask, so that viewers follow."""
        if not rect.isEmpty():
            self.mask_changed.emit(rect)

    def layers_painted(self, rect: QRect) -> None:
        """To be told of what was painted on a layer."""
        rect = rect & self._stack.rect
        if not rect.isEmpty():
            self._flattened.change(self._stack, rect)
            self.pixels_changed.emit(rect)

    # -- alternatives -----------------------------------------------------------------------

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        return tuple(self._alternatives)

    @property
    def shown(self) -> Alternative | None:
        """The alternative that is looked at instead of the picture."""
        return self._shown

    @property
    def staged(self) -> Staged | None:
        """The shown alternative as it would be applied."""
        if self._shown is not None and self._staged is None:
            self._staged = Staged(self._shown, self._stack, self._flattened)
        return self._staged

    @property
    def shown_pixels(self) -> Pixels:
        """What `apply(shown)` would make of the picture; the picture itself if none is shown."""
        return self.pixels if self.staged is None else self.staged.look[0]

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
            self._shown, self._staged = alternative, None
            self.shown_changed.emit()

    def apply(self, alternative: Alternative) -> None:
        """Make an alternative a layer of the picture, on top. It stays in the strip."""
        self.strokes.end()
        self.show(alternative)
        staged = self.staged
        assert staged is not None
        text = self.tr("Apply {title}").format(title=alternative.title)
        offset = alternative.finished.offset
        place = None if offset is None else QPoint(*offset)
        self._change(staged.stack, place, text, look=staged.look)
        self.layers.set_active(staged.stack.layers[-1].id)

    # -- what the history calls -------------------------------------------------------------

    def _swap_tiles(self, delta: TileDelta | PaintDelta) -> None:
        self.strokes.cancel()
        if isinstance(delta, TileDelta):
            self.mask_painted(delta.apply(self._mask))
        else:
            self.show(None)
            self.layers_painted(delta.apply(self._stack.layer(delta.layer_id)))

    def _set_state(self, state: State, look: tuple[Pixels, Alpha | None] | None = None) -> None:
        self.strokes.cancel()
        before, self._stack = self._stack, state.stack
        resized = state.stack.size != before.size
        dirty = state.stack.rect if resized else state.stack.difference(before)
        self._mask = state.mask
        self._staged = None
        self._flattened.change(state.stack, dirty)
        if look is not None:
            self._flattened.put(*look)
        self.show(None)
        self.layers.changed.emit()
        if resized:
            self.size_changed.emit()
        if not dirty.isEmpty():
            self.pixels_changed.emit(dirty)

    def _insert_alternative(self, index: int, alternative: Alternative) -> None:
        self._alternatives.insert(index, alternative)
        self.alternatives_changed.emit()

    def _remove_alternative(self, alternative: Alternative) -> None:
        self._alternatives.remove(alternative)
        if self._shown is alternative:
            self.show(None)
        self.alternatives_changed.emit()

    # -- inside -----------------------------------------------------------------------------

    def _original(self) -> tuple[Pixels, Alpha | None]:
        original = self._stack.original
        if original is None:
            return self.pixels, self.alpha
        if self._original_as is None or self._original_as[0] is not original:
            alone = Flattened(Stack(self.size, (original,)))
            self._original_as = original, alone.pixels, alone.alpha
        return self._original_as[1:]

    def _start(self, picture: "Picture | None", stack: Stack) -> None:
        self.strokes.forget()
        self._picture = picture
        self._stack = stack
        self._flattened = Flattened(stack)
        self._mask = MaskBuffer(stack.size.height(), stack.size.width())
        self._alternatives.clear()
        self._shown = self._staged = self._original_as = None
        self._numbers = 0
        self.undo_stack.clear()
        self.picture_changed.emit()
        self.layers.changed.emit()
        self.alternatives_changed.emit()

    def _set_path(self, path: Path | None, title: str | None) -> None:
        self._path = path
        if title is None:
            title = path.name if path is not None else self.tr("Untitled")
        self._title = title
        self.title_changed.emit(title)

    def _replace_mask(self, values: NDArray[np.uint8], text: str) -> None:
        self.strokes.end()
        if delta := self._mask.difference(values):
            self.mask_painted(delta.apply(self._mask))
            self.undo_stack.push(StrokeCommand(self, delta, text))

    @Slot(bool)
    def _on_clean_changed(self, clean: bool) -> None:
        self.modified_changed.emit(not clean)
