"""Arrays of pixels made larger or smaller: plain ones, and those with alpha.

OpenCV is imported inside, so that the window can import this module before its first paint.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def resized(values: NDArray[Any], width: int, height: int) -> NDArray[Any]:
    """An array HxW or HxWxC of uint8, uint16 or float32 at another size, smooth."""
    import cv2

    smaller = width * height < values.shape[0] * values.shape[1]
    way = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(values, (width, height), interpolation=way))


def resized_rgba(rgba: NDArray[Any], width: int, height: int) -> NDArray[Any]:
    """Straight RGBA at another size; colours are weighted by alpha, so that no fringes appear."""
    full = np.float32(np.iinfo(rgba.dtype).max)
    wide = rgba.astype(np.float32)
    wide[..., :3] *= wide[..., 3:] / full
    wide = resized(wide, width, height)
    cover = np.clip(wide[..., 3:], 0, full)
    colours = np.divide(
        wide[..., :3] * full, cover, out=np.zeros_like(wide[..., :3]), where=cover >= 0.5
    )
    whole = np.concatenate([np.clip(colours, 0, full), cover], axis=2)
    return np.rint(whole).astype(rgba.dtype)
