"""Takes a document out of a zip file that may come from anywhere."""

import json
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from core.documents import stack
from core.documents.archive import Archive
from core.documents.contents import (
    VERSION,
    Contents,
    ResultRecord,
    build_finished,
    build_request,
)
from core.documents.document import Alpha, StoredDocument, StoredJob, StoredLayer, StoredResult
from core.documents.flatten import Look
from core.documents.writer import CONTENTS, MERGED, THUMBNAIL
from core.errors import DocumentError, PictureError, SfumatoError
from core.imaging import image, png
from core.imaging.writing import to_depth
from core.request import Mask, Pixels

MAX_CANVAS = image.MAX_PIXELS
MAX_DECODED_BYTES = 12 * 1024**3
MAX_UNKNOWN_BYTES = 256 * 1024**2
_MAX_TEXT_BYTES = 64 * 1024**2
_MAX_STACK_BYTES = 4 * 1024**2
_MAX_PICTURE_BYTES = 4 * 1024**3
_MAX_PROFILE_BYTES = 64 * 1024**2
_MAX_INVERSION_BYTES = 1024**3
# A PNG cannot hold more than 1032 times its size; what promises more was packed twice to deceive.
_MAX_RATIO = 1032
_SURELY_HARMLESS = 256 * 1024**2
_HEADER_BYTES = 33


