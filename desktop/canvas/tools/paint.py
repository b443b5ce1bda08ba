"""The colour brush: paints on the active paint layer, or on a new one. Alt picks a colour."""

import math

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor

from desktop.canvas.tools.brush import BrushTool
from desktop.canvas.tools.tool import Canvas, PointerEvent, ToolKind
from desktop.document.document import Document
from desktop.document.paint import PaintStroke
from desktop.qimage import from_screen, to_screen


class PaintTool(BrushTool):
    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas, erase=False)
        self.kind = ToolKind.PAINT
        self._picking = False

    @property
    def marks_mask(self) -> bool:
        return False

    def press(self, event: PointerEvent) -> None:
        self._picking = bool(event.modifiers & Qt.KeyboardModifier.AltModifier)
        if self._picking:
            self._pick(event)
        else:
            super().press(event)

    def move(self, event: PointerEvent) -> None:
        if self._picking:
            self._pick(event)
        else:
            super().move(event)

    def release(self, event: PointerEvent) -> None:
        self._picking = False
        super().release(event)

    def _begin(self) -> PaintStroke | None:
        document = self.canvas.document
        return document.strokes.paint(colour_in(document, self.canvas.paint_colour))

    def _pick(self, event: PointerEvent) -> None:
        x, y = math.floor(event.point.x()), math.floor(event.point.y())
        colour = colour_at(self.canvas.document, x, y)
        if colour is not None:
            self.canvas.set_paint_colour(colour)


def colour_in(document: Document, colour: QColor) -> tuple[int, int, int]:
    """A colour of the screen as red, green, blue in the picture's depth and profile."""
    picture = document.picture
    transform = from_screen(None if picture is None else picture.icc)
    if transform is not None:
        colour = transform.map(colour)
    if document.dtype.itemsize == 2:
        deep = colour.rgba64()
        return deep.red(), deep.green(), deep.blue()
    return colour.red(), colour.green(), colour.blue()


def colour_at(document: Document, x: int, y: int) -> QColor | None:
    """How a pixel of the picture looks on the screen; None outside the picture."""
    place = QRect(x, y, 1, 1)
    if not document.stack.rect.contains(place):
        return None
    pixels, _ = document.stack.composite(place)
    red, green, blue = pixels[0, 0].tolist()
    if document.dtype.itemsize == 2:
        colour = QColor.fromRgba64(red, green, blue)
    else:
        colour = QColor(red, green, blue)
    picture = document.picture
    transform = to_screen(None if picture is None else picture.icc)
    return colour if transform is None else transform.map(colour)
