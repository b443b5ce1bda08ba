"""A smooth surface over a gap: values that are known around it, spread into it.

The membrane of least energy solves Laplace's equation inside the gap and takes the known values on
its edge. What Poisson editing adds to a paste is such a membrane (Perez et al. 2003, eq. 2), and it
is the calmest guess at what a gap holds.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_SWEEPS = 24  # relaxations at each size; the coarse ones carry values far
_SMALLEST = 4


def membrane(values: Floats, known: NDArray[np.bool_]) -> Floats:
    """`values` [h, w, C] with those that are not `known` [h, w] replaced by the membrane.

    The picture's border lets nothing flow through. All zeros where nothing is known.
    """
    shown = np.where(known[..., None], values, np.float32(0.0)).astype(np.float32)
    if known.all() or not known.any():
        return shown
    return _solve(shown, known.astype(np.float32))


def _solve(values: Floats, known: Floats) -> Floats:
    """From coarse to fine: half the size first, its answer where nothing is known, relaxed."""
    import cv2

    height, width = known.shape
    missing = (known == 0)[..., None]
    if min(height, width) > _SMALLEST and missing.any():
        half = (-(-width // 2), -(-height // 2))
        weight = _halved(known, half)
        sums = _halved(values * known[..., None], half)
        coarse = np.divide(
            sums, weight[..., None], out=np.zeros_like(sums), where=weight[..., None] > 0
        )
        coarse = _solve(coarse, (weight > 0).astype(np.float32))
        large = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
        start = np.asarray(large, np.float32).reshape(values.shape)
    else:
        weight = max(float(known.sum()), 1.0)
        start = np.broadcast_to((values * known[..., None]).sum((0, 1)) / weight, values.shape)
    surface = np.where(missing, start, values).astype(np.float32)
    for _ in range(_SWEEPS if missing.any() else 0):
        surface = np.where(missing, _neighbours(surface), values)
    return surface


def _neighbours(surface: Floats) -> Floats:
    """The mean of each value's four neighbours; beyond the border lies the value itself."""
    import cv2

    kernel = np.array([[0, 0.25, 0], [0.25, 0, 0.25], [0, 0.25, 0]], np.float32)
    found = cv2.filter2D(surface, -1, kernel, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(found, np.float32).reshape(surface.shape)


def _halved(array: NDArray[Any], size: tuple[int, int]) -> Floats:
    """Means over pairs of pixels, (width, height) = `size`; an odd side is repeated once."""
    padding = [(0, array.shape[0] % 2), (0, array.shape[1] % 2)] + [(0, 0)] * (array.ndim - 2)
    even = np.pad(array, padding, mode="edge")
    parts = even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]
    assert parts.shape[:2] == size[::-1]
    return (parts / 4).astype(np.float32)
