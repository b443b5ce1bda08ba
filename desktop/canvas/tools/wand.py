"""The magic wand: selects what has nearly the colour that is clicked at."""

import math
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QPointF, QRect, Qt
from PySide6.QtGui import QPainter

from core.imaging.colour_wand import of_colour
from core.imaging.selection import Patch
from desktop.canvas.tools.options import SelectionWish, how_for
from desktop.canvas.tools.outline import draw_sign
from desktop.canvas.tools.tool import Canvas, PointerEvent, Tool, ToolKind
from desktop.document.selection import looked_at


class WandTool(Tool):
    kind = ToolKind.WAND
    paints = True

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._pressed: QPointF | None = None

    def press(self, event: PointerEvent) -> None:
        self._pressed = event.point

    def release(self, event: PointerEvent) -> None:
        point, self._pressed = self._pressed, None
        pixels = looked_at(self.canvas.document)
        height, width = pixels.shape[:2]
        if point is None:
            return
        row, column = math.floor(point.y()), math.floor(point.x())
        if not (0 <= row < height and 0 <= column < width):
            return
        options = self.canvas.selection

        def find(_: Callable[[], bool]) -> Patch:
            return of_colour(pixels, row, column, options.tolerance, connected=options.connected)

        title = QCoreApplication.translate("Canvas", "Magic wand")
        how = how_for(event.modifiers, options.how)
        self.canvas.want_selection(SelectionWish(title, find, how))

    def cancel(self) -> bool:
        held, self._pressed = self._pressed is not None, None
        return held

    def forget(self) -> None:
        self._pressed = None

    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.CrossCursor

    def footprint(self, event: PointerEvent) -> QRect:
        around = round(20 * self.canvas.viewport.ratio)
        place = event.device.toPoint()
        return QRect(place, place).adjusted(-around, -around, around, around)

    def draw(self, painter: QPainter, event: PointerEvent) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        how = how_for(event.modifiers, self.canvas.selection.how)
        draw_sign(painter, event.device, how, self.canvas.viewport.ratio)
