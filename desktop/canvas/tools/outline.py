"""What the tools have in common that draw an outline: its line, its sign, and what it encloses."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform

from core.imaging.outline import enclosed
from core.imaging.selection import How
from desktop.canvas.tools.options import SelectionWish, how_for
from desktop.canvas.tools.tool import Canvas, PointerEvent, Tool
from desktop.document.selection import select

LINES = ((QColor(0, 0, 0, 170), 3.0), (QColor(255, 255, 255, 235), 1.25))
"""Dark around light, so that a line shows on any picture; widths in logical pixels."""

AT_ONCE = 2**22
"""Pixels in an outline's box that are filled within the time of two frames; more take longer."""

SIGN_AT, SIGN_ARM = QPointF(13, 13), 4.0  # logical pixels from the pointer, and from the middle


class OutlineTool(Tool):
    """From the press on, `points` grow; what they enclose joins the selection."""

    paints = True
    closed = True

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.points: list[QPointF] = []
        self._how = How.ADD

    def title(self) -> str:
        """What the history calls it."""
        raise NotImplementedError

    def outline(self, event: PointerEvent) -> Sequence[QPointF]:
        """The line in picture pixels, as it would be if the pointer let go here."""
        return self.points

    def start(self, event: PointerEvent) -> bool:
        """Begin an outline at the pointer. Returns False if there is no picture."""
        if not self.canvas.document.has_picture:
            return False
        self._how = how_for(event.modifiers, self.canvas.selection.how)
        self.points = [event.point]
        return True

    def release(self, event: PointerEvent) -> None:
        if self.points:
            outline = self.outline(event)
            self.points = []
            self.enclose(outline)

    def enclose(self, outline: Sequence[QPointF]) -> None:
        """Select what is inside. An outline around nothing, a click, changes nothing."""
        document = self.canvas.document
        size = document.size.height(), document.size.width()
        points = [(point.x(), point.y()) for point in outline]
        box = QPolygonF(outline).boundingRect()
        if min(box.width(), size[1]) * min(box.height(), size[0]) > AT_ONCE:
            wish = SelectionWish(self.title(), lambda _: enclosed(points, size), self._how)
            self.canvas.want_selection(wish)
        elif patch := enclosed(points, size):
            select(document, patch, self._how, self.title())

    def cancel(self) -> bool:
        was_there, self.points = bool(self.points), []
        return was_there

    def forget(self) -> None:
        self.points = []

    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.CrossCursor

    def footprint(self, event: PointerEvent) -> QRect:
        ratio = self.canvas.viewport.ratio
        around = round(20 * ratio)
        rect = QRect(event.device.toPoint(), event.device.toPoint())
        if self.points:
            rect = rect.united(self._on_screen(event).boundingRect().toAlignedRect())
        return rect.adjusted(-around, -around, around, around)

    def draw(self, painter: QPainter, event: PointerEvent) -> None:
        ratio = self.canvas.viewport.ratio
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        line = self._on_screen(event)
        how = self._how if self.points else how_for(event.modifiers, self.canvas.selection.how)
        for colour, width in LINES:
            painter.setPen(QPen(colour, width * ratio))
            if self.points and self.closed:
                painter.drawPolygon(line)
            elif self.points:
                painter.drawPolyline(line)
        draw_sign(painter, event.device, how, ratio)

    def _on_screen(self, event: PointerEvent) -> QPolygonF:
        # One map of all points: a long lasso has thousands, and is drawn with every move.
        viewport = self.canvas.viewport
        to_device = QTransform.fromTranslate(viewport.origin.x(), viewport.origin.y())
        return to_device.scale(viewport.zoom, viewport.zoom).map(QPolygonF(self.outline(event)))


def draw_sign(painter: QPainter, pointer: QPointF, how: How, ratio: float) -> None:
    """What a press does to the selection, beside the pointer: +, -, x, or nothing."""
    arms = {
        How.ADD: ((1, 0), (0, 1)),
        How.SUBTRACT: ((1, 0),),
        How.INTERSECT: ((0.75, 0.75), (0.75, -0.75)),
    }
    middle = pointer + SIGN_AT * ratio
    for colour, width in LINES:
        painter.setPen(QPen(colour, width * ratio))
        for x, y in arms.get(how, ()):
            arm = QPointF(x, y) * SIGN_ARM * ratio
            painter.drawLine(middle - arm, middle + arm)
