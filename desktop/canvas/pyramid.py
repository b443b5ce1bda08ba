"""Halved copies of picture and mask, so that a zoomed-out canvas is smooth and cheap to draw."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QColorTransform, QImage, QPainter

from core.imaging.layering import Alpha
from core.request import Pixels
from desktop.canvas.viewport import Viewport
from desktop.document.tiles import index_of
from desktop.qimage import blank, borrow_alpha, write_rect

SMALLEST_SIDE = 64
STRIP = 64
BAND = 512  # rows of a large picture that are made at once


def level_for(zoom: float, levels: int) -> int:
    """The coarsest level that still has at least as many pixels as the screen shows."""
    if zoom >= 1.0:
        return 0
    return min(levels - 1, math.floor(math.log2(1.0 / zoom) + 1e-9))


Look = tuple[Pixels, Alpha | None]
"""RGB HxWx3 and alpha HxW, None where all is opaque."""


class PicturePyramid:
    """ARGB32_Premultiplied images of a picture at 1, 1/2, 1/4 ...; updated by rectangle.

    read: how a rectangle of the picture looks now. transform: from its colours to the screen's.
    transparent: whether anything shows through, or did once.
    """

    def __init__(
        self,
        size: QSize,
        read: Callable[[QRect], Look],
        transform: QColorTransform | None = None,
    ) -> None:
        self.transparent = False
        self._read = read
        self._transform = transform
        width, height = size.width(), size.height()
        self.levels: list[QImage] = [blank(width, height)]
        while min(width, height) > SMALLEST_SIDE:
            width, height = -(-width // 2), -(-height // 2)
            self.levels.append(blank(width, height))
        self.update(self.levels[0].rect())

    @classmethod
    def of(
        cls, pixels: Pixels, alpha: Alpha | None = None, transform: QColorTransform | None = None
    ) -> "PicturePyramid":
        """Of arrays, which are looked at again in every update."""

        def read(rect: QRect) -> Look:
            index = index_of(rect)
            return pixels[index], None if alpha is None else alpha[index]

        return cls(QSize(pixels.shape[1], pixels.shape[0]), read, transform)

    def update(self, rect: QRect) -> None:
        """Bring `rect` (picture pixels) of all levels up to date."""
        rect = rect & self.levels[0].rect()
        if rect.isEmpty():
            return
        for top in range(rect.top(), rect.bottom() + 1, BAND):
            band = QRect(rect.left(), top, rect.width(), BAND) & rect
            pixels, alpha = self._read(band)
            self.transparent |= alpha is not None
            write_rect(self.levels[0], band, pixels, alpha, self._transform)
        for finer, coarser in zip(self.levels, self.levels[1:], strict=False):
            rect = _halved(rect) & coarser.rect()
            painter = QPainter(coarser)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setClipRect(rect)
            painter.scale(0.5, 0.5)
            painter.drawImage(0, 0, finer)
            painter.end()

    def draw(self, painter: QPainter, viewport: Viewport, clip: QRect) -> None:
        """Draw the picture where `viewport` puts it, as far as `clip` (device pixels) needs it."""
        draw_level(painter, self.levels, viewport, clip)


class MaskPyramid:
    """The live mask and halved copies of it as Alpha8 images; the first shares its memory.

    version: another one after each change.
    """

    def __init__(self, mask: NDArray[np.uint8]) -> None:
        self.version = 0
        self._arrays: list[NDArray[np.uint8]] = [mask]
        height, width = mask.shape
        while min(width, height) > SMALLEST_SIDE:
            width, height = -(-width // 2), -(-height // 2)
            self._arrays.append(np.zeros((height, width), np.uint8))
        self.levels: list[QImage] = [borrow_alpha(array) for array in self._arrays]
        if mask.any():
            self.update(QRect(0, 0, mask.shape[1], mask.shape[0]))

    def update(self, rect: QRect) -> None:
        """Bring `rect` (picture pixels) of the halved copies up to date."""
        self.version += 1
        for finer, coarser in zip(self._arrays, self._arrays[1:], strict=False):
            rect = _halved(rect) & QRect(0, 0, coarser.shape[1], coarser.shape[0])
            halve(finer, coarser, rect)

    def draw(self, painter: QPainter, viewport: Viewport, clip: QRect) -> None:
        """Draw the mask as alpha, as `PicturePyramid.draw` draws the picture."""
        draw_level(painter, self.levels, viewport, clip)


def draw_level(painter: QPainter, levels: list[QImage], viewport: Viewport, clip: QRect) -> None:
    """Draw what `clip` (device pixels) needs of the level that suits the zoom.

    The level is scaled by what remains of the zoom: between 1/2 and 1, or more when enlarging.
    Sampling depends on the viewport alone, so a part drawn anew fits what is around it.
    """
    level = level_for(viewport.zoom, len(levels))
    scale = viewport.zoom * 2**level
    corner = viewport.corner
    needed = QRectF(clip).translated(-corner)
    source = QRectF(needed.topLeft() / scale, needed.size() / scale).toAlignedRect()
    source = source.adjusted(-2, -2, 2, 2) & levels[level].rect()
    if source.isEmpty():
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, viewport.smooth)
    painter.translate(corner)
    painter.scale(scale, scale)
    painter.drawImage(source.topLeft(), levels[level], source)
    painter.restore()


def halve(fine: NDArray[np.uint8], coarse: NDArray[np.uint8], rect: QRect) -> None:
    """Write the 2x2 means of `fine` into `coarse[rect]`; a missing last row or column repeats."""
    if rect.isEmpty():
        return
    left, right = rect.left(), rect.right() + 1
    for top in range(rect.top(), rect.bottom() + 1, STRIP):
        bottom = min(top + STRIP, rect.bottom() + 1)
        part = fine[2 * top : 2 * bottom, 2 * left : 2 * right]
        odd_rows, odd_columns = part.shape[0] % 2, part.shape[1] % 2
        if odd_rows or odd_columns:
            part = np.pad(part, ((0, odd_rows), (0, odd_columns)), mode="edge")
        # Two neighbours are read as one 16-bit number: half the memory traffic of slicing.
        pairs = np.ascontiguousarray(part).view(np.uint16)
        sums = (pairs & 0xFF) + (pairs >> 8)
        coarse[top:bottom, left:right] = (sums[0::2] + sums[1::2] + 2) >> 2


def _halved(rect: QRect) -> QRect:
    """The rectangle of the next level that depends on `rect`."""
    return QRectF(rect.x() / 2, rect.y() / 2, rect.width() / 2, rect.height() / 2).toAlignedRect()
