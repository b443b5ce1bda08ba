"""One touch of the brush, as an array, and where the touches of a line lie."""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

SUBPIXELS = 4  # positions within a pixel that are told apart
FINE = 256.0  # above this diameter whole pixels are fine enough
SCALLOP = 0.06  # pixels by which the edge of a line may deviate from straight


@lru_cache(maxsize=64)
def stamp(
    size: float, hardness: float, opacity: float, shift_x: float, shift_y: float
) -> NDArray[np.uint8]:
    """A round dab: uint8, odd side, centre shifted by a fraction of a pixel from the middle.

    hardness: part of the radius that is solid; 1 leaves one pixel of antialiasing, 0 is soft from
    the middle on. The values reach opacity * 255 in the solid part.
    """
    radius = size / 2
    reach = math.ceil(radius + 0.5)
    axis = np.arange(-reach, reach + 1, dtype=np.float32)
    distance = np.hypot(axis[None, :] - np.float32(shift_x), axis[:, None] - np.float32(shift_y))
    fall = max(1.0, radius * (1.0 - hardness))
    share = np.clip((radius + 0.5 - distance) / fall, 0.0, 1.0)
    if fall > 1.0:
        share = share * share * (3.0 - 2.0 * share)
    values = np.rint(share * (255.0 * opacity)).astype(np.uint8)
    values.flags.writeable = False
    return values


def place(
    centre: QPointF, size: float, hardness: float, opacity: float
) -> tuple[NDArray[np.uint8], int, int]:
    """The stamp for a dab at `centre` (a picture pixel's middle is at .5), and its corner."""
    x, y = centre.x() - 0.5, centre.y() - 0.5
    steps = SUBPIXELS if 2.0 < size <= FINE else 1
    x, y = math.floor(x * steps + 0.5) / steps, math.floor(y * steps + 0.5) / steps
    column, row = math.floor(x + 0.5), math.floor(y + 0.5)
    values = stamp(size, hardness, opacity, x - column, y - row)
    reach = values.shape[0] // 2
    return values, column - reach, row - reach


def spacing(size: float) -> float:
    """Distance between dabs at which the edge of a hard line still looks straight."""
    return max(0.5, min(size * 0.1, math.sqrt(4.0 * size * SCALLOP)))


def along(
    start: QPointF, end: QPointF, step: float, travelled: float
) -> tuple[list[QPointF], float]:
    """Points every `step` from `start` to `end`, the first after step - travelled.

    Returns them and how far the last one lies behind `end`, for the next piece of the line.
    """
    length = math.hypot(end.x() - start.x(), end.y() - start.y())
    points: list[QPointF] = []
    position = step - travelled
    while position <= length:
        points.append(start + (end - start) * (position / length))
        position += step
    return points, length - (position - step)
