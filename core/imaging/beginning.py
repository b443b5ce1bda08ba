"""Guesses at what is not in a picture, good enough for a model to begin from: never grey."""

from typing import cast

import numpy as np
from numpy.typing import NDArray

from core.imaging.mask import bounds, distance_outside
from core.imaging.membrane import Floats, membrane
from core.request import Mask, Pixels

_BLURS = (2, 4, 8, 16, 32, 64)
"""Widths in pixels of the blurs, one after the other outwards."""
_SEEN = 8
_LARGEST = 1024


def continued(picture: Pixels, left: int, right: int, top: int, bottom: int) -> Pixels:
    """`picture` HxWx3 in a larger frame, mirrored at its edges and the softer the farther out.

    The old part is `picture` bit for bit, and the new one goes on from its edge without a step.
    """
    widths = ((top, bottom), (left, right), (0, 0))
    mirrored = cast(Pixels, np.pad(picture, widths, mode="symmetric"))
    height, width = picture.shape[:2]
    old = np.zeros(mirrored.shape[:2], bool)
    old[top : top + height, left : left + width] = True
    soft = _softened(mirrored, distance_outside(old))
    soft[old] = picture.reshape(-1, 3)
    return soft


def without(picture: Pixels, mask: Mask) -> Pixels:
    """`picture` with a smooth membrane over the mask, from the colours around it.

    A soft mask's part is mixed in. If the whole picture is masked, its mean stands everywhere.
    """
    here = bounds(mask > 0, margin=_SEEN)
    part, soft = picture[here].astype(np.float32), mask[here]
    surface = _surface(part, soft == 0)
    result = picture.copy()
    mixed = np.rint(part + soft[..., None] * (surface - part))
    result[here] = mixed.clip(0, np.iinfo(picture.dtype).max).astype(picture.dtype)
    return result


def _surface(part: Floats, known: NDArray[np.bool_]) -> Floats:
    """The membrane over what is not known; of a large part through a smaller copy."""
    import cv2

    if not known.any():
        return np.broadcast_to(part.mean(axis=(0, 1)), part.shape)
    height, width = known.shape
    scale = min(1.0, _LARGEST / max(height, width))
    if scale == 1.0:
        return membrane(part, known)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    weight = np.asarray(cv2.resize(known.astype(np.float32), size, interpolation=cv2.INTER_AREA))
    shown = np.where(known[..., None], part, np.float32(0))
    small = np.asarray(cv2.resize(shown, size, interpolation=cv2.INTER_AREA))
    small = small / np.maximum(weight, 1e-6)[..., None]
    spread = membrane(small.astype(np.float32), weight > 0)
    large = cv2.resize(spread, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(large, np.float32).reshape(part.shape)


def _softened(picture: Pixels, distance: Floats) -> Pixels:
    """Blurred by about an eighth of the distance, which is 0 where nothing is."""
    wanted = distance / 8
    result = picture.astype(np.float32)
    sharper = 0.0
    for width in _BLURS:
        if not (wanted > sharper).any():
            break
        share = ((wanted - sharper) / (width - sharper)).clip(0, 1)[..., None]
        result += share * (_blurred(picture, width) - result)
        sharper = width
    top = np.iinfo(picture.dtype).max
    return cast(Pixels, np.rint(result).clip(0, top).astype(picture.dtype))


def _blurred(picture: Pixels, width: int) -> NDArray[np.float32]:
    """By about `width` pixels, through a smaller copy."""
    import cv2

    height, side = picture.shape[:2]
    size = (max(1, side // width), max(1, height // width))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    small = cv2.GaussianBlur(small, (3, 3), 0.7, borderType=cv2.BORDER_REFLECT_101)
    large = cv2.resize(small, (side, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(large, np.float32).reshape(picture.shape)
