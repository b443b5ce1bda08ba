"""Restoring a selection only: its surroundings as a picture of their own, and the way back."""

import math
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from core.errors import RequestError
from core.imaging.mask import blend_band, changed_outside, composite
from core.request import Mask, Pixels
from core.restoration.degradations import GaussianBlur, KernelBlur, MotionBlur
from core.restoration.operators import Operator
from core.settings import RestorationSettings

GRID = 16
"""A part begins on multiples of this, so that the blocks of a JPEG file lie as they did."""
LONGEST_PREVIEW = 512


class Selection:
    """What of a picture is restored.

    part: the picture around the selection, as far as a blur carries and a little more; all of it
        where not every part of it was treated alike. inside: float32, 1 where the selection is
        in `part`, else 0.

    Raises RequestError if nothing is selected.
    """

    def __init__(
        self, picture: Pixels, mask: Mask, settings: RestorationSettings, native: int
    ) -> None:
        if not mask.any():
            raise RequestError("nothing is selected; paint what to restore, or give no selection.")
        self._picture, self._alpha = picture, blend_band(mask, settings.blend)
        self._rows, self._columns = _box(self._alpha > 0, _margin(settings, native))
        if not all(one.anywhere for one in settings.degradations):
            self._rows, self._columns = (slice(0, side) for side in mask.shape)
        self.part = cast(Pixels, np.ascontiguousarray(picture[self._rows, self._columns]))
        self.inside: NDArray[np.float32] = (mask[self._rows, self._columns] > 0).astype(np.float32)

    def check(self, operator: Operator) -> None:
        """Raises RequestError where the result would have another size than the picture."""
        if operator.input_size != operator.output_size:
            height, width = operator.input_size
            raise RequestError(
                f"this restoration gives {width} x {height} pixels, which do not fit into a "
                "selection; clear the selection to restore the whole picture."
            )

    def put_in(self, part: Pixels) -> Pixels:
        """The picture with the restored `part` in the selection; exact outside its blend band."""
        result = self._picture.copy()
        here = self._rows, self._columns
        result[here] = composite(self._picture[here], part, self._alpha[here])
        return result

    def changed_outside(self, result: Pixels) -> int:
        return changed_outside(self._picture, result, self._alpha)

    def in_picture(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Values of `part`'s size in a field of the picture's, 0 around them."""
        whole = np.zeros(self._picture.shape[:2], np.float32)
        whole[self._rows, self._columns] = values
        return whole

    def shown_in(self, preview: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A preview of `part` in one of the whole picture, its longest side at most 512."""
        import cv2

        height, width = self._picture.shape[:2]
        share = min(1.0, LONGEST_PREVIEW / max(height, width))
        size = max(1, round(width * share)), max(1, round(height * share))
        picture: Any = self._picture
        if picture.dtype == np.uint16:
            picture = (picture >> 8).astype(np.uint8)
        whole = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        top, left = round(self._rows.start * share), round(self._columns.start * share)
        bottom = max(top + 1, min(size[1], round(self._rows.stop * share)))
        right = max(left + 1, min(size[0], round(self._columns.stop * share)))
        part = cv2.resize(preview, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
        whole[top:bottom, left:right] = part
        return cast(Any, whole)


def _margin(settings: RestorationSettings, native: int) -> int:
    """How far around a selection the picture tells of it: what the blurs carry, and context."""
    reach = 0.0
    for one in settings.degradations:
        if isinstance(one, GaussianBlur):
            reach += 4 * one.sigma
        elif isinstance(one, MotionBlur):
            reach += one.length / 2
        elif isinstance(one, KernelBlur):
            reach += max(len(one.kernel), len(one.kernel[0])) / 2
    return math.ceil(2 * reach) + native // 4


def _box(inside: NDArray[np.bool_], margin: int) -> tuple[slice, slice]:
    """Rows and columns that hold `inside` and a margin; everything if nothing is inside."""
    slices = []
    for axis, side in enumerate(inside.shape):
        places = np.flatnonzero(inside.any(axis=1 - axis))
        first, last = (0, side - 1) if not len(places) else (places[0], places[-1])
        start = max(0, int(first) - margin) // GRID * GRID
        slices.append(slice(start, min(side, int(last) + 1 + margin)))
    return slices[0], slices[1]
