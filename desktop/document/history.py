"""The undoable steps of a document. Each is pushed after it has been done."""

import weakref
from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

from desktop.document.alternative import Alternative
from desktop.document.mask import TileDelta

if TYPE_CHECKING:
    from core.request import Pixels
    from desktop.document.document import Document


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


class ApplyCommand(DoneCommand):
    """An alternative became the picture. Holds references to both, no copies."""

    def __init__(
        self, document: "Document", alternative: Alternative, before: "Pixels", text: str
    ) -> None:
        super().__init__(document, text)
        self._alternative = alternative
        self._before = before
        self._after = document.pixels

    def undo(self) -> None:
        self._document._set_applied(self._before, remove=self._alternative)

    def redo_again(self) -> None:
        self._document._set_applied(self._after, add=self._alternative)


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
