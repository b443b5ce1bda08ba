"""Cheap pictures of a running edit, about ten a second."""

import time
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.imaging.canvas import Canvas
from core.imaging.frame import Frame
from core.models.latent_model import LatentModel
from core.sampling.solvers import State

SECONDS_BETWEEN = 0.1
LONGEST_SIDE = 512


class Previews:
    """Makes previews of the whole canvas: a small copy of it with the model's x0 put in."""

    def __init__(self, canvas: Canvas | None, frame: Frame, model: LatentModel) -> None:
        self._frame, self._model = frame, model
        self._last = -np.inf
        if canvas is None:
            height, width = frame.height, frame.width
        else:
            height, width = canvas.picture.shape[:2]
        self._scale = min(1.0, LONGEST_SIDE / max(height, width))
        size = (max(1, round(width * self._scale)), max(1, round(height * self._scale)))
        self._base = np.zeros((size[1], size[0], 3), np.uint8)
        self._mask: NDArray[np.float32] | None = None
        if canvas is not None:
            small = cv2.resize(canvas.picture, size, interpolation=cv2.INTER_AREA)
            self._base = _eight_bits(np.asarray(small, canvas.picture.dtype))
        if canvas is not None and canvas.mask is not None:
            small_mask = cv2.resize(canvas.mask, size, interpolation=cv2.INTER_AREA)
            self._mask = np.asarray(small_mask, np.float32)

    def picture(self, state: State, *, last: bool) -> NDArray[np.uint8] | None:
        """uint8 [h, w, 3] of the whole picture, or None when the last one is too fresh."""
        now = time.monotonic()
        if not last and now - self._last < SECONDS_BETWEEN:
            return None
        self._last = now
        frame, factor = self._frame, self._model.factor
        small = self._model.preview(state.x0)[0].numpy()
        small = small[: -(-frame.inner[0] // factor), : -(-frame.inner[1] // factor)]
        top = min(round(frame.top * self._scale), self._base.shape[0] - 1)
        left = min(round(frame.left * self._scale), self._base.shape[1] - 1)
        bottom = min(round((frame.top + frame.height) * self._scale), self._base.shape[0])
        right = min(round((frame.left + frame.width) * self._scale), self._base.shape[1])
        size = (max(1, right - left), max(1, bottom - top))
        inside = cv2.resize(small, size, interpolation=cv2.INTER_CUBIC)
        result = np.array(self._base)
        place = (slice(top, top + size[1]), slice(left, left + size[0]))
        if self._mask is None:
            result[place] = inside
            return result
        weight = self._mask[place][..., None]
        mixed = result[place] * (1 - weight) + inside * weight
        result[place] = np.rint(mixed).astype(np.uint8)
        return result


def _eight_bits(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    return (pixels // (257 if pixels.dtype == np.uint16 else 1)).astype(np.uint8)
