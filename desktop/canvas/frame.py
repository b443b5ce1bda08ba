"""The frame on the canvas: what is new, what is cut off, and the handles."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from desktop.canvas.viewport import Viewport
from desktop.frame import HANDLES, Frame, Handle
from desktop.qimage import blank

GRAB = 9  # logical pixels on either side of an edge
HANDLE = 11
HATCH = 9
SNAP = 6  # logical pixels within which an edge falls onto the picture's

_CURSORS = {
    (1, 0): Qt.CursorShape.SizeHorCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
}


def cursor_of(handle: Handle) -> Qt.CursorShape:
    """The arrows of the way in which a handle moves."""
    way = (handle.x, handle.y)
    return _CURSORS.get(way) or _CURSORS[-handle.x, -handle.y]


class FrameView:
    """Finds handles under the pointer and draws the frame, in device pixels."""

    def __init__(self, frame: Frame, viewport: Viewport) -> None:
        self.frame = frame
        self.hovered: Handle | None = None
        self.held = False
        self._viewport = viewport
        self._hatch: tuple[float, QBrush] | None = None

    @property
    def rect(self) -> QRectF:
        """The frame where it lies on the screen."""
        return self._on_screen(QRectF(self.frame.rect))

    @property
    def snap(self) -> float:
        """How near an edge must come to the picture's to fall onto it, in the picture's pixels."""
        return SNAP * self._viewport.ratio / self._viewport.zoom

    def place_of(self, handle: Handle) -> QPointF:
        """The middle of a handle."""
        rect = self.rect
        across = (rect.left(), rect.center().x(), rect.right())[handle.x + 1]
        down = (rect.top(), rect.center().y(), rect.bottom())[handle.y + 1]
        return QPointF(across, down)

    def handle_at(self, device: QPointF) -> Handle | None:
        """The corner, or else the edge, that a press here would take."""
        rect, grab = self.rect, GRAB * self._viewport.ratio
        if not rect.adjusted(-grab, -grab, grab, grab).contains(device):
            return None
        x = _nearest(device.x(), rect.left(), rect.right(), grab)
        y = _nearest(device.y(), rect.top(), rect.bottom(), grab)
        return Handle(x, y) if x or y else None

    def draw(self, painter: QPainter, font: QFont, *, covered: bool) -> None:
        """The new area, the cut one, the line, the handles, and while it is dragged its size.

        covered: a result lies over the new area already.
        """
        picture = self._on_screen(QRectF(0, 0, *self.frame.picture.toTuple()))  # type: ignore[call-overload]
        frame = self.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not covered:
            new = _path(frame) - _path(picture)
            painter.fillPath(new, QColor(128, 132, 138, 38))
            painter.setBrushOrigin(QPointF(self._viewport.origin))
            painter.fillPath(new, self._hatched())
            painter.fillPath(_path(picture) - _path(frame), QColor(0, 0, 0, 150))
        self._draw_line(painter, frame)
        for handle in HANDLES:
            self._draw_handle(painter, handle)
        if self.held:
            self._draw_size(painter, font, frame)
        painter.restore()

    def _on_screen(self, rect: QRectF) -> QRectF:
        corner = self._viewport.to_device(rect.topLeft())
        return QRectF(corner, rect.size() * self._viewport.zoom)

    def _draw_line(self, painter: QPainter, frame: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(0, 0, 0, 120), 3.5), (QColor(255, 255, 255), 1.5)):
            painter.setPen(QPen(colour, width * self._viewport.ratio))
            painter.drawRect(frame)

    def _draw_handle(self, painter: QPainter, handle: Handle) -> None:
        """A square on a corner, a bar along an edge; filled dark under the pointer."""
        side = HANDLE * self._viewport.ratio
        long = 2 * side
        width = side if handle.x else long
        height = side if handle.y else long
        middle = self.place_of(handle)
        rect = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
        chosen = handle == self.hovered
        painter.setPen(QPen(QColor(0, 0, 0, 150), 1.25 * self._viewport.ratio))
        painter.setBrush(QColor("#e8714f") if chosen else QColor(255, 255, 255))
        painter.drawRoundedRect(rect, side / 4, side / 4)

    def _draw_size(self, painter: QPainter, font: QFont, frame: QRectF) -> None:
        ratio = self._viewport.ratio
        scaled = QFont(font)
        scaled.setPixelSize(round(12 * ratio))
        scaled.setWeight(QFont.Weight.DemiBold)
        painter.setFont(scaled)
        size = self.frame.rect.size()
        text = f"{size.width()} × {size.height()}"
        metrics = QFontMetricsF(scaled)
        pill = QRectF(0, 0, metrics.horizontalAdvance(text) + 22 * ratio, 26 * ratio)
        pill.moveCenter(frame.center())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(18, 19, 22, 215))
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        painter.setPen(QColor(255, 255, 255))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)

    def _hatched(self) -> QBrush:
        ratio = self._viewport.ratio
        if self._hatch is None or self._hatch[0] != ratio:
            period = round(HATCH * ratio)
            tile = blank(period, period)
            painter = QPainter(tile)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(150, 154, 160, 70), ratio))
            for shift in (-period, 0, period):
                painter.drawLine(shift - 1, period + 1, shift + period + 1, -1)
            painter.end()
            self._hatch = (ratio, QBrush(tile))
        return self._hatch[1]


def _nearest(place: float, low: float, high: float, grab: float) -> int:
    """-1 near `low`, 1 near `high`, 0 near neither; the nearer one where both are."""
    to_low, to_high = abs(place - low), abs(place - high)
    if min(to_low, to_high) > grab:
        return 0
    return -1 if to_low <= to_high else 1


def _path(rect: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addRect(rect)
    return path
