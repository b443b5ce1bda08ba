"""Layers laid over each other, in straight alpha; exact wherever nothing is mixed."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from core.documents.document import StoredDocument, StoredLayer
from core.request import Pixels

_STRIP = 64  # rows that are mixed at once


def flatten(document: StoredDocument) -> Pixels:
    """What the visible layers show: HxWx3 where all of it is opaque, else HxWx4; read-only.

    Normal blending, "over" of Porter and Duff (1984). A single opaque layer that covers the canvas
    is its own array.
    """
    size = document.height, document.width
    shown = [layer for layer in document.layers if layer.visible and layer.opacity > 0]
    for at in reversed(range(len(shown))):
        if _covers(shown[at], size):
            shown = shown[at:]  # what lies below cannot be seen
            break
    if len(shown) == 1 and _covers(shown[0], size):
        return shown[0].pixels
    canvas = np.zeros((*size, 4), document.dtype)
    _lay(canvas, shown)
    if size[0] * size[1] > 0 and int(canvas[..., 3].min()) == np.iinfo(document.dtype).max:
        canvas = canvas[..., :3].copy()
    canvas.flags.writeable = False
    return cast(Pixels, canvas)


def _covers(layer: StoredLayer, size: tuple[int, int]) -> bool:
    pixels = layer.pixels
    return (layer.x, layer.y) == (0, 0) and pixels.shape == (*size, 3) and layer.opacity == 1


def _lay(canvas: NDArray[Any], layers: Sequence[StoredLayer]) -> None:
    height, width = canvas.shape[:2]
    for layer in layers:
        rows, columns = layer.pixels.shape[:2]
        top, bottom = max(0, layer.y), min(height, layer.y + rows)
        left, right = max(0, layer.x), min(width, layer.x + columns)
        if left >= right:
            continue
        for start in range(top, bottom, _STRIP):
            stop = min(start + _STRIP, bottom)
            part = layer.pixels[start - layer.y : stop - layer.y, left - layer.x : right - layer.x]
            _over(canvas[start:stop, left:right], part, layer.opacity)


def _over(below: NDArray[Any], above: NDArray[Any], opacity: float) -> None:
    """Lay `above` (HxWx3 or HxWx4) over `below` (HxWx4), in place."""
    top = np.iinfo(below.dtype).max
    if above.shape[2] == 3:
        alpha = np.full(above.shape[:2], opacity)
    else:
        alpha = above[..., 3] / top * opacity
    clear = (alpha == 1) | ((below[..., 3] == 0) & (alpha > 0))
    below[..., :3][clear] = above[..., :3][clear]
    below[..., 3][clear] = np.rint(alpha[clear] * top)
    mixed = (alpha > 0) & ~clear
    if not mixed.any():
        return
    a, b = alpha[mixed][:, None], below[..., 3][mixed][:, None] / top
    whole = a + b * (1 - a)
    colours = (above[..., :3][mixed] * a + below[..., :3][mixed] * b * (1 - a)) / whole
    below[..., :3][mixed] = np.rint(colours)
    below[..., 3][mixed] = np.rint(whole[:, 0] * top)
