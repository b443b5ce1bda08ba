"""The part of a picture that the model works on, at the model's size, and the way back.

A picture is never stretched: a box is cut out, made smaller by one factor if it is much larger than
what the model was trained at, and padded to the model's grid. The way back adds the *change* that
the model made, so that detail which the model cannot hold stays where nothing changed.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.imaging.grid import crop, pad_to_grid, padded_size
from core.request import Mask, Pixels

CONTEXT = 1.8
"""A box around a mask is this many times the mask's own longer side."""


@dataclass(frozen=True)
class Frame:
    """A box of the picture in pixels, its size for the model, and that size on the model's grid.

    top, left, height, width: of the box. inner: (height, width) of the box at the model's scale.
    padded: `inner` rounded up to multiples of `grid`.
    """

    top: int
    left: int
    height: int
    width: int
    inner: tuple[int, int]
    padded: tuple[int, int]
    grid: int

    @property
    def rows(self) -> slice:
        return slice(self.top, self.top + self.height)

    @property
    def columns(self) -> slice:
        return slice(self.left, self.left + self.width)

    def to_model(self, picture: Pixels) -> NDArray[np.float32]:
        """The box of a picture HxWx3 as float32 [h, w, 3] in [-1, 1], h x w = `padded`."""
        top = np.iinfo(picture.dtype).max
        part = picture[self.rows, self.columns].astype(np.float32) / np.float32(top / 2) - 1
        return pad_to_grid(self._shrunk(part), self.grid)

    def mask_to_model(self, mask: Mask) -> Mask:
        """The box of a mask HxW at the model's size, padded as the picture is.

        Where several pixels become one it takes their largest value, so no fine line is lost.
        """
        part = mask[self.rows, self.columns]
        rows = np.arange(self.inner[0]) * self.height // self.inner[0]
        columns = np.arange(self.inner[1]) * self.width // self.inner[1]
        part = np.maximum.reduceat(np.maximum.reduceat(part, rows, axis=0), columns, axis=1)
        return pad_to_grid(part, self.grid)

    def from_model(self, values: NDArray[Any]) -> NDArray[np.float32]:
        """Values [h, w] or [h, w, C] of `padded` size at the box's own size."""
        import cv2

        inner = np.ascontiguousarray(crop(values, self.inner), dtype=np.float32)
        if self.inner == (self.height, self.width):
            return inner
        size = (self.width, self.height)
        return cv2.resize(inner, size, interpolation=cv2.INTER_CUBIC).astype(np.float32)

    def _shrunk(self, part: NDArray[np.float32]) -> NDArray[np.float32]:
        import cv2

        if self.inner == (self.height, self.width):
            return part
        size = (self.inner[1], self.inner[0])
        return cv2.resize(part, size, interpolation=cv2.INTER_AREA).astype(np.float32)


def choose_frame(
    size: tuple[int, int],
    mask: Mask | None,
    native: int,
    grid: int,
    margin: int = 0,
    detail: int = 1,
    share: float = 1.0,
) -> Frame:
    """The box to work on for a picture of (height, width) = `size`.

    Without a mask it is the whole picture, with one it is the mask's surroundings: at least
    `native` pixels long, and `margin` pixels beyond the mask, where the picture has them. Its
    shorter side is brought down to `detail` times `native` if it is longer; it is never enlarged.
    share: both sides are made so much smaller once more, 1 = not.
    """
    height, width = size
    top, left, box_height, box_width = 0, 0, height, width
    if mask is not None and mask.any():
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        longest = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
        side = max(native, round(CONTEXT * longest), longest + 2 * margin)
        top, box_height = _span(int(rows[0]), int(rows[-1]) + 1, side, height)
        left, box_width = _span(int(columns[0]), int(columns[-1]) + 1, side, width)
    scale = share * min(1.0, detail * native / min(box_height, box_width))
    inner = (max(1, round(box_height * scale)), max(1, round(box_width * scale)))
    return Frame(top, left, box_height, box_width, inner, padded_size(*inner, grid), grid)


def _span(first: int, last: int, side: int, limit: int) -> tuple[int, int]:
    """Start and length of a span of `side` around [first, last), moved and cut into [0, limit)."""
    length = min(side, limit)
    start = (first + last - length) // 2
    return max(0, min(start, limit - length)), length
