"""Pictures of any size on a model's grid: padded at the far edges and cropped back."""

from typing import Any, TypeVar

import numpy as np

Array = TypeVar("Array", bound=np.ndarray[Any, Any])


def padded_size(height: int, width: int, grid: int) -> tuple[int, int]:
    """The smallest (height, width) that holds the picture and divides by `grid`, all in pixels."""
    return -(-height // grid) * grid, -(-width // grid) * grid


def pad_to_grid(array: Array, grid: int) -> Array:
    """`array` [H, W, ...] mirrored at its bottom and right edges up to multiples of `grid` pixels.

    Nothing is moved or stretched: `crop(padded, (H, W))` is the input again. A side of one pixel
    is repeated. The result is contiguous, and `array` itself where it already fits.
    """
    height, width = array.shape[:2]
    if min(height, width, grid) < 1:
        raise ValueError(f"cannot pad {height} x {width} pixels to a grid of {grid}")
    full_height, full_width = padded_size(height, width, grid)
    if (full_height, full_width) == (height, width):
        return array
    widths = [(0, full_height - height), (0, full_width - width)]
    return np.pad(array, widths + [(0, 0)] * (array.ndim - 2), mode="reflect")  # type: ignore[return-value]


def crop(array: Array, size: tuple[int, int]) -> Array:
    """The first (height, width) = `size` pixels of `array` [H, W, ...]: undoes `pad_to_grid`."""
    height, width = size
    if array.shape[0] < height or array.shape[1] < width:
        raise ValueError(f"cannot crop {array.shape[:2]} to {size}")
    return array[:height, :width]  # type: ignore[return-value]
