"""The object in a rough box: GrabCut on a small copy, its edge brought to the picture's own.

GrabCut (Rother, Kolmogorov, Blake 2004) takes seconds for a megapixel. So it looks at a copy of
at most `LONGEST` pixels a side, and a guided filter (He, Sun, Tang 2013, equations 5, 6 and 8)
carries its answer over to the full size: near the edge the selection is a linear function of the
picture's colours, whose coefficients change slowly enough to come from the copy (He, Sun 2015).

OpenCV is imported inside the functions, so that the window can import this module before its
first paint.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import RequestError
from core.imaging.selection import Patch
from core.request import Pixels

Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels

LONGEST = 480  # of the copy
CONTEXT = 0.35  # of the box's sides, that the ground is learnt from
ROUNDS = 5
FEWEST = 9  # pixels of object and of ground; GrabCut models each by five colours
_SPECK = 0.004  # of the object's area, or of the ground's
_EDGE = 5  # pixels of the copy to either side of its edge in which the picture decides
_SMOOTHNESS = 1e-4  # epsilon of the guided filter, for colours in [0, 1]
_CONTRAST = 2.0  # the filter blurs the edge by its window; this takes some of it back


class CancelledError(Exception):
    """It was given up on the way."""


def in_box(pixels: Pixels, box: Box, cancelled: Callable[[], bool] = lambda: False) -> Patch:
    """The object that `box` is drawn around, softly edged.

    pixels: RGB HxWx3, uint8 or uint16. box: left, top, right, bottom; what lies outside of it is
    ground. cancelled: is asked before each round; CancelledError is raised when it says so.
    Raises RequestError if the box is empty, leaves no ground beside it or holds nothing that
    stands out. The same box finds the same object, always.
    """
    left, top, right, bottom = _whole(box, pixels)
    area = _with_context((left, top, right, bottom), pixels)
    part = pixels[area[1] : area[3], area[0] : area[2]]
    part = _unit(part)
    small = _smaller(part)
    ratio = small.shape[1] / part.shape[1], small.shape[0] / part.shape[0]
    rows = _span(top - area[1], bottom - area[1], ratio[1], small.shape[0])
    columns = _span(left - area[0], right - area[0], ratio[0], small.shape[1])
    inside = np.zeros(small.shape[:2], bool)
    inside[rows, columns] = True
    if inside.sum() < FEWEST or (~inside).sum() < FEWEST:
        raise RequestError(
            "the box leaves too little of the picture beside it, or holds too little; draw it "
            "around one object, with some of the ground outside."
        )
    found = _grab_cut(small, inside, cancelled)
    values = _at_full_size(found, small, part)
    # The box is a promise: outside is ground.
    values = values[top - area[1] : bottom - area[1], left - area[0] : right - area[0]]
    if not (values >= 128).any():
        raise RequestError(
            "nothing in the box stands out from what is around it; draw it closer around the "
            "object, or outline the object with the lasso."
        )
    return Patch(np.ascontiguousarray(values), left, top)


def _whole(box: Box, pixels: Pixels) -> tuple[int, int, int, int]:
    height, width = pixels.shape[:2]
    x0, x1 = sorted((box[0], box[2]))
    y0, y1 = sorted((box[1], box[3]))
    left, right = max(0, round(x0)), min(width, round(x1))
    top, bottom = max(0, round(y0)), min(height, round(y1))
    if right <= left or bottom <= top:
        raise RequestError("the box is empty; drag it around an object of the picture.")
    if (left, top, right, bottom) == (0, 0, width, height):
        raise RequestError(
            "the box holds the whole picture, so there is no ground to tell the object from; "
            "draw it closer around the object."
        )
    return left, top, right, bottom


def _with_context(box: tuple[int, int, int, int], pixels: Pixels) -> tuple[int, int, int, int]:
    height, width = pixels.shape[:2]
    left, top, right, bottom = box
    x, y = 2 + round((right - left) * CONTEXT), 2 + round((bottom - top) * CONTEXT)
    return max(0, left - x), max(0, top - y), min(width, right + x), min(height, bottom + y)


def _unit(pixels: Pixels) -> NDArray[np.uint8]:
    """In 8 bits, which is what GrabCut takes."""
    shift = 8 * (pixels.dtype.itemsize - 1)
    return (pixels >> shift).astype(np.uint8)


def _smaller(part: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2

    height, width = part.shape[:2]
    scale = min(1.0, LONGEST / max(height, width))
    if scale == 1.0:
        return np.ascontiguousarray(part)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)


def _span(start: int, stop: int, ratio: float, length: int) -> slice:
    """Pixels of the copy that lie between `start` and `stop`, at least one."""
    first = min(length - 1, round(start * ratio))
    return slice(first, max(first + 1, round(stop * ratio)))


def _grab_cut(
    small: NDArray[np.uint8], inside: NDArray[np.bool_], cancelled: Callable[[], bool]
) -> NDArray[np.bool_]:
    import cv2

    labels = np.where(inside, cv2.GC_PR_FGD, cv2.GC_BGD).astype(np.uint8)
    ground, thing = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)  # its k-means starts at random
    mode = cv2.GC_INIT_WITH_MASK
    for _ in range(ROUNDS):
        if cancelled():
            raise CancelledError
        cv2.grabCut(small, labels, (0, 0, 0, 0), ground, thing, 1, mode)
        mode = cv2.GC_EVAL
        if (labels == cv2.GC_PR_FGD).sum() < FEWEST:
            break  # the next round could not model the object any more
    found = labels == cv2.GC_PR_FGD
    return ~_without_specks(~_without_specks(found))


def _without_specks(found: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """`found` without its parts that are tiny beside the whole: glints, grain."""
    import cv2

    _, parts, figures, _ = cv2.connectedComponentsWithStats(found.astype(np.uint8))
    large = figures[:, cv2.CC_STAT_AREA] >= _SPECK * found.sum()
    large[0] = False  # what was not found
    return large[parts]


def _at_full_size(
    found: NDArray[np.bool_], small: NDArray[np.uint8], part: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """`found` as large as `part`: its own values away from its edge, guided by `part` near it."""
    import cv2

    size = part.shape[1], part.shape[0]
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _EDGE + 1, 2 * _EDGE + 1))
    binary = found.astype(np.uint8)
    near = (cv2.dilate(binary, disc) != cv2.erode(binary, disc, borderValue=1)).astype(np.uint8)
    guide = np.asarray(small / np.float32(255), np.float32)
    slope, offset = _coefficients(guide, binary.astype(np.float32))
    plain = cv2.resize(binary, size, interpolation=cv2.INTER_NEAREST)
    near = cv2.resize(near, size, interpolation=cv2.INTER_NEAREST) != 0
    result = np.asarray(plain * np.uint8(255), np.uint8)
    for top in range(0, size[1], 256):  # in strips: four planes of floats are large
        rows = slice(top, min(size[1], top + 256))
        if not near[rows].any():
            continue
        guided = _strip(offset, size, rows)
        for channel in range(3):
            colours = part[rows, :, channel].astype(np.float32) / 255
            guided += _strip(slope[..., channel], size, rows) * colours
        sharp = np.clip((guided - 0.5) * _CONTRAST + 0.5, 0.0, 1.0)
        np.copyto(result[rows], np.rint(sharp * 255).astype(np.uint8), where=near[rows])
    return result


def _coefficients(
    guide: NDArray[np.float32], target: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """a [H, W, 3] and b [H, W] such that a . guide + b is nearest to target in every window."""
    import cv2

    window = (2 * _EDGE + 1, 2 * _EDGE + 1)

    def mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
        blurred = cv2.boxFilter(values, -1, window, borderType=cv2.BORDER_REFLECT)
        return np.asarray(blurred, np.float32)

    middle, level = mean(guide), mean(target)
    covariance = np.empty((*target.shape, 3, 3), np.float32)
    for i in range(3):
        for j in range(i, 3):
            both = mean(guide[..., i] * guide[..., j]) - middle[..., i] * middle[..., j]
            covariance[..., i, j] = covariance[..., j, i] = both
    covariance += np.float32(_SMOOTHNESS) * np.eye(3, dtype=np.float32)
    mixed = mean(guide * target[..., None]) - middle * level[..., None]
    slope = np.linalg.solve(covariance, mixed[..., None])[..., 0]
    offset = level - np.einsum("hwc,hwc->hw", slope, middle)
    return mean(slope), mean(offset)


def _strip(values: NDArray[np.float32], size: tuple[int, int], rows: slice) -> NDArray[np.float32]:
    """These rows of `values` enlarged to `size` (width, height), between pixels' middles."""
    lines = _between(values, np.arange(rows.start, rows.stop), size[1])
    return _between(lines.T, np.arange(size[0]), size[0]).T


def _between(values: NDArray[np.float32], places: NDArray[Any], length: int) -> NDArray[np.float32]:
    """Rows of `values`, as if there were `length` of them, at `places`."""
    at = np.clip((places + 0.5) * len(values) / length - 0.5, 0, len(values) - 1)
    low = at.astype(np.intp)
    share = (at - low).astype(np.float32)[:, None]
    high = values[np.minimum(low + 1, len(values) - 1)]
    return np.asarray(values[low] + (high - values[low]) * share, np.float32)
