"""Brush and eraser: paint the mask with round dabs, hard or soft."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from desktop.canvas.tools.outline import LINES
from desktop.canvas.tools.stamp import along, place, spacing
from desktop.canvas.tools.tool import Canvas, PointerEvent, Tool, ToolKind
from desktop.document.paint import PaintStroke
from desktop.document.stroke import Stroke

MIN_SIZE, MAX_SIZE = 1.0, 1000.0
PRESSURES = 48  # that are told apart
SMALLEST_OUTLINE = 8  # device pixels; below, a cross marks the place


@dataclass(frozen=True)
class BrushSettings:
    """size: diameter in picture pixels, 1 to 1000; hardness and opacity: 0 to 1.

    pressure_sizes, pressure_fades: whether a pen's pressure makes the dabs smaller, or weaker.
    Values outside are brought to the nearest allowed one.
    """

    size: float = 40.0
    hardness: float = 0.8
    opacity: float = 1.0
    pressure_sizes: bool = True
    pressure_fades: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", min(MAX_SIZE, max(MIN_SIZE, self.size)))
        object.__setattr__(self, "hardness", min(1.0, max(0.0, self.hardness)))
        object.__setattr__(self, "opacity", min(1.0, max(0.0, self.opacity)))

    def grown(self, steps: float) -> "BrushSettings":
        """About 15 % larger per step (smaller for negative ones), at least one pixel."""
        size = self.size * 1.15**steps
        if steps > 0:
            size = max(size, self.size + 1)
        elif steps < 0:
            size = min(size, self.size - 1)
        return replace(self, size=float(round(size)))

    def pressed(self, pressure: float) -> "BrushSettings":
        """The brush under a pen's pressure, 0 to 1; in steps, so that few stamps are made."""
        if pressure >= 1.0 or not (self.pressure_sizes or self.pressure_fades):
            return self
        step = math.ceil(max(0.0, pressure) * PRESSURES) / PRESSURES
        size = self.size * step if self.pressure_sizes else self.size
        opacity = self.opacity * step if self.pressure_fades else self.opacity
        return replace(self, size=size, opacity=opacity)


class BrushTool(Tool):
    paints = True

    def __init__(self, canvas: Canvas, *, erase: bool) -> None:
        super().__init__(canvas)
        self.kind = ToolKind.ERASER if erase else ToolKind.BRUSH
        self._erase = erase
        self._stroke: Stroke | PaintStroke | None = None
        self._last: QPointF | None = None  # the line's end: where Shift-click goes on
        self._pressure = 1.0  # there
        self._travelled = 0.0
        self._painted = QRect()

    def press(self, event: PointerEvent) -> None:
        document = self.canvas.document
        if not document.has_picture:
            return
        self._stroke = self._begin()
        self._painted = QRect()
        self._travelled = 0.0
        straight = bool(event.modifiers & Qt.KeyboardModifier.ShiftModifier)
        if straight and self._last is not None:
            self._dabs([(self._last, event.pressure)])
            self._pressure = event.pressure
            self._line_to(event)
        self._dabs([(event.point, event.pressure)])
        self._last, self._pressure = event.point, event.pressure

    @property
    def marks_mask(self) -> bool:
        return not (self._erase and self.canvas.painting)

    def _begin(self) -> Stroke | PaintStroke | None:
        """What a press starts. The eraser takes from what was last painted: selection or colour."""
        document = self.canvas.document
        if self._erase and self.canvas.painting:
            return document.strokes.paint(None)
        return document.strokes.begin(erase=self._erase)

    def move(self, event: PointerEvent) -> None:
        if self._stroke is not None:
            self._line_to(event)

    def release(self, event: PointerEvent) -> None:
        if self._stroke is None:
            return
        # A pen that leaves presses no more; the line ends as it was.
        self._line_to(replace(event, pressure=self._pressure))
        stroke, self._stroke = self._stroke, None
        if stroke.active:
            self.canvas.document.strokes.end()
            self.canvas.tell_stroke_finished(self._painted)

    def cancel(self) -> bool:
        if self._stroke is None:
            return False
        self._stroke = None
        return self.canvas.document.strokes.cancel()

    def forget(self) -> None:
        self._stroke = None
        self._last = None

    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.BlankCursor

    def footprint(self, event: PointerEvent) -> QRect:
        ratio = self.canvas.viewport.ratio
        rect = self._circle(event).toAlignedRect()
        around = round(8 * ratio)
        rect = rect.united(QRect(event.device.toPoint(), event.device.toPoint()))
        if self._straight_from(event) is not None:
            start = self.canvas.viewport.to_device(self._straight_from(event) or QPointF())
            rect = rect.united(QRectF(start, event.device).normalized().toAlignedRect())
        return rect.adjusted(-around, -around, around, around)

    def draw(self, painter: QPainter, event: PointerEvent) -> None:
        """The brush's outline, dark around light, so that it shows on any picture."""
        ratio = self.canvas.viewport.ratio
        circle = self._circle(event)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        start = self._straight_from(event)
        for colour, width in LINES:
            painter.setPen(QPen(colour, width * ratio))
            if start is not None:
                painter.drawLine(self.canvas.viewport.to_device(start), event.device)
            if circle.width() >= SMALLEST_OUTLINE * ratio:
                painter.drawEllipse(circle)
            else:
                arm, gap = 6 * ratio, 2.5 * ratio
                for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                    way = QPointF(x, y)
                    painter.drawLine(event.device + way * gap, event.device + way * arm)

    def _straight_from(self, event: PointerEvent) -> QPointF | None:
        """Where a Shift-click here would draw a line from, if it would."""
        shift = bool(event.modifiers & Qt.KeyboardModifier.ShiftModifier)
        return self._last if shift and self._stroke is None else None

    def _circle(self, event: PointerEvent) -> QRectF:
        radius = self.canvas.brush.size * self.canvas.viewport.zoom / 2
        return QRectF(event.device.x() - radius, event.device.y() - radius, 2 * radius, 2 * radius)

    def _line_to(self, event: PointerEvent) -> None:
        """Dabs from the last place to the pointer's, from the pressure there to the one here."""
        if self._last is not None:
            step = spacing(self.canvas.brush.pressed(event.pressure).size)
            points, self._travelled = along(self._last, event.point, step, self._travelled)
            rise = (event.pressure - self._pressure) / max(1, len(points))
            self._dabs([(point, self._pressure + rise * (n + 1)) for n, point in enumerate(points)])
        self._last, self._pressure = event.point, event.pressure

    def _dabs(self, dabs: list[tuple[QPointF, float]]) -> None:
        if self._stroke is None or not dabs:
            return
        brush = self.canvas.brush
        rect = self._stroke.dabs(_stamp(brush.pressed(pressure), at) for at, pressure in dabs)
        self._painted = self._painted.united(rect)
        self.canvas.document.strokes.painted(rect)


def _stamp(brush: BrushSettings, at: QPointF) -> tuple[NDArray[np.uint8], int, int]:
    return place(at, brush.size, brush.hardness, brush.opacity)
