"""The divider between before and after: where it is, how it is grabbed, how it looks."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from desktop.canvas.viewport import Viewport

GRAB = 9  # logical pixels on either side of the line
HANDLE = 15
LABEL_INSET = 12


class Divider:
    """`position` is the share, 0 to 1, of the visible width of the picture: always in reach."""

    def __init__(self, viewport: Viewport) -> None:
        self._viewport = viewport
        self.position = 0.5
        self.held = False

    @property
    def x(self) -> int:
        """The line's place in device pixels: the first column that shows "after"."""
        visible = self._viewport.visible_rect
        return visible.left() + round(visible.width() * self.position)

    def move_to(self, x: float) -> None:
        visible = self._viewport.visible_rect
        if visible.width() > 0:
            self.position = min(1.0, max(0.0, (x - visible.left()) / visible.width()))

    def nudge(self, share: float) -> None:
        self.position = min(1.0, max(0.0, self.position + share))

    def is_at(self, device: QPointF) -> bool:
        visible = self._viewport.visible_rect
        near = abs(device.x() - self.x) <= GRAB * self._viewport.ratio
        return near and visible.top() <= device.y() <= visible.bottom() + 1

    def draw(self, painter: QPainter, font: QFont, before: str, after: str) -> None:
        """The line, its handle and the two names, in device pixels."""
        visible = self._viewport.visible_rect
        if visible.isEmpty():
            return
        ratio, x = self._viewport.ratio, float(self.x)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top, bottom = QPointF(x, visible.top()), QPointF(x, visible.bottom() + 1)
        for colour, width in ((QColor(0, 0, 0, 110), 4.0), (QColor(255, 255, 255), 1.75)):
            pen = QPen(colour, width * ratio)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLine(top, bottom)
        self._draw_handle(painter, QPointF(x, visible.center().y()), ratio)
        self._draw_labels(painter, font, before, after, visible)
        painter.restore()

    def _draw_handle(self, painter: QPainter, centre: QPointF, ratio: float) -> None:
        radius = HANDLE * ratio
        painter.setPen(QPen(QColor(0, 0, 0, 90), 1.5 * ratio))
        painter.setBrush(QColor(255, 255, 255))
        painter.drawEllipse(centre, radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(40, 42, 46))
        for side in (-1, 1):
            tip, back, half = side * radius * 0.62, side * radius * 0.22, radius * 0.32
            painter.drawPolygon(
                QPolygonF(
                    [
                        centre + QPointF(tip, 0),
                        centre + QPointF(back, -half),
                        centre + QPointF(back, half),
                    ]
                )
            )

    def _draw_labels(
        self, painter: QPainter, font: QFont, before: str, after: str, visible: QRect
    ) -> None:
        """A name at the top of each half, left out where the half is too narrow for it."""
        ratio = self._viewport.ratio
        scaled = QFont(font)
        scaled.setPixelSize(max(1, round(12 * ratio)))
        scaled.setWeight(QFont.Weight.DemiBold)
        painter.setFont(scaled)
        metrics = QFontMetricsF(scaled)
        inset, height = LABEL_INSET * ratio, metrics.height() + 8 * ratio
        for text, on_left in ((before, True), (after, False)):
            width = metrics.horizontalAdvance(text) + 20 * ratio
            left = visible.left() + inset if on_left else visible.right() + 1 - inset - width
            pill = QRectF(left, visible.top() + inset, width, height)
            room = pill.right() + inset <= self.x if on_left else self.x <= pill.left() - inset
            if not room or height > visible.height() / 2:
                continue
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(18, 19, 22, 205))
            painter.drawRoundedRect(pill, height / 2, height / 2)
            painter.setPen(QColor(255, 255, 255))
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
