"""Puts a document into a zip file, one member at a time."""

import io
import json
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import core
from core.documents import stack
from core.documents.contents import (
    Contents,
    JobRecord,
    LayerRecord,
    PlacedRecord,
    RequestRecord,
    ResultRecord,
    record_figures,
    record_request,
)
from core.documents.document import Alpha, StoredDocument, StoredLayer, StoredResult
from core.documents.flatten import Look, flatten
from core.documents.members import Members
from core.imaging import png
from core.imaging.packing import mask_levels
from core.imaging.writing import to_8_bit
from core.request import EditRequest, Mask, Pixels

MIMETYPE = b"image/openraster"
CONTENTS = "sfumato/document.json"
MERGED = "mergedimage.png"
THUMBNAIL = "Thumbnails/thumbnail.png"
_THUMBNAIL_SIDE = 256  # the specification's bound


class Writer:
    """Writes one document. What was not written yet is packed as it is met."""

    def __init__(self, members: Members, document: StoredDocument) -> None:
        self._members = members
        self._document = document
        self._count = 0
        self._colours = [] if document.icc is None else [png.icc_chunk(document.icc)]

    def write(self, merged: Look | None, *, with_preview: bool) -> None:
        """All members, "mimetype" first. merged: what the layers show, if it is known."""
        document, members = self._document, self._members
        members.add("mimetype", MIMETYPE)
        layers = [self._layer(layer, at) for at, layer in enumerate(document.layers)]
        if with_preview:
            pixels, alpha = flatten(document) if merged is None else merged
            self._put(MERGED, pixels, alpha)
            members.add(THUMBNAIL, _thumbnail(pixels, alpha))
        contents = Contents(
            software=core.__version__,
            bits=document.bits,
            layers=layers,
            mask=None if document.mask is None else self._selection(document.mask),
            results=[self._result(result) for result in document.results],
            jobs=[
                JobRecord(title=job.title, request=self._request(job.request))
                for job in document.jobs
            ],
            original=None if document.original is None else self._placed(document.original),
            panel=dict(document.panel),
            inversions={
                name: self._bytes(f"sfumato/inversions/{at}.safetensors", data)
                for at, (name, data) in enumerate(document.inversions.items())
            },
            icc=self._optional("sfumato/icc", document.icc),
            exif=self._optional("sfumato/exif", document.exif),
            xmp=self._optional("sfumato/xmp", document.xmp),
            dpi=document.dpi,
            format=document.format,
        )
        text = json.dumps(contents.model_dump(mode="json"), ensure_ascii=True)
        members.add(CONTENTS, text.encode(), deflate=True)
        members.add("stack.xml", stack.build(self._stack(layers)), deflate=True)
        taken = members.names
        for name, data in document.members.items():
            if name not in taken:
                members.add(name, data, deflate=True)

    def _layer(self, layer: StoredLayer, at: int) -> LayerRecord:
        source, empty = f"data/layer{at}.png", layer.pixels.size == 0
        if empty:
            self._members.add(source, png.encode(np.zeros((1, 1, 4), layer.pixels.dtype)))
        else:
            self._put(source, layer.pixels, layer.alpha)
        recipe = None if layer.recipe is None else dict(layer.recipe)
        return LayerRecord(source=source, kind=layer.kind, empty=empty, recipe=recipe)

    def _placed(self, layer: StoredLayer) -> PlacedRecord:
        source = self._picture(layer.pixels, layer.alpha)
        return PlacedRecord(source=source, name=layer.name, x=layer.x, y=layer.y)

    def _stack(self, layers: list[LayerRecord]) -> stack.Stack:
        document = self._document
        entries = tuple(
            stack.Entry(
                layer.name,
                record.source,
                layer.x,
                layer.y,
                layer.opacity,
                layer.visible,
                layer.atop,
                layer.attributes,
            )
            for layer, record in zip(document.layers, layers, strict=True)
        )
        return stack.Stack(
            document.width, document.height, entries, document.dpi, document.attributes
        )

    def _picture(self, pixels: Pixels, alpha: Alpha | None = None) -> str:
        """The member that holds a picture, a layer perhaps."""
        found = self._members.find("pixels", *_arrays(pixels, alpha))
        return found or self._put(self._name("pictures", ".png"), pixels, alpha)

    def _put(self, name: str, pixels: Pixels, alpha: Alpha | None) -> str:
        return self._members.put(
            name, lambda: self._encode(pixels, alpha), "pixels", *_arrays(pixels, alpha)
        )

    def _selection(self, mask: NDArray[np.uint8]) -> str:
        return self._members.put("sfumato/mask.png", lambda: png.encode(mask), "selection", mask)

    def _mask(self, mask: Mask) -> str:
        found = self._members.find("mask", mask)
        return found or self._members.put(
            self._name("masks", ""), lambda: _packed_mask(mask), "mask", mask
        )

    def _request(self, request: EditRequest) -> RequestRecord:
        return record_request(request, self._picture, self._mask)

    def _result(self, result: StoredResult) -> ResultRecord:
        """A result. Of one as large as its picture, only the box where they differ is kept."""
        finished = result.finished
        base, pixels = finished.request.picture, finished.picture
        box = None if base is None else changed_box(base, pixels)
        x = y = 0
        member: str | None = None
        if box is None:
            member = self._picture(pixels)
        elif box[0].start < box[0].stop:
            y, x = box[0].start, box[1].start
            name = self._name("results", ".png")
            member = self._members.put(name, lambda: self._encode(pixels[box]), "patch", pixels)
        return ResultRecord(
            title=result.title,
            request=self._request(finished.request),
            pixels=member,
            is_patch=box is not None,
            x=x,
            y=y,
            values=record_figures(finished),
        )

    def _name(self, folder: str, suffix: str) -> str:
        self._count += 1
        return f"sfumato/{folder}/{self._count}{suffix}"

    def _optional(self, name: str, data: bytes | None) -> str | None:
        return None if data is None else self._bytes(name, data)

    def _bytes(self, name: str, data: bytes) -> str:
        self._members.add(name, data)
        return name

    def _encode(self, pixels: NDArray[Any], alpha: Alpha | None = None) -> bytes:
        whole = pixels if alpha is None else np.dstack([pixels, alpha])
        return png.encode(whole, self._colours)


