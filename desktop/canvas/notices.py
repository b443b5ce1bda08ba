"""What the canvas says when it holds no picture, has the focus, or has a file dragged over it."""

import math

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from desktop.canvas.viewport import Viewport


def draw_invitation(painter: QPainter, rect: QRect, text: str, surround: QColor) -> None:
    """`text` in the middle of an empty canvas, readable on its colour."""
    dark = surround.lightness() < 128
    painter.setPen(QColor(255, 255, 255, 150) if dark else QColor(0, 0, 0, 150))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def draw_frame(
    painter: QPainter, viewport: Viewport, colour: QColor, *, strong: bool = False
) -> None:
    """A frame around the whole canvas, in device pixels."""
    width = (3 if strong else 1.5) * viewport.ratio
    inset = math.ceil(width / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, width))
    frame = QRect(QPoint(0, 0), viewport.device)
    painter.drawRect(frame.adjusted(inset, inset, -inset, -inset))
