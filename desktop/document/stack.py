"""`Layer` and `Stack`: what lies over what, as values. Every change makes another stack."""

import itertools
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QSize

from core.imaging.layering import Alpha, lay_over, scaled
from core.imaging.resizing import resized, resized_rgba
from core.request import Pixels
from desktop.document.raster import ArrayRaster, Raster, TileRaster, rgba_of
from desktop.document.tiles import index_of

_ids = itertools.count(1)


class LayerKind(StrEnum):
    PICTURE = "picture"
    RESULT = "result"
    PAINT = "paint"


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer. It does not change, but for a paint layer's raster, which a brush writes.

    x, y: where the raster's origin lies in the picture. opacity: 0 to 1.
    atop: it leaves what is transparent below as transparent as it is (SVG's src-atop).
    recipe: of the result that it is, or that it was made with.
    id: the same for all versions of a layer, and no other's.
    """

    name: str
    kind: LayerKind
    raster: Raster
    x: int = 0
    y: int = 0
    opacity: float = 1.0
    visible: bool = True
    atop: bool = False
    recipe: dict[str, object] | None = None
    id: int = field(default_factory=_ids.__next__)

    @classmethod
    def from_rgba(
        cls, name: str, kind: LayerKind, rgba: NDArray[Any], x: int = 0, y: int = 0, **others: Any
    ) -> "Layer":
        """A layer of its pixels HxWx4, uint8 or uint16; paint can then be painted on."""
        if kind is LayerKind.PAINT:
            return cls(name, kind, TileRaster.from_rgba(rgba), x, y, **others)
        alpha = np.array(rgba[..., 3])
        opaque = (alpha == np.iinfo(rgba.dtype).max).all()
        raster = ArrayRaster(np.array(rgba[..., :3]), None if opaque else alpha)
        return cls(name, kind, raster, x, y, **others)

    @property
    def box(self) -> QRect:
        """What holds all of the layer, in the picture's pixels; it may reach beyond the picture."""
        return self.raster.bounds.translated(self.x, self.y)

    def copied(self, name: str) -> "Layer":
        """Another layer that looks the same; what is painted on one is not on the other."""
        return replace(self, name=name, raster=self.raster.frozen(), id=next(_ids))

    def rgba(self) -> NDArray[Any]:
        """The pixels of `box`, HxWx4."""
        return rgba_of(self.raster)

    def covers(self, rect: QRect) -> bool:
        """Whether nothing below shows in `rect`."""
        if not self.visible or self.opacity < 1.0 or self.atop:
            return False
        return self.raster.covers(rect.translated(-self.x, -self.y))


@dataclass(frozen=True, eq=False)
class Stack:
    """Layers from the bottom up, the size of the picture, and the picture as it was opened.

    original: follows when the picture is extended or made larger; it is not shown.
    """

    size: QSize
    layers: tuple[Layer, ...] = ()
    original: Layer | None = None

    @property
    def rect(self) -> QRect:
        return QRect(QPoint(0, 0), self.size)

    def index(self, layer_id: int) -> int:
        """From 0 at the bottom. Raises KeyError."""
        for index, layer in enumerate(self.layers):
            if layer.id == layer_id:
                return index
        raise KeyError(layer_id)

    def layer(self, layer_id: int) -> Layer:
        return self.layers[self.index(layer_id)]

    # -- other stacks -------------------------------------------------------------------------

    def added(self, layer: Layer, index: int | None = None) -> "Stack":
        """With a layer at `index`, or on top."""
        place = len(self.layers) if index is None else index
        return replace(self, layers=(*self.layers[:place], layer, *self.layers[place:]))

    def removed(self, layer_id: int) -> "Stack":
        return replace(self, layers=tuple(one for one in self.layers if one.id != layer_id))

    def replaced(self, layer: Layer) -> "Stack":
        """With another version of a layer."""
        return replace(
            self, layers=tuple(layer if one.id == layer.id else one for one in self.layers)
        )

    def moved(self, layer_id: int, index: int) -> "Stack":
        return self.removed(layer_id).added(self.layer(layer_id), index)

    def merged_down(self, layer_id: int) -> "Stack":
        """With a layer and the one below it as one, which looks as both did.

        It does so to the last bit where the lower one is opaque.
        """
        index = self.index(layer_id)
        lower, upper = self.layers[index - 1 : index + 1]
        box = (lower.box | upper.box) & self.rect
        below = replace(lower, atop=False)
        pixels, alpha = Stack(self.size, (below, upper)).composite(box)
        merged = replace(
            lower,
            raster=_raster_of(lower.kind, pixels, alpha),
            x=box.left(),
            y=box.top(),
            opacity=1.0,
            recipe=upper.recipe or lower.recipe,
        )
        return self.removed(upper.id).replaced(merged)

    def extended(self, size: QSize, offset: QPoint) -> "Stack":
        """With the picture's corner at `offset` of a picture of `size`."""

        def shifted(layer: Layer) -> Layer:
            return replace(layer, x=layer.x + offset.x(), y=layer.y + offset.y())

        original = None if self.original is None else shifted(self.original)
        return Stack(size, tuple(shifted(layer) for layer in self.layers), original)

    def resampled(self, size: QSize) -> "Stack":
        """With all layers made larger or smaller to a picture of `size`."""

        def larger(layer: Layer) -> Layer:
            return _resampled(layer, self.size, size)

        original = None if self.original is None else larger(self.original)
        return Stack(size, tuple(larger(layer) for layer in self.layers), original)

    def difference(self, other: "Stack") -> QRect:
        """Where this stack may look different from `other`; all of it in another size."""
        if self.size != other.size:
            return self.rect
        mine, others = set(self.layers), set(other.layers)
        changed = [one for one in (*self.layers, *other.layers) if one not in mine & others]
        common = [one for one in self.layers if one in others]
        if common != [one for one in other.layers if one in mine]:
            changed = [*self.layers, *other.layers]
        rect = QRect()
        for layer in changed:
            if layer.visible and layer.opacity > 0:
                rect = rect.united(layer.box & self.rect)
        return rect

    def frozen(self) -> "Stack":
        """What it is now, for another thread: later strokes leave it alone."""
        return replace(
            self, layers=tuple(replace(one, raster=one.raster.frozen()) for one in self.layers)
        )

    # -- how it looks -------------------------------------------------------------------------

    def composite(self, rect: QRect) -> tuple[Pixels, Alpha | None]:
        """How `rect` looks: RGB HxWx3 and alpha HxW, None if nothing shows through.

        Where one opaque layer is all there is to see, its own array comes back, or a view of it.
        """
        seen = [one for one in self.layers if one.visible and one.opacity > 0]
        above = next((i for i in reversed(range(len(seen))) if seen[i].covers(rect)), 0)
        pixels, alpha, rest = self._ground(seen[above:], rect)
        for layer in rest:
            if not layer.box.intersects(rect):
                continue
            if not pixels.flags.writeable:
                pixels = pixels.copy()
                alpha = None if alpha is None else alpha.copy()
            for place, colours, cover in layer.raster.pieces(rect.translated(-layer.x, -layer.y)):
                index = index_of(place.translated(layer.x, layer.y).translated(-rect.topLeft()))
                lay_over(
                    pixels[index],
                    None if alpha is None else alpha[index],
                    colours,
                    cover,
                    layer.opacity,
                    atop=layer.atop,
                )
        return pixels, alpha

    def _ground(self, seen: list[Layer], rect: QRect) -> tuple[Pixels, Alpha | None, list[Layer]]:
        """What the others are laid on: the lowest layer if it fills the picture, else nothing.

        Taken as it is, a picture's colours survive where it is transparent. Whether it is must not
        depend on `rect`: parts that are made anew have to fit what is around them.
        """
        if seen:
            lowest, rest = seen[0], seen[1:]
            raster, own = lowest.raster, rect.translated(-lowest.x, -lowest.y)
            fills = lowest.box.contains(self.rect) and not lowest.atop
            if isinstance(raster, ArrayRaster) and (fills or lowest.covers(rect)):
                ((_, pixels, alpha),) = raster.pieces(own)
                if lowest.opacity < 1.0:
                    full = np.iinfo(self.dtype).max
                    if alpha is None:
                        alpha = np.full(pixels.shape[:2], full, self.dtype)
                    alpha = scaled(alpha, lowest.opacity)
                return pixels, alpha, rest
        shape = rect.height(), rect.width()
        white: Any = np.full((*shape, 3), np.iinfo(self.dtype).max, self.dtype)
        return white, np.zeros(shape, self.dtype), seen

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.layers[0].raster.dtype if self.layers else np.dtype(np.uint8)


def _raster_of(kind: LayerKind, pixels: Pixels, alpha: Alpha | None) -> Raster:
    if kind is LayerKind.PAINT:
        full = np.iinfo(pixels.dtype).max
        cover = np.full(pixels.shape[:2], full, pixels.dtype) if alpha is None else alpha
        return TileRaster.from_rgba(np.dstack([pixels, cover]))
    return ArrayRaster(pixels.copy(), None if alpha is None else alpha.copy())


def _resampled(layer: Layer, old: QSize, new: QSize) -> Layer:
    """A layer as large in a picture of size `new` as it was in one of size `old`."""
    across, down = new.width() / old.width(), new.height() / old.height()
    box = layer.box
    if box.isEmpty():
        return layer
    left, top = round(box.left() * across), round(box.top() * down)
    width = max(1, round((box.right() + 1) * across) - left)
    height = max(1, round((box.bottom() + 1) * down) - top)
    if isinstance(layer.raster, ArrayRaster) and layer.raster.alpha is None:
        raster: Raster = ArrayRaster(resized(layer.raster.pixels, width, height))
    else:
        rgba = resized_rgba(layer.rgba(), width, height)
        raster = _raster_of(layer.kind, np.array(rgba[..., :3]), np.array(rgba[..., 3]))
    return replace(layer, raster=raster, x=left, y=top)
