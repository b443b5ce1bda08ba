"""`Strokes`: the stroke that is being drawn, on the mask or in colour; one step once it ends."""

import weakref
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRect

from desktop.document.history import StrokeCommand
from desktop.document.paint import PaintStroke
from desktop.document.stroke import Stroke

if TYPE_CHECKING:
    from desktop.document.document import Document


class Strokes:
    """At most one stroke runs; whatever else changes the document ends it first."""

    def __init__(self, document: "Document") -> None:
        self._weak_document = weakref.ref(document)
        self._running: Stroke | PaintStroke | None = None

    @property
    def _document(self) -> "Document":
        document = self._weak_document()
        assert document is not None, "a stroke outlived its document"
        return document

    @property
    def running(self) -> Stroke | PaintStroke | None:
        return self._running

    def begin(self, *, erase: bool = False) -> Stroke:
        """Start a stroke on the mask; a stroke that is still running is finished first."""
        self.end()
        self._running = stroke = Stroke(self._document.mask_buffer, erase=erase)
        return stroke

    def paint(self, colour: tuple[int, int, int] | None) -> PaintStroke | None:
        """Start a stroke of colour, in the picture's depth, on the active paint layer or a new one.

        None for a colour erases; there must then be a paint layer to erase from.
        """
        document = self._document
        self.end()
        document.show(None)
        layer = document.layers.ready_for_paint(erase=colour is None)
        if layer is None:
            return None
        self._running = stroke = PaintStroke(layer, document.stack.rect, colour)
        return stroke

    def end(self) -> None:
        """Put the running stroke, if there is one, into the history."""
        stroke, self._running = self._running, None
        if stroke is None:
            return
        said = QCoreApplication.translate
        text = said("Document", "Erase") if stroke.erase else said("Document", "Brush stroke")
        if delta := stroke.finish():
            self._document.undo_stack.push(StrokeCommand(self._document, delta, text))

    def cancel(self) -> bool:
        """Take the running stroke back. Returns whether there was one."""
        stroke, self._running = self._running, None
        if stroke is None:
            return False
        self._tell(stroke, stroke.cancel())
        return True

    def forget(self) -> None:
        """Let the running stroke go with the picture that it was on."""
        if self._running is not None:
            self._running.active = False
            self._running = None

    def painted(self, rect: QRect) -> None:
        """To be told by the tool after dabs, so that viewers follow."""
        if self._running is not None:
            self._tell(self._running, rect)

    def _tell(self, stroke: Stroke | PaintStroke, rect: QRect) -> None:
        if isinstance(stroke, PaintStroke):
            self._document.layers_painted(rect)
        else:
            self._document.mask_painted(rect)
