"""The polygon: a corner for each click; closed by a double click, Enter, or at its first corner."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QPainter, QPen

from desktop.canvas.tools.outline import LINES, OutlineTool
from desktop.canvas.tools.tool import PointerEvent, ToolKind

NEAR = 7.0  # logical pixels from a corner that count as on it
CORNER = 3.5  # logical pixels; half the square at the first corner


class PolygonTool(OutlineTool):
    kind = ToolKind.POLYGON
    closed = False

    def title(self) -> str:
        return QCoreApplication.translate("Canvas", "Polygon")

    @property
    def holds(self) -> bool:
        return bool(self.points)

    def outline(self, event: PointerEvent) -> Sequence[QPointF]:
        return [*self.points, event.point]

    def press(self, event: PointerEvent) -> None:
        if not self.points:
            self.start(event)
        elif self._near(event, self.points[-1]) or (
            len(self.points) > 2 and self._near(event, self.points[0])
        ):
            self.finish()
        else:
            self.points.append(event.point)

    def release(self, event: PointerEvent) -> None:
        """A corner that was dragged lies where it was let go."""
        if self.points and not self._near(event, self.points[-1]):
            self.points.append(event.point)

    def finish(self) -> None:
        points, self.points = self.points, []
        self.enclose(points)

    def step_back(self) -> None:
        self.points.pop()

    def draw(self, painter: QPainter, event: PointerEvent) -> None:
        super().draw(painter, event)
        if not self.points:
            return
        ratio = self.canvas.viewport.ratio
        first = self.canvas.viewport.to_device(self.points[0])
        arm = CORNER * ratio * (1.5 if self._closes(event) else 1.0)
        for colour, width in LINES:
            painter.setPen(QPen(colour, width * ratio))
            painter.drawRect(round(first.x() - arm), round(first.y() - arm), *2 * [round(2 * arm)])

    def _closes(self, event: PointerEvent) -> bool:
        return len(self.points) > 2 and self._near(event, self.points[0])

    def _near(self, event: PointerEvent, corner: QPointF) -> bool:
        viewport = self.canvas.viewport
        away = viewport.to_device(corner) - event.device
        return away.manhattanLength() <= NEAR * viewport.ratio
