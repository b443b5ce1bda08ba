"""Layers laid over each other, as they look together."""

from typing import Any, cast

import numpy as np

from core.documents.document import Alpha, StoredDocument, StoredLayer
from core.imaging.layering import lay_over
from core.request import Pixels

Look = tuple[Pixels, Alpha | None]
"""Pixels HxWx3, and their alpha HxW or None where all of it is opaque; read-only."""


def flatten(document: StoredDocument) -> Look:
    """What the visible layers show. An opaque layer that hides all others is its own array."""
    size = document.height, document.width
    shown = [layer for layer in document.layers if layer.visible and layer.opacity > 0]
    for at in reversed(range(len(shown))):
        if _covers(shown[at], size):
            shown = shown[at:]  # what lies below cannot be seen
            break
    if len(shown) == 1 and _covers(shown[0], size):
        return shown[0].pixels, None
    pixels: Any = np.zeros((*size, 3), document.dtype)
    alpha: Any = np.zeros(size, document.dtype)
    for layer in shown:
        rows, above_rows = _common(layer.y, layer.pixels.shape[0], size[0])
        columns, above_columns = _common(layer.x, layer.pixels.shape[1], size[1])
        if rows.start < rows.stop and columns.start < columns.stop:
            above_alpha: Any = layer.alpha
            lay_over(
                pixels[rows, columns],
                alpha[rows, columns],
                cast(Any, layer.pixels[above_rows, above_columns]),
                None if above_alpha is None else above_alpha[above_rows, above_columns],
                layer.opacity,
                atop=layer.atop,
            )
    pixels.flags.writeable = alpha.flags.writeable = False
    return pixels, None if (alpha == np.iinfo(document.dtype).max).all() else alpha


def _covers(layer: StoredLayer, size: tuple[int, int]) -> bool:
    place = layer.x, layer.y, *layer.pixels.shape[:2]
    return place == (0, 0, *size) and layer.alpha is None and layer.opacity >= 1 and not layer.atop


def _common(start: int, length: int, whole: int) -> tuple[slice, slice]:
    """What a span of `length` from `start` covers of 0 to `whole`, in both of their counts."""
    first, last = max(0, start), min(whole, start + length)
    return slice(first, last), slice(first - start, last - start)
