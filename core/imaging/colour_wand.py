"""The magic wand: what has nearly the colour of one pixel.

Colours are compared in CIELAB (D65), where 2.3 is a difference that one just sees. OpenCV is
imported inside the functions, so that the window can import this module before its first paint.
"""

import numpy as np
from numpy.typing import NDArray

from core.imaging.selection import EMPTY, Levels, Patch, bounds
from core.request import Pixels

_STRIP = 256  # rows that are converted at a time: a photo in floats would take gigabytes


def of_colour(
    pixels: Pixels, row: int, column: int, tolerance: float, *, connected: bool = True
) -> Patch:
    """The pixels whose colour is at most `tolerance` (Delta E 1976, 0 to 100) from that of
    pixels[row, column].

    pixels: RGB HxWx3, uint8 or uint16, taken as sRGB. connected: only those that such pixels
    lead to from there, sideways or up and down. Raises IndexError for a place off the picture.
    """
    import cv2

    height, width = pixels.shape[:2]
    if not (0 <= row < height and 0 <= column < width):
        raise IndexError(f"({column}, {row}) is not in a picture of {width} x {height} pixels")
    colour = _lab(pixels[row : row + 1, column : column + 1])[0, 0]
    similar = np.empty((height, width), np.uint8)
    for top in range(0, height, _STRIP):
        difference = _lab(pixels[top : top + _STRIP]) - colour
        squares = np.einsum("hwc,hwc->hw", difference, difference)
        similar[top : top + _STRIP] = squares <= tolerance * tolerance
    if connected:
        cv2.floodFill(similar, None, (column, row), 2, flags=4)
    chosen: Levels = np.where(similar == (2 if connected else 1), np.uint8(255), np.uint8(0))
    box = bounds(chosen)
    if box[0].start == box[0].stop:
        return EMPTY
    return Patch(chosen[box], box[1].start, box[0].start)


def _lab(pixels: Pixels) -> NDArray[np.float32]:
    """L* in [0, 100], a* and b* about -100 to 100; HxWx3 float32."""
    import cv2

    unit = pixels.astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max)
    return np.asarray(cv2.cvtColor(unit, cv2.COLOR_RGB2LAB), np.float32)
