"""Masks: 1 = edit, 0 = keep, float32 HxW in [0, 1]; and the composite that they promise.

OpenCV is imported inside the functions, so that the window can import this module before its
first paint.
"""

import math
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.errors import RequestError, SaveError
from core.imaging import png
from core.imaging.atomic import write_atomically
from core.imaging.image import Picture, load
from core.request import Mask, Pixels

Alpha = NDArray[np.float32]


def to_unit(mask: NDArray[Any]) -> Mask:
    """A bool, uint8, uint16 or float mask HxW as float32 in [0, 1]; floats are clipped.

    Raises RequestError on another shape or type, or on values that are not numbers.
    """
    if mask.ndim != 2:
        raise RequestError(f"a mask of shape {mask.shape} is not one value a pixel; make it grey.")
    if mask.dtype == np.bool_:
        return mask.astype(np.float32)
    if mask.dtype in (np.uint8, np.uint16):
        return mask.astype(np.float32) / np.float32(np.iinfo(mask.dtype).max)
    if mask.dtype.kind == "f":
        if np.isnan(mask).any():
            raise RequestError("the mask holds values that are not numbers; paint it again.")
        return np.clip(mask, 0.0, 1.0).astype(np.float32)
    raise RequestError(f"a mask of {mask.dtype} is not understood; give 8 or 16 bit grey.")


