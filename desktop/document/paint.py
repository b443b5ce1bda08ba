"""One stroke of colour on a paint layer, or of the eraser, from press to release."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect

from desktop.document.mask import Values
from desktop.document.raster import TileRaster
from desktop.document.stack import Layer
from desktop.document.tiles import TILE, PackedTiles, TileKey, index_of, tile_keys, tile_rect


class PaintStroke:
    """As `Stroke` does on a mask: dabs gather by maximum, and lie over what was there before.

    So dabs that overlap within a stroke never go beyond the brush's opacity. All memory is in
    tiles, so a dab's cost does not depend on the picture's size.

    colour: red, green, blue in the picture's own depth; None erases.
    """

    def __init__(self, layer: Layer, picture: QRect, colour: tuple[int, int, int] | None) -> None:
        assert isinstance(layer.raster, TileRaster)
        self.layer_id = layer.id
        self.active = True
        self.bytes_written = 0
        self._raster = layer.raster
        self._origin = QPoint(layer.x, layer.y)
        self._room = picture.translated(-self._origin)
        self._colour = None if colour is None else np.array(colour, np.float32)
        self._coverage: dict[TileKey, Values] = {}
        self._before: dict[TileKey, NDArray[Any] | None] = {}

    @property
    def erase(self) -> bool:
        return self._colour is None

    def dabs(self, stamps: Iterable[tuple[Values, int, int]]) -> QRect:
        """Lay stamps with their corners at places of the picture. Returns what changed of it."""
        tiles: dict[TileKey, QRect] = {}
        if not self.active:
            return QRect()
        for stamp, left, top in stamps:
            height, width = stamp.shape
            place = QRect(left, top, width, height).translated(-self._origin)
            rect = place & self._room
            for key in tile_keys(rect):
                part = rect & tile_rect(key)
                self._cover(key, stamp[index_of(part.translated(-place.topLeft()))], part)
                tiles[key] = tiles[key].united(part) if key in tiles else part
        changed = QRect()
        for key, part in tiles.items():
            self._compose(key, part)
            changed = changed.united(part)
        return changed.translated(self._origin)

    def finish(self) -> "PaintDelta":
        """End the stroke. Returns what it changed, for the history."""
        self.active = False
        tiles: dict[TileKey, NDArray[Any]] = {}
        for key, before in self._before.items():
            after = self._raster.tile(key)
            if after is not None and before is not None:
                after = np.bitwise_xor(after, before)
            if after is not None and after.any():
                tiles[key] = after.copy() if before is None else after
        return PaintDelta(self.layer_id, tiles)

    def cancel(self) -> QRect:
        """Put the layer back as it was before the stroke. Returns what changed of the picture."""
        self.active = False
        changed = QRect()
        for key, before in self._before.items():
            if before is None:
                self._raster.drop(key)
            else:
                self._raster.writable(key)[...] = before
            changed = changed.united(tile_rect(key))
        self._before.clear()
        return changed.translated(self._origin)

    def _cover(self, key: TileKey, stamp: Values, part: QRect) -> None:
        if key not in self._coverage:
            self._coverage[key] = np.zeros((TILE, TILE), np.uint8)
        covered = self._coverage[key][_within(key, part)]
        np.maximum(covered, stamp, out=covered)
        self.bytes_written += covered.nbytes

    def _compose(self, key: TileKey, part: QRect) -> None:
        index = _within(key, part)
        if key not in self._before:
            tile = self._raster.tile(key)
            if tile is None and self.erase:
                return
            self._before[key] = None if tile is None else tile.copy()
            self.bytes_written += TILE * TILE * 4
        before, coverage = self._before[key], self._coverage[key][index]
        tile = self._raster.writable(key)[index]
        self.bytes_written += tile.nbytes
        cover = _wide(coverage, tile.dtype)
        if self._colour is None:
            assert before is not None
            tile[..., 3] = _faded(before[index][..., 3], cover)
        elif before is None:
            tile[..., :3] = self._colour
            tile[..., 3] = cover
        else:
            _lay(tile, before[index], self._colour, cover)


class PaintDelta(PackedTiles):
    """The exclusive-or of a paint layer's tiles before and after: it leads there and back."""

    def __init__(self, layer_id: int, tiles: dict[TileKey, NDArray[Any]]) -> None:
        super().__init__(tiles)
        self.layer_id = layer_id

    def apply(self, layer: Layer) -> QRect:
        """Swap the layer's pixels between the two states. Returns what changed of the picture."""
        raster, changed = layer.raster, QRect()
        assert isinstance(raster, TileRaster)
        for key, difference in self.unpacked():
            tile = raster.writable(key)
            np.bitwise_xor(tile, difference, out=tile)
            if not tile.any():
                raster.drop(key)
            changed = changed.united(tile_rect(key))
        return changed.translated(layer.x, layer.y)


def _lay(
    tile: NDArray[Any], before: NDArray[Any], colour: NDArray[np.float32], cover: NDArray[Any]
) -> None:
    """Colour over straight RGBA. Rounding always moves alpha, so that soft strokes get to full."""
    full = np.iinfo(tile.dtype).max
    alpha = full - _faded(full - before[..., 3], cover)
    share = np.divide(cover, alpha, out=np.zeros(cover.shape, np.float32), where=alpha > 0)
    for channel in range(3):
        old = before[..., channel].astype(np.float32)
        old += share * (colour[channel] - old)
        tile[..., channel] = np.rint(old, out=old)
    tile[..., 3] = alpha


def _faded(alpha: NDArray[Any], cover: NDArray[Any]) -> NDArray[Any]:
    """floor(alpha * (1 - cover)), in the values' own depth."""
    full = np.iinfo(alpha.dtype).max
    product = alpha.astype(np.uint32) * (full - cover)
    return (product // full).astype(alpha.dtype)


def _wide(coverage: Values, dtype: np.dtype[Any]) -> NDArray[Any]:
    return coverage if dtype == np.uint8 else coverage.astype(np.uint16) * np.uint16(257)


def _within(key: TileKey, rect: QRect) -> tuple[slice, slice]:
    return index_of(rect.translated(-tile_rect(key).topLeft()))
