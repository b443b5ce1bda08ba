"""The mask on the screen: a tint of the user's colour, a hatch and an outline.

Tint alone vanishes on a picture of its own colour, so the hatch has light and dark stripes and
the outline two tones. The hatch and the line keep their size on the screen at any zoom.
"""

import math
import weakref

import numpy as np
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen

from desktop.canvas.kept import Kept
from desktop.canvas.pyramid import MaskPyramid
from desktop.canvas.viewport import Viewport
from desktop.qimage import as_array, blank

DEFAULT_COLOUR = QColor("#e8734f")
HATCH_PERIOD = 15  # logical pixels between stripes, along an axis
REACH = 4  # device pixels by which the outline reaches out of what it surrounds


class MaskOverlay:
    """Draws the mask over what a painter holds already."""

    def __init__(self, colour: QColor = DEFAULT_COLOUR) -> None:
        self.colour = QColor(colour)
        self._hatch = Kept[QImage]()
        self._alpha = Kept[QImage]()
        self._layers = Kept[list[QImage]]()

    def draw(
        self, painter: QPainter, mask: MaskPyramid, viewport: Viewport, clip: QRect, quiet: bool
    ) -> None:
        """Draw the part of the overlay in `clip` (device pixels).

        quiet: only the outline, where a result is being looked at. What was drawn last is kept:
        previews come many times a second under a mask that stands still.
        """
        clip = clip & viewport.visible_rect
        if clip.isEmpty():
            return
        room = clip.adjusted(-REACH, -REACH, REACH, REACH)
        made_for = (*_version(mask), viewport.key, room.getRect(), self.colour.rgba(), quiet)
        layers = self._layers.get(made_for, lambda: self._drawn(mask, viewport, room, quiet))
        painter.save()
        painter.setClipRect(clip)
        for layer in layers:
            painter.drawImage(room.topLeft(), layer)
        painter.restore()

    def alpha(self, mask: MaskPyramid, viewport: Viewport, clip: QRect) -> QImage:
        """The mask as alpha in `clip` (device pixels), to be looked at only."""
        made_for = (*_version(mask), viewport.key, clip.getRect())
        return self._alpha.get(made_for, lambda: _alpha_layer(mask, viewport, clip))

    def _drawn(
        self, mask: MaskPyramid, viewport: Viewport, room: QRect, quiet: bool
    ) -> list[QImage]:
        alpha = _alpha_layer(mask, viewport, room)
        inside = as_array(alpha)[..., 3] >= 128
        layers = [] if quiet else [self._filled(alpha, viewport, room)]
        if inside.any() and not inside.all():
            layers.append(self._outline(inside, viewport.ratio))
        return layers

    def _filled(self, alpha: QImage, viewport: Viewport, room: QRect) -> QImage:
        """The tint and its hatch where `alpha` is; the hatch moves with the picture."""
        painter = QPainter(alpha)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        hatch = self._hatch_tile(viewport.ratio)
        painter.setBrushOrigin(QPointF(viewport.origin - room.topLeft()))
        painter.fillRect(alpha.rect(), QBrush(hatch))
        painter.end()
        return alpha

    def _outline(self, inside: np.ndarray, ratio: float) -> QImage:
        """A line in the overlay's colour along the inner edge, a dark one along the outer."""
        width = max(1, round(ratio * 1.25))
        height, columns = inside.shape
        image = blank(columns, height)
        pixels = as_array(image)
        inner = inside & ~_eroded(inside, width)
        outer = ~inside & ~_eroded(~inside, width)
        pixels[outer] = _premultiplied(QColor(0, 0, 0, 150))
        line = QColor(self.colour).lighter(118)
        line.setAlpha(255)
        pixels[inner] = _premultiplied(line)
        return image

    def _hatch_tile(self, ratio: float) -> QImage:
        period = max(6, round(HATCH_PERIOD * ratio))
        made_for = self.colour.rgba(), period
        return self._hatch.get(made_for, lambda: _make_hatch(self.colour, period))


def _make_hatch(colour: QColor, period: int) -> QImage:
    """A tile that repeats without a seam: tint, one bright and one dark diagonal stripe."""
    tile = blank(period, period)
    tint = QColor(colour)
    tint.setAlphaF(0.34)
    tile.fill(tint)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    bright = QColor(colour).lighter(112)
    bright.setAlphaF(0.56)
    dark = QColor(12, 12, 16)
    dark.setAlphaF(0.26)
    stripe = period / math.sqrt(2) * 0.4
    for paint, offset in ((bright, 0.0), (dark, 0.5)):
        painter.setPen(QPen(paint, stripe, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        for turn in (-1, 0, 1, 2):
            x = (turn + offset) * period
            painter.drawLine(QPointF(x - period, 2 * period), QPointF(x + 2 * period, -period))
    painter.end()
    return tile


def _version(mask: MaskPyramid) -> tuple[object, ...]:
    """Equal for a mask that has not changed; keeps none alive."""
    return weakref.ref(mask), mask.version


def _alpha_layer(mask: MaskPyramid, viewport: Viewport, room: QRect) -> QImage:
    """The mask as black with alpha, for the device rectangle `room`."""
    layer = blank(room.width(), room.height())
    painter = QPainter(layer)
    painter.translate(-room.topLeft())
    mask.draw(painter, viewport, room)
    painter.end()
    return layer


def _eroded(inside: np.ndarray, times: int) -> np.ndarray:
    """`inside` without its outermost pixels; what lies beyond the array counts as inside."""
    for _ in range(times):
        smaller = inside.copy()
        smaller[1:] &= inside[:-1]
        smaller[:-1] &= inside[1:]
        smaller[:, 1:] &= inside[:, :-1]
        smaller[:, :-1] &= inside[:, 1:]
        inside = smaller
    return inside


def _premultiplied(colour: QColor) -> tuple[int, int, int, int]:
    alpha = colour.alpha()
    blue, green, red = (
        (value * alpha + 127) // 255 for value in (colour.blue(), colour.green(), colour.red())
    )
    return blue, green, red, alpha
