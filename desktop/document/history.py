"""The undoable steps of a document. Each is pushed after it has been done."""

import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

from desktop.document.alternative import Alternative
from desktop.document.mask import MaskBuffer, TileDelta
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


class MaskCommand(DoneCommand):
    """Any change of the mask, as the tiles that differ."""

    def __init__(self, document: "Document", delta: TileDelta, text: str) -> None:
        super().__init__(document, text)
        self.delta = delta

    def undo(self) -> None:
        self._document._swap_mask(self.delta)

    def redo_again(self) -> None:
        self._document._swap_mask(self.delta)


class StackCommand(DoneCommand):
    """Any change of the layers: from one stack to another, and to another mask's memory with it.

    merge: steps of the same name that follow each other, as a slider makes them, become one.
    """

    def __init__(
        self, document: "Document", before: State, after: State, text: str, merge: str = ""
    ) -> None:
        super().__init__(document, text)
        self.before, self.after = before, after
        self._merge = merge

    def undo(self) -> None:
        self._document._set_state(self.before)

    def redo_again(self) -> None:
        self._document._set_state(self.after)

    def id(self) -> int:
        return MERGES if self._merge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, StackCommand) or other._merge != self._merge:
            return False
        self.after = other.after
        return True


class DeleteAlternativeCommand(DoneCommand):
    """An alternative left the results strip."""

    def __init__(
        self, document: "Document", alternative: Alternative, index: int, text: str
    ) -> None:
        super().__init__(document, text)
        self._alternative = alternative
        self._index = index

    def undo(self) -> None:
        self._document._insert_alternative(self._index, self._alternative)

    def redo_again(self) -> None:
        self._document._remove_alternative(self._alternative)
