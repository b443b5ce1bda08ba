"""A whole selection made larger, smaller, softer or whole. Only the box that changes is computed.

OpenCV is imported inside the functions, so that the window can import this module before its
first paint.
"""

import math

import numpy as np

from core.imaging.mask import distance_outside
from core.imaging.selection import Levels, bounds

# One step of a soft selection's growth. A disc costs its area, so large ones go in several steps.
_DISC_STEP = 16


def grow(mask: Levels, px: int) -> Levels:
    """`mask` spread by `px` pixels in every direction: the largest value within a disc.

    Exact for what is selected fully, and for soft values up to 16 px; further out their outline
    is that of several discs laid end to end, at most the width of a pixel or two inside.
    """
    _check(px)
    result = mask.copy()
    box = bounds(mask, margin=px)
    part = mask[box]
    if px == 0 or not part.size:
        return result
    grown = part if ((part == 0) | (part == 255)).all() else _grown_softly(part, px)
    near = distance_outside(part == 255) <= px
    result[box] = np.where(near, np.uint8(255), grown)
    return result


def shrink(mask: Levels, px: int) -> Levels:
    """`mask` drawn in by `px` pixels; it does not draw back from the picture's own edge."""
    _check(px)
    result = mask.copy()
    box = bounds(mask, margin=1)  # one row of what is not selected is all that it draws back from
    result[box] = np.bitwise_not(grow(np.bitwise_not(mask[box]), px))
    return result


def feather(mask: Levels, px: int) -> Levels:
    """`mask` with an edge softened by a Gaussian over `px` pixels to either side; 0 beyond.

    Its standard deviation is px / 2. The picture is mirrored at its edge, so the sum of all
    values stays the same, but for rounding.
    """
    import cv2

    _check(px)
    result = mask.copy()
    box = bounds(mask, margin=px)
    if px == 0 or not mask[box].size:
        return result
    side = 2 * px + 1
    part = np.ascontiguousarray(mask[box])
    # In floats: OpenCV's Gaussian for bytes rounds its weights, and a long one then loses some.
    soft = cv2.GaussianBlur(
        part.astype(np.float32), (side, side), px / 2, borderType=cv2.BORDER_REFLECT
    )
    result[box] = np.rint(soft).astype(np.uint8)
    return result


def fill_holes(mask: Levels) -> Levels:
    """`mask` with its holes selected.

    A hole is what cannot be reached from the picture's edge, sideways or up and down, through
    pixels that are less than half selected. Its soft rim goes with it where solid pixels close
    it off.
    """
    result = mask.copy()
    box = bounds(mask)
    part = mask[box]
    if part.size:
        inside = result[box]
        inside[_closed_off(part, 128) & (part < 128)] = 255
        inside[_closed_off(inside, 255)] = 255
    return result


def _closed_off(mask: Levels, level: int) -> np.ndarray:
    """Which pixels no way through values below `level` leads to from outside; bool HxW."""
    import cv2

    walls = np.pad((mask >= level).astype(np.uint8), 1)
    cv2.floodFill(walls, None, (0, 0), 2, flags=4)
    return walls[1:-1, 1:-1] != 2


def _grown_softly(mask: Levels, px: int) -> Levels:
    import cv2

    grown, left = np.ascontiguousarray(mask), px
    while left > 0:
        radius = min(left, _DISC_STEP)
        axis = np.arange(-radius, radius + 1)
        disc = (axis[:, None] ** 2 + axis[None, :] ** 2 <= radius**2).astype(np.uint8)
        grown = np.asarray(cv2.dilate(grown, disc, borderType=cv2.BORDER_REPLICATE), np.uint8)
        left -= radius
    return grown


def _check(px: int) -> None:
    if px < 0 or px != math.floor(px):
        raise ValueError(f"a selection changes by whole pixels, not by {px}")