def changed_box(base: Pixels, pixels: Pixels) -> tuple[slice, slice] | None:
    """Rows and columns of the smallest box that holds all differences; empty if there is none.

    None where the two cannot be compared, being of another size or depth.
    """
    if base.shape != pixels.shape or base.dtype != pixels.dtype:
        return None
    differs = np.zeros(base.shape[:2], bool)
    for top in range(0, base.shape[0], 64):
        rows = slice(top, top + 64)
        differs[rows] = (base[rows] != pixels[rows]).any(axis=2)
    box = []
    for axis in (1, 0):
        places = np.flatnonzero(differs.any(axis=axis))
        box.append(slice(int(places[0]), int(places[-1]) + 1) if places.size else slice(0, 0))
    return box[0], box[1]


def _packed_mask(mask: Mask) -> bytes:
    """Grey, where its levels divide [0, 1] evenly; else its floats, deflated."""
    levels = mask_levels(mask)
    if levels is not None:
        return png.encode(levels)
    return zlib.compress(np.ascontiguousarray(mask, dtype="<f4").tobytes(), 1)


def _arrays(pixels: Pixels, alpha: Alpha | None) -> tuple[NDArray[Any], ...]:
    return (pixels,) if alpha is None else (pixels, alpha)


def _thumbnail(pixels: Pixels, alpha: Alpha | None) -> bytes:
    step = max(1, max(pixels.shape[:2]) // (4 * _THUMBNAIL_SIDE))
    every = np.s_[::step, ::step]
    whole = pixels[every] if alpha is None else np.dstack([pixels[every], alpha[every]])
    small = Image.fromarray(np.ascontiguousarray(to_8_bit(whole)))
    small.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE))
    file = io.BytesIO()
    small.save(file, "PNG")
    return file.getvalue()
