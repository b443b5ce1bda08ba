"""One picture laid over another: the "over" and "atop" of Porter and Duff, on straight colours.

Values are whole numbers, so the rounding is a promise: where the upper picture is opaque its values
come out bit for bit, where it is transparent the lower one's do, in 8 and 16 bits.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.request import Pixels

Alpha = NDArray[np.uint8] | NDArray[np.uint16]

STRIP_VALUES = 1 << 17  # values of a strip: what is computed with stays in the processor's cache


def lay_over(
    below: Pixels,
    below_alpha: Alpha | None,
    above: Pixels,
    above_alpha: Alpha | None,
    opacity: float = 1.0,
    *,
    atop: bool = False,
) -> None:
    """Lay `above` over `below`, in place. All are HxWx3 and HxW, of one dtype; None is opaque.

    opacity: 0 to 1, times `above_alpha`. atop: `below_alpha` stays as it is, so that what is
    transparent stays transparent (SVG's src-atop). Porter and Duff, "Compositing digital images".
    """
    height, width = below.shape[:2]
    step = max(1, STRIP_VALUES // max(1, 3 * width))
    for top in range(0, height, step):
        rows = slice(top, top + step)
        cover = _cover(above[rows], None if above_alpha is None else above_alpha[rows], opacity)
        if cover is None:
            below[rows] = above[rows]
            if below_alpha is not None and not atop:
                below_alpha[rows] = np.iinfo(below_alpha.dtype).max
        elif not cover.any():
            continue
        elif (
            below_alpha is None
            or atop
            or (below_alpha[rows] == np.iinfo(below_alpha.dtype).max).all()
        ):
            _mix(below[rows], above[rows], cover)
        else:
            _mix_transparent(below[rows], below_alpha[rows], above[rows], cover)


def scaled(alpha: Alpha, opacity: float) -> Any:
    """`alpha` times `opacity`, rounded."""
    if opacity >= 1.0:
        return alpha
    return np.rint(alpha * np.float64(opacity)).astype(alpha.dtype)


def as_depth(values: NDArray[Any], dtype: np.dtype[Any]) -> Any:
    """uint8 or uint16 `values` as `dtype`: times 257, or divided by it and rounded."""
    if values.dtype == dtype:
        return values
    if dtype == np.uint16:
        return values.astype(np.uint16) * np.uint16(257)
    return ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)


def _cover(above: Pixels, alpha: Alpha | None, opacity: float) -> NDArray[Any] | None:
    """How much of `above` shows, HxW of its dtype; None if it hides everything."""
    full = np.iinfo(above.dtype).max
    if alpha is None:
        if opacity >= 1.0:
            return None
        return np.full(above.shape[:2], round(opacity * full), above.dtype)
    cover = scaled(alpha, opacity)
    return None if _is_opaque(cover) else cover


def _is_opaque(alpha: Alpha) -> bool:
    return bool((alpha == np.iinfo(alpha.dtype).max).all())


def _mix(below: Pixels, above: Pixels, cover: NDArray[Any]) -> None:
    """below += cover * (above - below), each value rounded to the nearest."""
    bits = below.dtype.itemsize * 8
    wide: Any = np.uint16 if bits == 8 else np.uint32
    full = np.iinfo(below.dtype).max
    # Channel by channel into whole arrays: broadcasting over three values is much slower.
    share, mixed = np.empty(below.shape, wide), np.empty(below.shape, wide)
    for channel in range(3):
        share[..., channel] = cover
        mixed[..., channel] = above[..., channel]
    mixed *= share
    np.subtract(full, share, out=share)
    share *= below
    mixed += share
    # round(m / full) without a division, exact for every sum that can occur here
    mixed += wide((full + 1) // 2)
    np.right_shift(mixed, bits, out=share)
    mixed += share
    mixed >>= bits
    below[...] = mixed


def _mix_transparent(below: Pixels, below_alpha: Alpha, above: Pixels, cover: NDArray[Any]) -> None:
    full = np.iinfo(below.dtype).max
    upper = cover.astype(np.float64) / full
    lower = (below_alpha.astype(np.float64) / full) * (1.0 - upper)
    total = upper + lower
    share = np.divide(upper, total, out=np.zeros_like(total), where=total > 0)[..., None]
    mixed = np.rint(below + share * (above.astype(np.float64) - below))
    below[...] = mixed.astype(below.dtype)
    below_alpha[...] = np.rint(total * full).astype(below_alpha.dtype)
