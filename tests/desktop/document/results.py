"""Small pictures and results for the tests of documents."""

from typing import Any

import numpy as np

from core.events import Finished
from core.imaging.image import Picture
from core.request import EditRequest
from core.settings import MaskedFillSettings
from desktop.document.document import Document


def noise(height: int, width: int, dtype: Any = np.uint8, seed: int = 0) -> np.ndarray:
    """A picture in which no two places look alike."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, np.iinfo(dtype).max, (height, width, 3), dtype=dtype, endpoint=True)


def document_with(height: int = 300, width: int = 400, dtype: Any = np.uint8) -> Document:
    document = Document()
    document.set_picture(Picture(pixels=noise(height, width, dtype)))
    return document


def result_for(document: Document, mask: np.ndarray | None, seed: int) -> Finished:
    """A result that has other pixels where `mask` is above 0, and the picture's elsewhere."""
    if mask is None:
        mask = np.ones(document.pixels.shape[:2], np.float32)
    request = EditRequest(MaskedFillSettings(), document.pixels, mask, seed=seed)
    picture = document.pixels.copy()
    other = noise(*picture.shape[:2], picture.dtype, seed + 100)
    picture[mask > 0] = other[mask > 0]
    return Finished(request, picture, 0, 1, 0.5, {"seed": seed})  # type: ignore[arg-type]
