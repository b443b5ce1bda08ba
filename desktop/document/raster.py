"""The pixels of a layer: one array that never changes, or tiles that a brush writes."""

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect

from core.imaging.layering import Alpha
from core.request import Pixels
from desktop.document.tiles import (
    TILE,
    PackedTiles,
    TileKey,
    index_of,
    tile_keys,
    tile_rect,
)

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

    def shares(self, arrays: set[int]) -> bool:
        """Whether its memory is one of these arrays, told by their ids."""
        ...

    def rest(self) -> None:
        """Nobody looks at it for now: compress it, in the background. It wakes when it is read."""
        ...

    @property
    def busy(self) -> bool:
        """Whether it is being compressed."""
        ...

    def wait_packed(self) -> None: ...


class _Resting:
    """What both kinds have in common: they can be packed, and unpack themselves."""

    _packed: PackedTiles | None = None

    @property
    def busy(self) -> bool:
        return self._packed is not None and self._packed.busy

    def wait_packed(self) -> None:
        if self._packed is not None:
            self._packed.wait_compressed()


class ArrayRaster(_Resting):
    """Read-only arrays: RGB HxWx3 and alpha HxW of the same dtype, or None if it is opaque."""

    def __init__(self, pixels: Pixels, alpha: Alpha | None = None) -> None:
        pixels.flags.writeable = False
        if alpha is not None:
            alpha.flags.writeable = False
        self._arrays: tuple[Pixels, Alpha | None] | None = pixels, alpha
        self._shape = pixels.shape
        self._dtype = pixels.dtype
        self._opaque = alpha is None

    @property
    def pixels(self) -> Pixels:
        return self._awake()[0]

    @property
    def alpha(self) -> Alpha | None:
        return self._awake()[1]

    @property
    def dtype(self) -> np.dtype[Any]:
        return self._dtype

    @property
    def bounds(self) -> QRect:
        return QRect(0, 0, self._shape[1], self._shape[0])

    @property
    def nbytes(self) -> int:
        if self._packed is not None:
            return self._packed.stored_bytes
        pixels, alpha = self._awake()
        return pixels.nbytes + (0 if alpha is None else alpha.nbytes)

    def pieces(self, rect: QRect) -> Iterator[Piece]:
        rect = rect & self.bounds
        if rect.isEmpty():
            return
        pixels, alpha = self._awake()
        if rect == self.bounds:
            yield rect, pixels, alpha
            return
        index = index_of(rect)
        yield rect, pixels[index], None if alpha is None else alpha[index]

    def covers(self, rect: QRect) -> bool:
        return self._opaque and self.bounds.contains(rect)

    def frozen(self) -> "ArrayRaster":
        return self

    def shares(self, arrays: set[int]) -> bool:
        return self._arrays is not None and id(self._arrays[0]) in arrays

    def rest(self) -> None:
        if self._arrays is not None:
            pixels, alpha = self._arrays
            bands: dict[TileKey, NDArray[Any]] = {}
            for top in range(0, pixels.shape[0], TILE):
                bands[top, 0] = pixels[top : top + TILE]
                if alpha is not None:
                    bands[top, 1] = alpha[top : top + TILE]
            self._packed, self._arrays = PackedTiles(bands), None

    def _awake(self) -> tuple[Pixels, Alpha | None]:
        if self._arrays is None:
            assert self._packed is not None
            pixels: Any = np.empty(self._shape, self._dtype)
            alpha: Any = None if self._opaque else np.empty(self._shape[:2], self._dtype)
            for (top, kind), band in self._packed.unpacked():
                (pixels if kind == 0 else alpha)[top : top + TILE] = band
            pixels.flags.writeable = False
            if alpha is not None:
                alpha.flags.writeable = False
            self._packed, self._arrays = None, (pixels, alpha)
        return self._arrays


class TileRaster(_Resting):
    """RGBA tiles of 256 x 256 pixels, only where something was painted; keys may be negative.

    Memory and the cost of a dab follow what is painted, not the size of the picture.
    """

    def __init__(self, dtype: np.dtype[Any], tiles: dict[TileKey, NDArray[Any]] | None = None):
        self._dtype = np.dtype(dtype)
        self._awake_tiles: dict[TileKey, NDArray[Any]] | None = tiles or {}
        self._own: set[TileKey] = set()  # tiles that no frozen copy shares
        self._bounds: QRect | None = None

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
        if self._bounds is None:
            self._bounds = QRect()
            for key in self._tiles:
                self._bounds = self._bounds.united(tile_rect(key))
        return self._bounds

    @property
    def nbytes(self) -> int:
        if self._packed is not None:
            return self._packed.stored_bytes
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

    def shares(self, arrays: set[int]) -> bool:
        return False

    def rest(self) -> None:
        if self._awake_tiles is not None:
            self._packed, self._awake_tiles = PackedTiles(self._awake_tiles), None

    @property
    def _tiles(self) -> dict[TileKey, NDArray[Any]]:
        if self._awake_tiles is None:
            assert self._packed is not None
            self._awake_tiles, self._packed = dict(self._packed.unpacked()), None
            self._own.clear()  # what was unpacked cannot be written
        return self._awake_tiles

    def tile(self, key: TileKey) -> NDArray[Any] | None:
        """One tile's RGBA, not to be written; None where nothing was painted."""
        return self._tiles.get(key)

    def writable(self, key: TileKey) -> NDArray[Any]:
        """One tile's RGBA to write into; made if it is missing, copied if it is shared."""
        tile = self._tiles.get(key)
        if tile is None:
            tile = np.zeros((TILE, TILE, 4), self._dtype)
            self._bounds = None
        elif key not in self._own:
            tile = tile.copy()
        self._tiles[key] = tile
        self._own.add(key)
        return tile

    def drop(self, key: TileKey) -> None:
        """Forget a tile in which nothing is left."""
        self._tiles.pop(key, None)
        self._own.discard(key)
        self._bounds = None


def rgba_of(raster: Raster) -> NDArray[Any]:
    """All of a raster within its bounds, HxWx4."""
    bounds = raster.bounds
    rgba = np.zeros((bounds.height(), bounds.width(), 4), raster.dtype)
    for rect, pixels, alpha in raster.pieces(bounds):
        part = rgba[index_of(rect.translated(-bounds.topLeft()))]
        part[..., :3] = pixels
        part[..., 3] = np.iinfo(raster.dtype).max if alpha is None else alpha
    return rgba
