"""The mask's memory: one uint8 array in 256-pixel tiles, and exact, small differences of it."""

import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QSize

from core.imaging.resizing import resized

TILE = 256

Values = NDArray[np.uint8]
TileKey = tuple[int, int]  # (row, column) of a tile


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
        rect = rect & self.bounds
        if rect.isEmpty():
            return
        for row in range(rect.top() // TILE, rect.bottom() // TILE + 1):
            for column in range(rect.left() // TILE, rect.right() // TILE + 1):
                yield row, column

    def slices(self, key: TileKey) -> tuple[slice, slice]:
        """Index of a tile's pixels (numpy clips the last row and column of tiles)."""
        row, column = key
        return (
            slice(row * TILE, (row + 1) * TILE),
            slice(column * TILE, (column + 1) * TILE),
        )

    def tile_rect(self, key: TileKey) -> QRect:
        row, column = key
        return QRect(column * TILE, row * TILE, TILE, TILE) & self.bounds

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


class TileDelta:
    """The exclusive-or of two masks in the tiles where they differ.

    It leads from the old mask to the new one and back, exactly. Tiles are zlib-compressed on a
    background thread; until that is done the raw bytes stand in for them.
    """

    def __init__(self, tiles: dict[TileKey, Values]) -> None:
        self._shapes: dict[TileKey, tuple[int, int]] = {
            key: (tile.shape[0], tile.shape[1]) for key, tile in tiles.items()
        }
        self._tiles: dict[TileKey, Values | bytes] = dict(tiles)
        self._compressing: Future[None] | None = None
        if tiles:
            self._compressing = _compressor().submit(self._compress)

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

    def __bool__(self) -> bool:
        return bool(self._tiles)

    def apply(self, mask: MaskBuffer) -> QRect:
        """Swap `mask` between the two states. Returns the rectangle that changed."""
        changed = QRect()
        for key, shape in self._shapes.items():
            stored = self._tiles[key]
            if isinstance(stored, bytes):
                stored = np.frombuffer(zlib.decompress(stored), np.uint8).reshape(shape)
            part = mask.values[mask.slices(key)]
            np.bitwise_xor(part, stored, out=part)
            changed = changed.united(mask.tile_rect(key))
        mask.touched(self._shapes)
        return changed

    @property
    def touched_bytes(self) -> int:
        """Bytes of the tiles that differ."""
        return sum(height * width for height, width in self._shapes.values())

    @property
    def stored_bytes(self) -> int:
        """Bytes that are kept for them."""
        return sum(
            len(tile) if isinstance(tile, bytes) else tile.nbytes for tile in self._tiles.values()
        )

    def wait_compressed(self) -> None:
        """Block until the background compression is done (for measurements)."""
        if self._compressing is not None:
            self._compressing.result()

    def _compress(self) -> None:
        for key, tile in list(self._tiles.items()):
            if not isinstance(tile, bytes):
                self._tiles[key] = zlib.compress(tile.tobytes(), level=1)


def index_of(rect: QRect) -> tuple[slice, slice]:
    """The rows and columns of a rectangle."""
    return slice(rect.top(), rect.bottom() + 1), slice(rect.left(), rect.right() + 1)


@cache
def _compressor() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="mask-history")
