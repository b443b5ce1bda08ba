"""Tiles of 256 x 256 pixels: where they lie, and exact, compressed differences between them."""

import zlib
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect

TILE = 256

TileKey = tuple[int, int]  # (row, column) of a tile


def index_of(rect: QRect) -> tuple[slice, slice]:
    """The rows and columns of a rectangle."""
    return slice(rect.top(), rect.bottom() + 1), slice(rect.left(), rect.right() + 1)


def tile_keys(rect: QRect) -> Iterator[TileKey]:
    """Keys of the tiles that `rect` touches."""
    if rect.isEmpty():
        return
    for row in range(rect.top() // TILE, rect.bottom() // TILE + 1):
        for column in range(rect.left() // TILE, rect.right() // TILE + 1):
            yield row, column


def tile_rect(key: TileKey) -> QRect:
    row, column = key
    return QRect(column * TILE, row * TILE, TILE, TILE)


class PackedTiles:
    """Arrays by tile, zlib-compressed on a background thread.

    Until that is done the raw bytes stand in for them.
    """

    def __init__(self, tiles: Mapping[TileKey, NDArray[Any]]) -> None:
        self._kinds = {key: (tile.shape, tile.dtype) for key, tile in tiles.items()}
        self._tiles: dict[TileKey, NDArray[Any] | bytes] = dict(tiles)
        self._compressing: Future[None] | None = None
        if tiles:
            self._compressing = compressor().submit(self._compress)

    def __bool__(self) -> bool:
        return bool(self._tiles)

    def unpacked(self) -> Iterator[tuple[TileKey, NDArray[Any]]]:
        """Each tile as it was put in, one after the other."""
        for key, (shape, dtype) in self._kinds.items():
            stored = self._tiles[key]
            if isinstance(stored, bytes):
                stored = np.frombuffer(zlib.decompress(stored), dtype).reshape(shape)
            yield key, stored

    @property
    def touched_bytes(self) -> int:
        """Bytes of the tiles as they were put in."""
        return sum(int(np.prod(shape)) * dtype.itemsize for shape, dtype in self._kinds.values())

    @property
    def stored_bytes(self) -> int:
        """Bytes that are kept for them."""
        return sum(
            len(tile) if isinstance(tile, bytes) else tile.nbytes for tile in self._tiles.values()
        )

    @property
    def busy(self) -> bool:
        """Whether they are still being compressed."""
        return self._compressing is not None and not self._compressing.done()

    def wait_compressed(self) -> None:
        """Block until the background compression is done (for measurements)."""
        if self._compressing is not None:
            self._compressing.result()

    def _compress(self) -> None:
        for key, tile in list(self._tiles.items()):
            if not isinstance(tile, bytes):
                self._tiles[key] = zlib.compress(tile.tobytes(), level=1)


@cache
def compressor() -> ThreadPoolExecutor:
    """The one thread that compresses for the history."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="history")