class Reader:
    """Reads one document from an open archive."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._pictures: dict[str, Look] = {}
        self._masks: dict[tuple[str, tuple[int, int]], Mask] = {}
        self._notices: list[str] = []

    def read(self) -> StoredDocument:
        layout = self._stack()
        contents = self._contents()
        self._check_pictures(layout, contents)
        bits = self._bits(layout, contents)
        layers = [self._layer(entry, contents, bits) for entry in layout.entries]
        mask = self._selection(contents, layout)
        results, unread = self._results(contents)
        return StoredDocument(
            width=layout.width,
            height=layout.height,
            bits=bits,
            layers=(*layers, *unread),
            mask=mask,
            results=tuple(results),
            jobs=tuple(self._jobs(contents)),
            original=self._original(contents),
            panel=contents.panel,
            inversions={
                name: self._archive.read(member, _MAX_INVERSION_BYTES)
                for name, member in contents.inversions.items()
            },
            icc=self._optional(contents.icc) or self._foreign_icc(layout),
            exif=self._optional(contents.exif),
            xmp=self._optional(contents.xmp),
            dpi=contents.dpi or layout.dpi,
            format=contents.format,
            attributes=layout.attributes,
            members=self._unknown(layout, contents),
            notices=(*layout.notices, *self._notices),
        )

    def read_merged(self) -> image.Picture:
        """The picture that the file says its layers show, with the metadata of its original."""
        layout, contents = self._stack(), self._contents()
        self._check_headers([MERGED])
        picture = self._decode(MERGED)
        if picture.size != (layout.height, layout.width):
            raise self._archive.damaged(f"{MERGED} is not as large as its canvas")
        return image.Picture(
            picture.pixels,
            picture.alpha,
            icc=self._optional(contents.icc) or picture.icc,
            exif=self._optional(contents.exif),
            xmp=self._optional(contents.xmp),
            dpi=contents.dpi or layout.dpi,
        )

    # -- what the file says -----------------------------------------------------------------

    def _stack(self) -> stack.Stack:
        if "stack.xml" not in self._archive:
            raise DocumentError(
                f"{self._archive.name} is a zip archive without layers. Choose a .sfumato or .ora "
                "file."
            )
        try:
            layout = stack.parse(self._archive.read("stack.xml", _MAX_STACK_BYTES))
        except stack.StackError as error:
            raise self._archive.damaged(str(error)) from error
        if layout.width < 1 or layout.height < 1:
            raise self._archive.damaged("its canvas has no pixels")
        if layout.width * layout.height > MAX_CANVAS:
            raise DocumentError(
                f"{self._archive.name} is {layout.width} x {layout.height} pixels; at most "
                f"{MAX_CANVAS / 1e6:.0f} megapixels can be opened. Make it smaller first."
            )
        return layout

    def _contents(self) -> Contents:
        if CONTENTS not in self._archive:
            return Contents()
        try:
            found = json.loads(self._archive.read(CONTENTS, _MAX_TEXT_BYTES))
            version = found.get("version") if isinstance(found, dict) else None
            if isinstance(version, int) and version > VERSION:
                raise DocumentError(
                    f"{self._archive.name} was saved by a newer Sfumato. Update Sfumato."
                )
            return Contents.model_validate(found)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            raise self._archive.damaged(f"{CONTENTS}: {place}: {first['msg']}") from error
        except (ValueError, RecursionError) as error:
            raise self._archive.damaged(f"{CONTENTS} is not JSON") from error

    def _check_pictures(self, layout: stack.Stack, contents: Contents) -> None:
        """Hold what all pictures promise against the limits, before one of them is unpacked."""
        members = {entry.source for entry in layout.entries}
        members |= {record.pixels for record in contents.results if record.pixels}
        requests = [record.request for record in (*contents.results, *contents.jobs)]
        members |= {request.picture for request in requests if request.picture}
        members |= set() if contents.mask is None else {contents.mask}
        members |= set() if contents.original is None else {contents.original.source}
        # A patch is laid over a copy of its picture.
        copies = [record.request.picture for record in contents.results if record.is_patch]
        self._check_headers([*sorted(members), *filter(None, copies)])

    def _check_headers(self, members: Iterable[str]) -> None:
        promised = 0
        for member in members:
            start = self._archive.start(member, _HEADER_BYTES)
            if not start.startswith(png.SIGNATURE):
                raise self._archive.damaged(f"{member} is no PNG")
            try:
                header = png.read_header(start)
            except png.DamagedPngError as error:
                raise self._archive.damaged(f"{member}: {error}") from error
            if header.width * header.height > MAX_CANVAS:
                raise DocumentError(
                    f"{self._archive.name} is refused: its {member} is {header.width} x "
                    f"{header.height} pixels. Choose another."
                )
            promised += header.raw_bytes
        most = max(_SURELY_HARMLESS, _MAX_RATIO * self._archive.packed_bytes)
        if promised > min(most, MAX_DECODED_BYTES):
            raise DocumentError(
                f"{self._archive.name} is refused: its pictures would need "
                f"{promised / 1e9:.1f} GB of memory. Merge layers, or choose another."
            )

    def _bits(self, layout: stack.Stack, contents: Contents) -> Literal[8, 16]:
        """The depth that none of its layers loses by."""
        for entry in layout.entries:
            start = self._archive.start(entry.source, _HEADER_BYTES)
            if png.read_header(start).depth == 16:
                return 16
        return contents.bits

    # -- pictures ---------------------------------------------------------------------------

    def _decode(self, member: str) -> image.Picture:
        data = self._archive.read(member, _MAX_PICTURE_BYTES)
        try:
            return image.from_bytes(
                data, name=f"{self._archive.name}: {member}", max_pixels=MAX_CANVAS
            )
        except PictureError as error:
            raise DocumentError(str(error)) from error

    def _picture(self, member: str) -> Look:
        """(pixels, alpha) of a PNG; the same arrays however often they are asked for."""
        if member not in self._pictures:
            picture = self._decode(member)
            self._pictures[member] = picture.pixels, cast("Alpha | None", picture.alpha)
        return self._pictures[member]

    def _layer(self, entry: stack.Entry, contents: Contents, bits: Literal[8, 16]) -> StoredLayer:
        record = next((one for one in contents.layers if one.source == entry.source), None)
        dtype = np.dtype(np.uint8 if bits == 8 else np.uint16)
        if record is not None and record.empty:
            pixels, alpha = _frozen(np.zeros((0, 0, 3), dtype)), None
        else:
            pixels, alpha = self._picture(entry.source)
            if pixels.dtype != dtype:
                pixels = _frozen(to_depth(pixels, dtype))
                alpha = None if alpha is None else _frozen(to_depth(alpha, dtype))
        return StoredLayer(
            name=entry.name,
            pixels=pixels,
            alpha=alpha,
            x=entry.x,
            y=entry.y,
            opacity=entry.opacity,
            visible=entry.visible,
            atop=entry.atop,
            recipe=None if record is None else record.recipe,
            kind="picture" if record is None else record.kind,
            attributes=entry.attributes,
        )

    def _original(self, contents: Contents) -> StoredLayer | None:
        record = contents.original
        if record is None:
            return None
        pixels, alpha = self._picture(record.source)
        return StoredLayer(record.name, pixels, alpha, x=record.x, y=record.y)

    def _selection(self, contents: Contents, layout: stack.Stack) -> NDArray[np.uint8] | None:
        if contents.mask is None:
            return None
        picture = self._decode(contents.mask)
        if picture.size != (layout.height, layout.width) or picture.pixels.dtype != np.uint8:
            raise self._archive.damaged("its selection has another size")
        return _frozen(picture.pixels[..., 0].copy())

    def _mask(self, member: str, size: tuple[int, int]) -> Mask:
        key = member, size
        if key not in self._masks:
            data = self._archive.read(member, 4 * size[0] * size[1] + 4096)
            self._masks[key] = _frozen(_unpacked_mask(data, size))
        return self._masks[key]

    # -- results and jobs -------------------------------------------------------------------

    def _results(self, contents: Contents) -> tuple[list[StoredResult], list[StoredLayer]]:
        """The results; and, as hidden layers, those whose request is not understood here."""
        results, unread = [], []
        for record in contents.results:
            base = None if record.request.picture is None else self._rgb(record.request.picture)
            pixels = self._result_pixels(record, base)
            try:
                finished = build_finished(record.values, self._request(record.request), pixels)
            except (ValueError, TypeError, SfumatoError):
                unread.append(StoredLayer(record.title, pixels, visible=False, kind="result"))
                self._notices.append(
                    f"How “{record.title}” was made is not understood by this version; it is kept "
                    "as a hidden layer."
                )
            else:
                results.append(StoredResult(record.title, finished))
        return results, unread

    def _result_pixels(self, record: ResultRecord, base: Pixels | None) -> Pixels:
        if not record.is_patch:
            if record.pixels is None:
                raise self._archive.damaged(f"the result “{record.title}” has no pixels")
            return self._rgb(record.pixels)
        if base is None:
            raise self._archive.damaged(f"the result “{record.title}” lies over nothing")
        pixels = cast(Any, base.copy())
        if record.pixels is not None:
            patch = self._rgb(record.pixels)
            rows = slice(record.y, record.y + patch.shape[0])
            columns = slice(record.x, record.x + patch.shape[1])
            if pixels[rows, columns].shape != patch.shape or patch.dtype != pixels.dtype:
                raise self._archive.damaged(f"the result “{record.title}” does not fit its picture")
            pixels[rows, columns] = patch
        return _frozen(pixels)

    def _jobs(self, contents: Contents) -> list[StoredJob]:
        jobs = []
        for record in contents.jobs:
            try:
                jobs.append(StoredJob(record.title, self._request(record.request)))
            except (ValueError, TypeError, SfumatoError):
                self._notices.append(f"“{record.title}” cannot be run by this version.")
        return jobs

    def _request(self, record: Any) -> Any:
        size = (0, 0)
        if record.picture is not None:
            height, width = self._rgb(record.picture).shape[:2]
            size = height, width
        return build_request(record, self._rgb, lambda member: self._mask(member, size))

    def _rgb(self, member: str) -> Pixels:
        pixels, alpha = self._picture(member)
        if alpha is not None:
            raise self._archive.damaged(f"{member} has transparency where none can be")
        return pixels

    # -- the rest ---------------------------------------------------------------------------

    def _optional(self, member: str | None) -> bytes | None:
        return None if member is None else self._archive.read(member, _MAX_PROFILE_BYTES)

    def _foreign_icc(self, layout: stack.Stack) -> bytes | None:
        """The profile of the lowest layer, as other programs tell it."""
        if CONTENTS in self._archive or not layout.entries:
            return None
        return self._decode(layout.entries[0].source).icc

    def _unknown(self, layout: stack.Stack, contents: Contents) -> dict[str, bytes]:
        known = {"mimetype", "stack.xml", MERGED, THUMBNAIL, CONTENTS}
        known |= {entry.source for entry in layout.entries}
        found: dict[str, bytes] = {}
        left = MAX_UNKNOWN_BYTES
        for member in self._archive.members:
            if member in known or _is_own(member, contents):
                continue
            found[member] = self._archive.read(member, left)
            left -= len(found[member])
        return found


def read_document(path: Path) -> StoredDocument:
    """The document in `path`. Raises DocumentError."""
    with Archive(path) as archive:
        return _guarded(archive, Reader(archive).read)


def read_merged(path: Path) -> image.Picture:
    """What the document in `path` shows, without its layers. Raises DocumentError."""
    with Archive(path) as archive:
        return _guarded(archive, Reader(archive).read_merged)


def _guarded(archive: Archive, read: Any) -> Any:
    try:
        return read()
    except MemoryError as error:
        raise DocumentError(
            f"{archive.name} needs more memory than there is. Close other programs, or merge "
            "layers."
        ) from error


def _is_own(member: str, contents: Contents) -> bool:
    """Whether a member was reached through the contents."""
    requests = [record.request for record in (*contents.results, *contents.jobs)]
    reached = {record.pixels for record in contents.results}
    reached |= {request.picture for request in requests} | {request.mask for request in requests}
    reached |= {contents.mask, contents.icc, contents.exif, contents.xmp}
    if contents.original is not None:
        reached.add(contents.original.source)
    return member in reached or member in contents.inversions.values()


def _unpacked_mask(data: bytes, size: tuple[int, int]) -> Mask:
    """Raises ValueError, before allocating more than `size` needs."""
    if data.startswith(png.SIGNATURE):
        header = png.read_header(data)
        if (header.height, header.width) != size or header.colour != 0:
            raise ValueError("its mask has another size or colours")
        png.check_structure(data)
        levels = png.decode_grey(data)
        return levels.astype(np.float32) / np.float32(np.iinfo(levels.dtype).max)
    try:
        raw = zlib.decompressobj().decompress(data, 4 * size[0] * size[1])
    except zlib.error as error:
        raise ValueError(str(error)) from error
    return np.frombuffer(raw, dtype="<f4").reshape(size).astype(np.float32)


def _frozen(array: Any) -> Any:
    array.flags.writeable = False
    return array
