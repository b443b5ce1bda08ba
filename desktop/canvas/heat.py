"""A word's heat map over the picture, and the outline of the mask that it would make."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from desktop.canvas.viewport import Viewport
from desktop.heat import heat_image

COLD, HOT = 0.34, 0.72  # opacity where a word does not look, and where it looks most
FINEST = 1024  # longest side at which the outline is traced


class HeatLayer:
    """A heat map [h, w] in [0, 1] over a box of the picture, outlined where it reaches `threshold`.

    It is not changed once it is made. outline: in the picture's pixels.
    """

    def __init__(self, heat: NDArray[np.float32], box: QRect, threshold: float) -> None:
        self.box = box
        self.image = heat_image(heat, COLD, HOT)
        self.outline = _outline(heat, box, threshold)

    def draw(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw it where the picture lies, over what the painter holds; in device pixels."""
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing
        )
        corner = viewport.to_device(QPointF(self.box.topLeft()))
        size = QRectF(self.box).size() * viewport.zoom
        painter.drawImage(QRectF(corner, size), self.image)
        origin = viewport.to_device(QPointF(0.0, 0.0))
        placed = QTransform.fromTranslate(origin.x(), origin.y())
        path = placed.scale(viewport.zoom, viewport.zoom).map(self.outline)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(0, 0, 0, 150), 3.5), (QColor(255, 255, 255), 1.5)):
            painter.setPen(QPen(colour, width * viewport.ratio))
            painter.drawPath(path)
        painter.restore()


def _outline(heat: NDArray[np.float32], box: QRect, threshold: float) -> QPainterPath:
    """The edge of what reaches `threshold`, traced as finely as the mask is, up to `FINEST`."""
    import cv2

    scale = min(1.0, FINEST / max(box.width(), box.height()))
    width, height = math.ceil(box.width() * scale), math.ceil(box.height() * scale)
    fine = cv2.resize(heat, (width, height), interpolation=cv2.INTER_LINEAR)
    inside = np.asarray(fine >= threshold, np.uint8)
    contours, _ = cv2.findContours(inside, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    path = QPainterPath()
    for contour in contours:
        points = (np.asarray(contour)[:, 0] + 0.5) * (box.width() / width, box.height() / height)
        first, *others = [QPointF(box.left() + x, box.top() + y) for x, y in points.tolist()]
        path.moveTo(first)
        for point in others:
            path.lineTo(point)
        path.closeSubpath()
    return path
