"""The pixels of a layer: one array that never changes, or tiles that a brush writes."""

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect

from core.imaging.layering import Alpha
from core.request import Pixels
from desktop.document.mask import TILE, TileKey, index_of

Piece = tuple[QRect, Pixels, Alpha | None]
"""A rectangle, its RGB HxWx3 and its alpha HxW; None is opaque."""


class Raster(Protocol):
    """Pixels in coordinates of their own: a layer says where in the picture they lie."""

    @property
    def dtype(self) -> np.dtype[Any]: ...

    @property
    def bounds(self) -> QRect:
        """What holds all that is not transparent."""
        ...

    @property
    def nbytes(self) -> int: ...

    def pieces(self, rect: QRect) -> Iterator[Piece]:
        """What lies in `rect`, in parts that do not overlap; nothing is there between them."""
        ...

    def covers(self, rect: QRect) -> bool:
        """Whether all of `rect` is surely opaque."""
        ...

    def frozen(self) -> "Raster":
        """The pixels as they are now, whatever happens to these: for another thread. Cheap."""
        ...


class ArrayRaster:
    """Read-only arrays: RGB HxWx3 and alpha HxW of the same dtype, or None if it is opaque."""

    def __init__(self, pixels: Pixels, alpha: Alpha | None = None) -> None:
        self.pixels = pixels
        self.alpha = alpha
        pixels.flags.writeable = False
        if alpha is not None:
            alpha.flags.writeable = False

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.pixels.dtype

    @property
    def bounds(self) -> QRect:
        height, width = self.pixels.shape[:2]
        return QRect(0, 0, width, height)

    @property
    def nbytes(self) -> int:
        return self.pixels.nbytes + (0 if self.alpha is None else self.alpha.nbytes)

    def pieces(self, rect: QRect) -> Iterator[Piece]:
        rect = rect & self.bounds
        if rect.isEmpty():
            return
        if rect == self.bounds:
            yield rect, self.pixels, self.alpha
            return
        index = index_of(rect)
        yield rect, self.pixels[index], None if self.alpha is None else self.alpha[index]

    def covers(self, rect: QRect) -> bool:
        return self.alpha is None and self.bounds.contains(rect)

    def frozen(self) -> "ArrayRaster":
        return self


class TileRaster:
    """RGBA tiles of 256 x 256 pixels, only where something was painted; keys may be negative.

    Memory and the cost of a dab follow what is painted, not the size of the picture.
    """

    def __init__(self, dtype: np.dtype[Any], tiles: dict[TileKey, NDArray[Any]] | None = None):
        self._dtype = np.dtype(dtype)
        self._tiles = tiles or {}
        self._own: set[TileKey] = set()  # tiles that no frozen copy shares

    @classmethod
    def from_rgba(cls, rgba: NDArray[Any]) -> "TileRaster":
        """The pixels of an array HxWx4, copied."""
        raster = cls(rgba.dtype)
        height, width = rgba.shape[:2]
        for key in tile_keys(QRect(0, 0, width, height)):
            part = rgba[index_of(tile_rect(key) & QRect(0, 0, width, height))]
            if part[..., 3].any():
                raster.writable(key)[: part.shape[0], : part.shape[1]] = part
        return raster

    @property
    def dtype(self) -> np.dtype[Any]:
        return self._dtype

    @property
    def bounds(self) -> QRect:
        bounds = QRect()
        for key in self._tiles:
            bounds = bounds.united(tile_rect(key))
        return bounds

    @property
    def nbytes(self) -> int:
        return sum(tile.nbytes for tile in self._tiles.values())

    def pieces(self, rect: QRect) -> Iterator[Piece]:
        for key in tile_keys(rect):
            tile = self._tiles.get(key)
            if tile is not None:
                place = tile_rect(key)
                part = place & rect
                inside = tile[index_of(part.translated(-place.topLeft()))]
                yield part, inside[..., :3], inside[..., 3]

    def covers(self, rect: QRect) -> bool:
        return False

    def frozen(self) -> "TileRaster":
        self._own.clear()
        return TileRaster(self._dtype, dict(self._tiles))

    def tile(self, key: TileKey) -> NDArray[Any] | None:
        """One tile's RGBA, not to be written; None where nothing was painted."""
        return self._tiles.get(key)

    def writable(self, key: TileKey) -> NDArray[Any]:
        """One tile's RGBA to write into; made if it is missing, copied if it is shared."""
        tile = self._tiles.get(key)
        if tile is None:
            tile = np.zeros((TILE, TILE, 4), self._dtype)
        elif key not in self._own:
            tile = tile.copy()
        self._tiles[key] = tile
        self._own.add(key)
        return tile

    def drop(self, key: TileKey) -> None:
        """Forget a tile in which nothing is left."""
        self._tiles.pop(key, None)


def rgba_of(raster: Raster) -> NDArray[Any]:
    """All of a raster within its bounds, HxWx4."""
    bounds = raster.bounds
    rgba = np.zeros((bounds.height(), bounds.width(), 4), raster.dtype)
    for rect, pixels, alpha in raster.pieces(bounds):
        part = rgba[index_of(rect.translated(-bounds.topLeft()))]
        part[..., :3] = pixels
        part[..., 3] = np.iinfo(raster.dtype).max if alpha is None else alpha
    return rgba


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
