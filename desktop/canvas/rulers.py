"""Rulers above and left of the canvas, in picture pixels, with a mark where the pointer is."""

import math

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.canvas.view import CanvasView
from desktop.keys import keyed
from desktop.theme import current_theme

THICKNESS = 20
LABEL_ROOM = 64  # logical pixels between numbers, at least
TICK_ROOM = 6


class RuledCanvas(QWidget):
    """A canvas with its rulers, which can be put away."""

    def __init__(self, canvas: CanvasView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rulers = tuple(Ruler(canvas, way, self) for way in Qt.Orientation)
        across, down = self.rulers
        self._corner = QWidget()
        self._corner.setObjectName("rulerCorner")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self._corner, 0, 0)
        grid.addWidget(across, 0, 1)
        grid.addWidget(down, 1, 0)
        grid.addWidget(canvas, 1, 1)
        self.set_rulers_visible(False)

    def set_rulers_visible(self, on: bool) -> None:
        for widget in (*self.rulers, self._corner):
            widget.setVisible(on)


class Ruler(QWidget):
    """One ruler; it follows the canvas."""

    def __init__(self, canvas: CanvasView, orientation: Qt.Orientation, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._across = orientation is Qt.Orientation.Horizontal
        self._mark: int | None = None  # the pixel under the pointer
        if self._across:
            self.setFixedHeight(THICKNESS)
        else:
            self.setFixedWidth(THICKNESS)
        name = self.tr("Horizontal ruler") if self._across else self.tr("Vertical ruler")
        self.setAccessibleName(name)
        self.setToolTip(keyed(self.tr("Picture pixels (Ctrl+R puts the rulers away)"), "rulers"))
        canvas.viewport_changed.connect(self.update)
        canvas.pointer_moved.connect(self._follow)

    @property
    def mark(self) -> int | None:
        """The column or row of the picture that the mark is at."""
        return self._mark

    def sizeHint(self) -> QSize:
        return QSize(THICKNESS, THICKNESS)

    def _follow(self, place: QPoint | None) -> None:
        mark = None if place is None else (place.x() if self._across else place.y())
        if mark != self._mark:
            self._mark = mark
            self.update()

    def _to_ruler(self, pixel: float) -> float:
        """Where a column or row of the picture lies, in logical pixels."""
        point = self._canvas.picture_to_widget(QPointF(pixel, pixel))
        return point.x() if self._across else point.y()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.window))
        length = self.width() if self._across else self.height()
        edge = THICKNESS - 1
        painter.setPen(QColor(theme.line))
        self._line(painter, QPointF(0, edge), QPointF(length, edge))
        if self._canvas.document.has_picture:
            self._draw_scale(painter, length)
            if self._mark is not None:
                place = self._to_ruler(self._mark + 0.5)
                painter.setPen(QPen(QColor(theme.accent), 1.5))
                self._line(painter, QPointF(place, 0), QPointF(place, THICKNESS))
        painter.end()

    def _draw_scale(self, painter: QPainter, length: int) -> None:
        theme = current_theme()
        pixel = self._to_ruler(1) - self._to_ruler(0)
        step, parts = spacing(pixel)
        font = painter.font()
        font.setPixelSize(10)
        painter.setFont(font)
        ticks = QColor(theme.dim)
        ticks.setAlphaF(0.55)
        first = math.floor(-self._to_ruler(0) / pixel / step) * step
        last = math.ceil((length - self._to_ruler(0)) / pixel)
        for number in range(first, last + 1, step):
            painter.setPen(ticks)
            for part in range(parts):
                place = round(self._to_ruler(number + step * part / parts)) + 0.5
                high = THICKNESS if part == 0 else 5
                self._line(painter, QPointF(place, THICKNESS - high), QPointF(place, THICKNESS))
            painter.setPen(QColor(theme.dim))
            self._label(painter, round(self._to_ruler(number)), str(number))

    def _line(self, painter: QPainter, start: QPointF, end: QPointF) -> None:
        if not self._across:
            start, end = QPointF(start.y(), start.x()), QPointF(end.y(), end.x())
        painter.drawLine(start, end)

    def _label(self, painter: QPainter, place: int, text: str) -> None:
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if self._across:
            painter.drawText(QRect(place + 4, 0, LABEL_ROOM, THICKNESS - 5), flags, text)
            return
        painter.save()
        painter.translate(0, place)
        painter.rotate(-90)
        painter.drawText(
            QRect(-LABEL_ROOM - 4, 0, LABEL_ROOM, THICKNESS - 5),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            text,
        )
        painter.restore()


def spacing(pixel: float) -> tuple[int, int]:
    """Picture pixels between two numbers, and in how many parts that is divided.

    pixel: logical pixels that a picture pixel takes. Numbers are 1, 2 or 5 times a power of ten.
    """
    wanted = max(1.0, LABEL_ROOM / pixel)
    power = 10 ** math.floor(math.log10(wanted))
    step = next(int(factor * power) for factor in (1, 2, 5, 10) if factor * power >= wanted)
    parts = next(
        part
        for part in (10, 5, 4, 2, 1)
        if part == 1 or (step % part == 0 and step * pixel / part >= TICK_ROOM)
    )
    return step, parts