def distance_outside(inside: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Euclidean distance in pixels from each pixel's centre to the nearest one `inside`; HxW.

    0 inside; infinite everywhere if nothing is inside.
    """
    import cv2

    if not inside.any():
        return np.full(inside.shape, np.inf, dtype=np.float32)
    outside = np.ascontiguousarray(~inside, dtype=np.uint8)
    return cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE).astype(np.float32)


def blend_band(mask: Mask, width: float) -> Alpha:
    """How much of the edit shows at each pixel: HxW float32 in [0, 1].

    1 where the mask is 1, falling smoothly to exactly 0 at `width` pixels outside it, and exactly
    0 beyond. A soft mask's own values are a lower bound, so a soft brush stays as soft as it was
    painted. 0 everywhere outside the band and the mask, without exception: the pixels there are
    the original's, bit for bit, in `composite`.
    """
    if width < 0:
        raise ValueError(f"a blend band cannot be {width} px wide")
    alpha = np.array(mask, dtype=np.float32)
    rows, columns = bounds(alpha == 1, margin=math.ceil(width))
    if width == 0 or rows.start == rows.stop:
        return alpha
    part = alpha[rows, columns]
    nearness = 1.0 - distance_outside(part == 1) / np.float32(width)
    np.clip(nearness, 0.0, 1.0, out=nearness)
    np.maximum(part, nearness * nearness * (3.0 - 2.0 * nearness), out=part)
    return alpha


def composite(original: Pixels, edited: NDArray[Any], alpha: Alpha) -> Pixels:
    """`original` where `alpha` is 0, `edited` where it is 1, their mixture between; HxWx3.

    original: uint8 or uint16. edited: the same units; may be floating point, and is then rounded.
    alpha: HxW in [0, 1]. The result is a new array of the original's dtype, and equals the
    original bit for bit wherever alpha is 0.
    """
    if original.shape != edited.shape or original.shape[:2] != alpha.shape:
        raise ValueError(f"shapes differ: {original.shape}, {edited.shape}, alpha {alpha.shape}")
    result = original.copy()
    rows, columns = bounds(alpha > 0)
    if rows.start == rows.stop:
        return result
    part = alpha[rows, columns, None]
    old = original[rows, columns].astype(np.float32)
    new = edited[rows, columns].astype(np.float32)
    mixed = np.rint(old + part * (new - old))
    mixed = np.where(part == 1, np.rint(new), mixed)
    np.clip(mixed, 0, np.iinfo(original.dtype).max, out=mixed)
    result[rows, columns] = np.where(
        part > 0, mixed.astype(original.dtype), original[rows, columns]
    )
    return result


def changed_outside(original: Pixels, result: Pixels, alpha: Alpha) -> int:
    """How many values (channels of pixels) differ where `alpha` is 0; 0 unless there is a fault."""
    if original.shape != result.shape or original.shape[:2] != alpha.shape:
        raise ValueError(f"shapes differ: {original.shape}, {result.shape}, alpha {alpha.shape}")
    return int(np.count_nonzero((original != result) & (alpha == 0)[..., None]))


def to_latent(mask: Mask, factor: int, reduction: Literal["max", "area"] = "max") -> Mask:
    """`mask` HxW at latent resolution, ceil(H / factor) x ceil(W / factor), float32 in [0, 1].

    "max": a latent pixel is edited if any of its pixels is, so none that was painted is lost.
    "area": the mean of its pixels, of those that exist at the far edges.
    """
    height, width = mask.shape
    rows = np.arange(0, height, factor)
    columns = np.arange(0, width, factor)
    if reduction == "max":
        reduced = np.maximum.reduceat(np.maximum.reduceat(mask, rows, axis=0), columns, axis=1)
        return reduced.astype(np.float32)
    sums = np.add.reduceat(np.add.reduceat(mask, rows, axis=0, dtype=np.float64), columns, axis=1)
    heights = np.minimum(rows + factor, height) - rows
    widths = np.minimum(columns + factor, width) - columns
    return np.clip(sums / np.outer(heights, widths), 0.0, 1.0).astype(np.float32)


def load_mask(path: Path | str, size: tuple[int, int]) -> Mask:
    """The mask in a picture file: white = edit, black = keep, transparent = keep; HxW float32.

    size: (height, width) of the picture that it is for. Raises RequestError if the file's size is
    another or all of it is black, PictureError if it cannot be read.
    """
    path = Path(path)
    return mask_of(load(path), path.name, size)


def mask_of(picture: Picture, name: str, size: tuple[int, int]) -> Mask:
    """As `load_mask`, of a picture that was read already; `name` stands for it in messages."""
    height, width = size
    if picture.size != (height, width):
        raise RequestError(
            f"{name} is {picture.width} x {picture.height} pixels and the picture "
            f"{width} x {height}; make the mask as large as the picture."
        )
    red, green, blue = np.moveaxis(picture.pixels, 2, 0)
    if np.array_equal(red, green) and np.array_equal(red, blue):
        mask = to_unit(red)
    else:
        luma = np.array([0.299, 0.587, 0.114])
        top = np.iinfo(picture.pixels.dtype).max
        mask = np.clip(picture.pixels.astype(np.float32) @ (luma / top), 0.0, 1.0)
    if picture.alpha is not None:
        mask = np.multiply(mask, to_unit(picture.alpha), dtype=np.float32)
    if not mask.any():
        raise RequestError(
            f"{name} is black everywhere, so nothing would change; "
            "paint white what should be edited."
        )
    return mask.astype(np.float32)


def extent(mask: Mask) -> tuple[int, int]:
    """Height and width in pixels of the smallest box around what is not 0; (0, 0) of nothing."""
    rows, columns = bounds(mask > 0)
    return rows.stop - rows.start, columns.stop - columns.start


def save_mask(path: Path | str, mask: NDArray[np.uint8]) -> None:
    """Write a mask (HxW, 255 = edit) as a grey PNG that `load_mask` reads back value by value.

    The old file stays until the new one is on the disk whole. Raises SaveError.
    """
    path = Path(path)
    if path.suffix.lower() != ".png":
        raise SaveError(f"{path.name} is no PNG; masks are saved as .png, so that they stay exact.")
    write_atomically(path, png.encode(mask))


def bounds(chosen: NDArray[np.bool_], margin: int = 0) -> tuple[slice, slice]:
    """Rows and columns of the smallest box around `chosen`, widened by `margin`; maybe empty."""
    slices = []
    for axis in (1, 0):
        places = np.flatnonzero(chosen.any(axis=axis))
        if places.size == 0:
            return slice(0, 0), slice(0, 0)
        slices.append(slice(max(0, int(places[0]) - margin), int(places[-1]) + margin + 1))
    return slices[0], slices[1]
