"""One stroke of brush or eraser on a mask, from press to release."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect

from desktop.document.mask import MaskBuffer, TileDelta, Values
from desktop.document.tiles import TILE, TileKey, index_of


class Stroke:
    """Dabs gather in a coverage by maximum; the mask is the state before plus that coverage.

    So dabs that overlap within a stroke never go beyond the brush's opacity, while a second
    stroke builds on the first. The two scratch arrays are as large as the mask, but the system
    gives memory only to the pages that are written: a dab's cost does not depend on the canvas.
    Rounding always moves the mask, so that a soft eraser reaches 0 and a soft brush 255.
    """

    def __init__(self, mask: MaskBuffer, *, erase: bool = False) -> None:
        self.mask = mask
        self.erase = erase
        self.active = True
        self.bytes_written = 0
        self._coverage: Values = np.zeros(mask.shape, np.uint8)
        self._before: Values = np.empty(mask.shape, np.uint8)
        self._saved: dict[TileKey, bool] = {}  # tile -> whether it held anything before

    def dab(self, stamp: Values, left: int, top: int) -> QRect:
        """Lay one stamp with its corner at (left, top). Returns the rectangle it covers."""
        return self.dabs(stamp_and_place for stamp_and_place in ((stamp, left, top),))

    def dabs(self, stamps: Iterable[tuple[Values, int, int]]) -> QRect:
        """Lay several stamps, then bring the mask up to date once. Returns what changed.

        A stroke that was ended from elsewhere (undo, another picture) changes nothing more.
        """
        changed = QRect()
        tiles: dict[TileKey, QRect] = {}
        if not self.active:
            return changed
        for stamp, left, top in stamps:
            height, width = stamp.shape
            rect = QRect(left, top, width, height) & self.mask.bounds
            if rect.isEmpty():
                continue
            self._cover(stamp, left, top, rect)
            changed = changed.united(rect)
            for key in self.mask.tiles_in(rect):
                part = rect & self.mask.tile_rect(key)
                tiles[key] = tiles[key].united(part) if key in tiles else part
        for key, part in tiles.items():
            self._compose(key, part)
        self.mask.touched(tiles)
        return changed

    def finish(self) -> TileDelta:
        """End the stroke. Returns what it changed, for the history."""
        self.active = False
        return TileDelta.between(self.mask, self._before, list(self._saved))

    def cancel(self) -> QRect:
        """Put the mask back as it was before the stroke. Returns what changed."""
        self.active = False
        changed = QRect()
        for key in self._saved:
            index = self.mask.slices(key)
            self.mask.values[index] = self._before[index]
            changed = changed.united(self.mask.tile_rect(key))
        self.mask.touched(self._saved)
        self._saved.clear()
        return changed

    def _cover(self, stamp: Values, left: int, top: int, rect: QRect) -> None:
        part = self._coverage[index_of(rect)]
        np.maximum(part, stamp[index_of(rect.translated(-left, -top))], out=part)
        self.bytes_written += part.nbytes

    def _compose(self, key: TileKey, part: QRect) -> None:
        if key not in self._saved:
            whole = self.mask.slices(key)
            self._before[whole] = self.mask.values[whole]
            self._saved[key] = bool(self._before[whole].any())
            self.bytes_written += TILE * TILE
        index = index_of(part)
        values, coverage = self.mask.values[index], self._coverage[index]
        if self.erase:
            if self._saved[key]:
                values[...] = _scaled(self._before[index], 255 - coverage)
        elif self._saved[key]:
            values[...] = 255 - _scaled(255 - self._before[index], 255 - coverage)
        else:
            values[...] = coverage
        self.bytes_written += values.nbytes


def _scaled(values: Values, factors: Values) -> NDArray[np.uint16]:
    """floor(values * factors / 255), exactly, without a division."""
    product = values.astype(np.uint16)
    product *= factors
    high = product >> 8
    product += 1
    product += high
    product >>= 8
    return product
