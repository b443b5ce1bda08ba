"""The undoable steps of a document. Each is pushed after it has been done."""

import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

from desktop.document.alternative import Alternative
from desktop.document.mask import MaskBuffer, TileDelta
from desktop.document.paint import PaintDelta
from desktop.document.raster import Raster
from desktop.document.stack import Stack

if TYPE_CHECKING:
    from desktop.document.document import Document

MERGES = 1  # the id of commands that Qt asks to merge


@dataclass(frozen=True, eq=False)
class State:
    """The layers, and the mask's memory: another one where the picture has another size."""

    stack: Stack
    mask: MaskBuffer


class DoneCommand(QUndoCommand):
    """A step that has been carried out already: the stack's first redo is left out.

    It knows its document weakly: the document owns the stack, and the stack this command. A
    strong reference would close a circle that Python cannot take apart in the order Qt needs.
    """

    def __init__(self, document: "Document", text: str) -> None:
        super().__init__(text)
        self._weak_document = weakref.ref(document)
        self._pushed = False

    @property
    def _document(self) -> "Document":
        document = self._weak_document()
        assert document is not None, "a command outlived its document"
        return document

    def redo(self) -> None:
        if self._pushed:
            self.redo_again()
        self._pushed = True

    def redo_again(self) -> None:
        raise NotImplementedError

    # -- memory: a step that holds nothing need not say anything --------------------------------

    def own_bytes(self, in_use: set[int]) -> int:
        """Bytes that only this step holds; `in_use` are ids of arrays that the document holds."""
        return 0

    def rasters(self) -> Iterator[Raster]:
        """The layers' pixels that it leads to, in either direction."""
        return iter(())

    @property
    def busy(self) -> bool:
        """Whether it is still being compressed."""
        return False

    def wait_packed(self) -> None:
        """Block until it is compressed (for measurements)."""

    def drop(self) -> None:
        """Let go of everything: it will be neither undone nor redone."""


class StrokeCommand(DoneCommand):
    """Any change of the mask, or a stroke on a paint layer, as the tiles that differ."""

    def __init__(self, document: "Document", delta: TileDelta | PaintDelta, text: str) -> None:
        super().__init__(document, text)
        self.delta = delta

    def own_bytes(self, in_use: set[int]) -> int:
        return self.delta.stored_bytes

    @property
    def busy(self) -> bool:
        return self.delta.busy

    def wait_packed(self) -> None:
        self.delta.wait_compressed()

    def drop(self) -> None:
        self.delta = TileDelta({})

    def undo(self) -> None:
        self._document._swap_tiles(self.delta)

    def redo_again(self) -> None:
        self._document._swap_tiles(self.delta)


class StackCommand(DoneCommand):
    """Any change of the layers: from one stack to another, and to another mask's memory with it.

    merge: steps of the same name that follow each other, as a slider makes them, become one.
    """

    def __init__(
        self, document: "Document", before: State, after: State, text: str, merge: str = ""
    ) -> None:
        super().__init__(document, text)
        self._states: tuple[State, ...] = before, after
        self._merge = merge

    def own_bytes(self, in_use: set[int]) -> int:
        masks = {id(state.mask.values): state.mask.values.nbytes for state in self._states}
        return sum(size for mask, size in masks.items() if mask not in in_use)

    def rasters(self) -> Iterator[Raster]:
        for state in self._states:
            yield from (layer.raster for layer in state.stack.layers)
            if state.stack.original is not None:
                yield state.stack.original.raster

    def drop(self) -> None:
        self._states = ()

    def undo(self) -> None:
        self._document._set_state(self._states[0])

    def redo_again(self) -> None:
        self._document._set_state(self._states[1])

    def id(self) -> int:
        return MERGES if self._merge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, StackCommand) or other._merge != self._merge:
            return False
        self._states = self._states[0], other._states[1]
        return True


class DeleteAlternativeCommand(DoneCommand):
    """An alternative left the results strip."""

    def __init__(
        self, document: "Document", alternative: Alternative, index: int, text: str
    ) -> None:
        super().__init__(document, text)
        self._alternative: Alternative | None = alternative
        self._index = index

    def own_bytes(self, in_use: set[int]) -> int:
        pixels = None if self._alternative is None else self._alternative.pixels
        return 0 if pixels is None or id(pixels) in in_use else pixels.nbytes

    def drop(self) -> None:
        self._alternative = None

    def undo(self) -> None:
        assert self._alternative is not None
        self._document._insert_alternative(self._index, self._alternative)

    def redo_again(self) -> None:
        assert self._alternative is not None
        self._document._remove_alternative(self._alternative)
