"""The whole stack as one picture: made when it is asked for, and only where it changed."""

from typing import Any

import numpy as np
from PySide6.QtCore import QRect

from core.imaging.layering import Alpha
from core.request import Pixels
from desktop.document.stack import Stack


class Flattened:
    """Read-only arrays that are never written again: whoever holds them, keeps them as they were.

    Painting only marks what is out of date. The next reader pays for a copy and for the part.
    """

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._pixels: Pixels | None = None
        self._alpha: Alpha | None = None
        self._dirty = QRect()

    def change(self, stack: Stack, dirty: QRect) -> None:
        """From now on it is `stack`, which looks different in `dirty`."""
        if stack.size != self._stack.size:
            self._pixels = None
        self._stack = stack
        self._dirty = self._dirty.united(dirty & stack.rect)

    def put(self, pixels: Pixels, alpha: Alpha | None) -> None:
        """Somebody knows already how all of it looks."""
        self._pixels, self._alpha, self._dirty = pixels, alpha, QRect()

    @property
    def pixels(self) -> Pixels:
        """RGB HxWx3 in the document's depth."""
        return self._up_to_date()[0]

    @property
    def alpha(self) -> Alpha | None:
        """HxW, None where nothing is transparent."""
        return self._up_to_date()[1]

    def _up_to_date(self) -> tuple[Pixels, Alpha | None]:
        whole = self._stack.rect
        if self._pixels is None or self._dirty == whole or self._one_layer_is_all():
            self._pixels, self._alpha = self._stack.composite(whole)
        elif not self._dirty.isEmpty():
            self._pixels, self._alpha = self._renewed(self._pixels, self._alpha)
        self._dirty = QRect()
        self._pixels.flags.writeable = False
        if self._alpha is not None:
            self._alpha.flags.writeable = False
        return self._pixels, self._alpha

    def _one_layer_is_all(self) -> bool:
        """Then its own array is the picture, and asking for it costs nothing."""
        seen = [one for one in self._stack.layers if one.visible]
        return bool(seen) and not self._dirty.isEmpty() and seen[-1].covers(self._stack.rect)

    def _renewed(self, pixels: Pixels, alpha: Alpha | None) -> tuple[Pixels, Alpha | None]:
        part, cover = self._stack.composite(self._dirty)
        rect = self._dirty
        index = np.s_[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1]
        pixels = pixels.copy()
        pixels[index] = part
        if alpha is None and cover is None:
            return pixels, None
        full = np.iinfo(pixels.dtype).max
        new: Any = np.full(pixels.shape[:2], full, pixels.dtype) if alpha is None else alpha.copy()
        new[index] = full if cover is None else cover
        return pixels, new
