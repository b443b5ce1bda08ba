"""The mask's memory: one uint8 array in 256-pixel tiles, and exact, small differences of it."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QSize

from core.imaging.resizing import resized
from desktop.document.tiles import TILE, PackedTiles, TileKey, index_of, tile_keys, tile_rect

Values = NDArray[np.uint8]


class MaskBuffer:
    """HxW uint8, 255 = edit, 0 = keep. Knows which tiles hold anything without reading them all."""

    def __init__(self, height: int, width: int) -> None:
        self.values: Values = np.zeros((height, width), np.uint8)
        rows, columns = -(-height // TILE), -(-width // TILE)
        self._occupied = np.zeros((rows, columns), bool)
        self._unsure: set[TileKey] = set()

    @property
    def shape(self) -> tuple[int, int]:
        height, width = self.values.shape
        return height, width

    @property
    def bounds(self) -> QRect:
        height, width = self.shape
        return QRect(0, 0, width, height)

    def tiles_in(self, rect: QRect) -> Iterator[TileKey]:
        """Keys of the tiles that `rect` (in pixels) touches."""
        return tile_keys(rect & self.bounds)

    def slices(self, key: TileKey) -> tuple[slice, slice]:
        """Index of a tile's pixels (numpy clips the last row and column of tiles)."""
        row, column = key
        return (
            slice(row * TILE, (row + 1) * TILE),
            slice(column * TILE, (column + 1) * TILE),
        )

    def tile_rect(self, key: TileKey) -> QRect:
        return tile_rect(key) & self.bounds

    def touched(self, keys: Iterable[TileKey]) -> None:
        """To be told after every write, so that `any` stays true without reading everything."""
        self._unsure.update(keys)

    def any(self) -> bool:
        """Whether anything is painted."""
        for key in self._unsure:
            self._occupied[key] = self.values[self.slices(key)].any()
        self._unsure.clear()
        return bool(self._occupied.any())

    def painted_rect(self) -> QRect:
        """The smallest rectangle of whole tiles that holds everything painted."""
        if not self.any():
            return QRect()
        rows, columns = np.nonzero(self._occupied)
        first, last = (int(rows.min()), int(columns.min())), (int(rows.max()), int(columns.max()))
        return self.tile_rect(first).united(self.tile_rect(last))

    @classmethod
    def of(cls, values: Values) -> "MaskBuffer":
        """A mask of its own with these values."""
        mask = cls(*values.shape)
        mask.values[...] = values
        mask.touched(mask.tiles_in(mask.bounds))
        return mask

    def placed(self, size: QSize, offset: QPoint | None) -> "MaskBuffer":
        """The mask for a picture of another size: at an offset in it; resampled, without one."""
        width, height = size.width(), size.height()
        if not self.any():
            return MaskBuffer(height, width)
        if offset is None:
            return MaskBuffer.of(resized(self.values, width, height))
        values = np.zeros((height, width), np.uint8)
        place = self.bounds.translated(offset) & QRect(QPoint(0, 0), size)
        values[index_of(place)] = self.values[index_of(place.translated(-offset))]
        return MaskBuffer.of(values)

    def difference(self, other: Values) -> "TileDelta":
        """What turns this mask into `other` (of the same shape)."""
        return TileDelta.between(self, other, self.tiles_in(self.bounds))


class TileDelta(PackedTiles):
    """The exclusive-or of two masks in the tiles where they differ.

    It leads from the old mask to the new one and back, exactly.
    """

    @classmethod
    def between(cls, mask: MaskBuffer, other: Values, keys: Iterable[TileKey]) -> "TileDelta":
        """The difference of `mask` and `other`, looked for in the tiles `keys` only."""
        tiles: dict[TileKey, Values] = {}
        for key in keys:
            index = mask.slices(key)
            tile = np.bitwise_xor(mask.values[index], other[index])
            if tile.any():
                tiles[key] = tile
        return cls(tiles)

    def apply(self, mask: MaskBuffer) -> QRect:
        """Swap `mask` between the two states. Returns the rectangle that changed."""
        changed = QRect()
        keys: list[TileKey] = []
        for key, tile in self.unpacked():
            part = mask.values[mask.slices(key)]
            np.bitwise_xor(part, tile, out=part)
            changed = changed.united(mask.tile_rect(key))
            keys.append(key)
        mask.touched(keys)
        return changed
