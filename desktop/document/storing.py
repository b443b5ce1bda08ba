"""Between the document on the screen and the one in a file: both directions, nothing lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize

from core.documents.document import Alpha, StoredDocument, StoredJob, StoredLayer, StoredResult
from core.documents.flatten import Look, flatten
from core.imaging.image import Picture
from desktop.document.codes import read_codes
from desktop.document.raster import ArrayRaster, TileRaster
from desktop.document.stack import Layer, LayerKind, Stack


@dataclass(frozen=True, eq=False)
class Foreign:
    """What a file holds that the editor does not show: it goes into the next file as it is.

    layers: what the file says of a layer, by the layer's id.
    """

    attributes: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, bytes] = field(default_factory=dict)
    inversions: Mapping[str, bytes] = field(default_factory=dict)
    layers: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The document as it was at one moment, whatever the user does meanwhile.

    look: how the layers look together, if that is known. codes: where its inversions lie.
    """

    picture: Picture
    stack: Stack
    mask: NDArray[np.uint8] | None
    results: tuple[StoredResult, ...]
    foreign: Foreign
    panel: Mapping[str, Any]
    jobs: tuple[StoredJob, ...] = ()
    look: Look | None = None
    codes: Path | None = None

    def stored(self) -> StoredDocument:
        """As it goes into a file. May run in any thread, and takes a moment."""
        picture, stack, foreign = self.picture, self.stack, self.foreign
        return StoredDocument(
            width=stack.size.width(),
            height=stack.size.height(),
            bits=8 if stack.dtype == np.uint8 else 16,
            layers=tuple(
                _layer_out(layer, foreign.layers.get(layer.id, {})) for layer in stack.layers
            ),
            mask=self.mask,
            results=self.results,
            jobs=self.jobs,
            original=None if stack.original is None else _layer_out(stack.original, {}),
            panel=self.panel,
            inversions=foreign.inversions if self.codes is None else read_codes(self.codes),
            icc=picture.icc,
            exif=picture.exif,
            xmp=picture.xmp,
            dpi=picture.dpi,
            format=picture.format,
            attributes=foreign.attributes,
            members=foreign.members,
        )


@dataclass(frozen=True, eq=False)
class Opened:
    """A document from a file, ready to be shown. Made in any thread."""

    picture: Picture
    stack: Stack
    foreign: Foreign
    stored: StoredDocument


def opened(stored: StoredDocument) -> Opened:
    """What a stored document becomes on the screen."""
    layers = [_layer_in(layer) for layer in stored.layers]
    if not layers:
        layers = [Layer("", LayerKind.PAINT, TileRaster(stored.dtype))]
    known = zip(layers, stored.layers, strict=False)
    if stored.original is None:
        pixels, alpha = flatten(stored)
        place = 0, 0
    else:
        pixels, alpha = stored.original.pixels, stored.original.alpha
        place = stored.original.x, stored.original.y
    name = layers[0].name if stored.original is None else stored.original.name
    original = Layer(name, LayerKind.PICTURE, ArrayRaster(pixels, alpha), *place)
    return Opened(
        picture=Picture(  # of which only the metadata are asked for again
            pixels,
            alpha,
            icc=stored.icc,
            exif=stored.exif,
            xmp=stored.xmp,
            dpi=stored.dpi,
            format=stored.format,
        ),
        stack=Stack(QSize(stored.width, stored.height), tuple(layers), original),
        foreign=Foreign(
            stored.attributes,
            stored.members,
            stored.inversions,
            {layer.id: other.attributes for layer, other in known if other.attributes},
        ),
        stored=stored,
    )


def _layer_out(layer: Layer, attributes: Mapping[str, str]) -> StoredLayer:
    """Arrays go as they are, so that the next save knows them again."""
    pixels: Any
    alpha: Alpha | None
    if isinstance(layer.raster, ArrayRaster):
        pixels, alpha = layer.raster.pixels, layer.raster.alpha
    else:
        rgba = layer.rgba()
        pixels, alpha = np.array(rgba[..., :3]), np.array(rgba[..., 3])
    box = layer.box
    return StoredLayer(
        name=layer.name,
        pixels=pixels,
        alpha=alpha if pixels.size else None,
        x=box.left() if pixels.size else layer.x,
        y=box.top() if pixels.size else layer.y,
        opacity=layer.opacity,
        visible=layer.visible,
        atop=layer.atop,
        kind=layer.kind.value,
        recipe=layer.recipe,
        attributes=attributes,
    )


def _layer_in(layer: StoredLayer) -> Layer:
    kind = LayerKind(layer.kind)
    if kind is LayerKind.PAINT or not layer.pixels.size:
        raster: ArrayRaster | TileRaster = _tiles(layer)
    else:
        raster = ArrayRaster(layer.pixels, layer.alpha)
    return Layer(
        layer.name,
        kind if layer.pixels.size else LayerKind.PAINT,
        raster,
        layer.x,
        layer.y,
        layer.opacity,
        layer.visible,
        layer.atop,
        None if layer.recipe is None else dict(layer.recipe),
    )


def _tiles(layer: StoredLayer) -> TileRaster:
    if not layer.pixels.size:
        return TileRaster(layer.pixels.dtype)
    full = np.iinfo(layer.pixels.dtype).max
    alpha: Any = layer.alpha
    if alpha is None:
        alpha = np.full(layer.pixels.shape[:2], full, layer.pixels.dtype)
    return TileRaster.from_rgba(cast(Any, np.dstack([layer.pixels, alpha])))
