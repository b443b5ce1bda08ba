"""A result of a job, kept beside the picture until the user applies or deletes it."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QSize

from core.events import Finished
from core.imaging.layering import Alpha, as_depth
from core.request import EditRequest, Pixels
from desktop.document.raster import ArrayRaster
from desktop.document.stack import Layer, LayerKind, Stack
from desktop.document.tiles import index_of

STRIP = 64  # rows that are compared at once


@dataclass(frozen=True, eq=False)
class Alternative:
    """One result.

    number: counts from 1 within a document.
    title: what the results strip calls it.
    pixels: the result's picture, read-only.
    """

    number: int
    title: str
    pixels: Pixels
    finished: Finished

    @property
    def request(self) -> EditRequest:
        return self.finished.request

    @property
    def recipe(self) -> dict[str, object]:
        return self.finished.recipe

    @property
    def seconds(self) -> float:
        return self.finished.seconds

    @property
    def size(self) -> QSize:
        height, width = self.pixels.shape[:2]
        return QSize(width, height)

    def over(self, stack: Stack, *, atop: bool = False) -> Stack:
        """`stack` with this result as a layer on top. atop: what is transparent stays so.

        The layer holds what was masked or changed, so that another edit which was applied in the
        meantime stays. If the result was made from how `stack` looks, the new one looks like the
        result, bit for bit. If it is larger or smaller, so is the new stack: `Finished.offset`
        tells where the old picture lies in it; without, the other layers are resampled.
        """
        base, mask, offset = self.request.picture, self.request.mask, self.finished.offset
        if self.size != stack.size:
            if offset is None:
                return stack.resampled(self.size).added(self._layer(stack, None))
            place = stack.rect.translated(*offset)
            inside = QRect(QPoint(0, 0), self.size).contains(place)
            covered = None
            if inside and base is not None and base.shape[:2] == (place.height(), place.width()):
                covered = self._changed(base, None, offset)
            return stack.extended(self.size, place.topLeft()).added(self._layer(stack, covered))
        if base is None or base.shape != self.pixels.shape or mask is None:
            return stack.added(self._layer(stack, None, atop=atop))
        return stack.added(self._layer(stack, self._changed(base, mask), atop=atop))

    def _changed(
        self, base: Pixels, mask: NDArray[Any] | None, offset: tuple[int, int] = (0, 0)
    ) -> NDArray[np.bool_]:
        """What was masked, differs from `base` at `offset`, or lies beyond it; HxW."""
        left, top = offset
        height, width = base.shape[:2]
        changed = np.ones(self.pixels.shape[:2], bool)
        changed[index_of(QRect(left, top, width, height))] = False
        for first in range(0, height, STRIP):
            rows = slice(first, min(first + STRIP, height))
            here = np.s_[top + rows.start : top + rows.stop, left : left + width]
            result, old = self.pixels[here], base[rows]
            if mask is not None:
                changed[here] |= mask[rows] > 0
            if not np.array_equal(result, old):
                changed[here] |= (result != old).any(axis=2)
        return changed

    def _layer(
        self, stack: Stack, covered: NDArray[np.bool_] | None, *, atop: bool = False
    ) -> Layer:
        """The result as a layer: all of it, or cropped to what is `covered`, opaque there."""
        pixels: Any = self.pixels
        dtype = stack.dtype
        alpha: Alpha | None = None
        left = top = 0
        if covered is not None and not covered.all():
            rows, columns = np.flatnonzero(covered.any(1)), np.flatnonzero(covered.any(0))
            if rows.size == 0:
                rows = columns = np.array([0])  # nothing changed: one transparent pixel
            top, left = int(rows[0]), int(columns[0])
            box = np.s_[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1]
            pixels, inside = pixels[box], covered[box]
            if not inside.all():
                alpha = cast(Alpha, inside.astype(dtype) * dtype.type(np.iinfo(dtype).max))
            pixels = np.ascontiguousarray(pixels)
        raster = ArrayRaster(as_depth(pixels, dtype), alpha)
        return Layer(self.title, LayerKind.RESULT, raster, left, top, atop=atop, recipe=self.recipe)


def frozen(pixels: Pixels) -> Pixels:
    """`pixels` as a read-only array that owns its memory; copied only if it must be.

    `EditRequest` keeps such arrays without another copy.
    """
    if not pixels.flags.owndata or not pixels.flags.c_contiguous:
        pixels = cast(Pixels, np.array(pixels, order="C"))
    pixels.flags.writeable = False
    return pixels
