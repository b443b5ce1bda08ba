"""TIFF with 16 bits per channel, which Pillow cannot hold: read exactly, written with metadata."""

import io
import logging
import math
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import PictureError
from core.imaging.metadata import pack_directory, tiff_directories

_XMP_TAG = 700
_DEFLATE = (8, 32946)
_MAX_SAMPLES = 8

# Its complaints about damaged files are ours to word; without a handler they go to the terminal.
logging.getLogger("tifffile").addHandler(logging.NullHandler())

# tifffile will not write pointers to directories; these private tags hold their places.
_PLACEHOLDERS = {0x8769: 65000, 0x8825: 65001}


def decode_16_bit(
    data: bytes, bits: tuple[int, ...], mode: str, name: str
) -> tuple[NDArray[np.uint16], NDArray[np.uint16] | None, bool]:
    """(pixels HxWx3, alpha HxW or None, whether it was grey) of a TIFF's first page.

    bits: its BitsPerSample. Raises PictureError for kinds of pixels that are not opened, ValueError
    for damaged files.
    """
    import tifffile

    with tifffile.TiffFile(io.BytesIO(data)) as file:
        page = file.pages[0]
        if not isinstance(page, tifffile.TiffPage):
            raise ValueError("its first page cannot be read")
        if set(bits) != {16} or page.dtype is None or page.dtype.kind != "u":
            raise PictureError(
                f"{name} has {max(bits)}-bit pixels of kind {mode}; save it as 8 or 16 bit RGB, "
                "or choose another."
            )
        photometric = page.photometric
        if photometric not in (0, 1, 2):
            raise PictureError(
                f"{name} is a 16-bit {getattr(photometric, 'name', photometric)} TIFF; save it as "
                "RGB, or choose another."
            )
        try:
            _check_unpacked_size(page, data)
            stored = page.asarray()
        except ValueError as error:
            if "imagecodecs" not in str(error) and "codec" not in str(error):
                raise
            stored = _through_opencv(data)
        planar = page.planarconfig == 2 and stored.ndim == 3
        extra = [int(kind) for kind in page.extrasamples]
    if planar:
        stored = np.moveaxis(stored, 0, 2)
    values = stored[..., None] if stored.ndim == 2 else stored
    if values.ndim != 3 or values.dtype != np.uint16:
        raise ValueError("its pixels cannot be unpacked")
    grey = photometric != 2
    colours = values[..., [0, 0, 0] if grey else [0, 1, 2]]
    if photometric == 0:
        colours = np.uint16(65535) - colours
    place = 1 if grey else 3
    alpha = None
    if extra[:1] in ([1], [2]) and values.shape[2] > place:
        alpha = np.ascontiguousarray(values[..., place])
        if extra[0] == 1:
            colours = _unmultiplied(colours, alpha)
    return np.ascontiguousarray(colours), alpha, grey


def _check_unpacked_size(page: Any, data: bytes) -> None:
    """Raise ValueError if deflated strips unpack to more than the picture needs (a bomb)."""
    if math.prod(page.shape) > page.imagewidth * page.imagelength * _MAX_SAMPLES:
        raise ValueError("it has too many channels")
    if page.compression not in _DEFLATE:
        return
    most = math.prod(page.chunks) * page.dtype.itemsize
    for start, length in zip(page.dataoffsets, page.databytecounts, strict=True):
        unpacker = zlib.decompressobj()
        try:
            unpacker.decompress(data[start : start + length], most)
        except zlib.error as error:
            raise ValueError("its pixels cannot be unpacked") from error
        if unpacker.unconsumed_tail:
            raise ValueError("its strips hold more than its header says")


def _through_opencv(data: bytes) -> NDArray[Any]:
    """Compressions that tifffile leaves to an extra (LZW above all) are in OpenCV's libtiff."""
    import cv2

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None or decoded.dtype != np.uint16:
        raise ValueError("its pixels cannot be unpacked")
    if decoded.ndim == 3 and decoded.shape[2] >= 3:
        decoded = decoded[..., [2, 1, 0, 3][: decoded.shape[2]]]
    return decoded


def _unmultiplied(colours: NDArray[np.uint16], alpha: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Colours that were stored multiplied by alpha, divided again; 0 where alpha is."""
    wide = alpha.astype(np.float64)[..., None]
    divided = np.divide(colours * 65535.0, wide, out=np.zeros(colours.shape), where=wide > 0)
    return np.clip(np.rint(divided), 0, 65535).astype(np.uint16)


def encode(
    pixels: NDArray[Any],
    *,
    icc: bytes | None = None,
    exif: bytes | None = None,
    xmp: bytes | None = None,
    dpi: tuple[float, float] | None = None,
) -> bytes:
    """A deflated TIFF of `pixels` HxWx3 or HxWx4 (straight alpha), uint8 or uint16."""
    import tifffile

    described, directories = tiff_directories(exif)
    tags: list[tuple[int, str, int, Any, bool]] = []
    if xmp is not None:
        tags.append((_XMP_TAG, "B", len(xmp), xmp, True))
    for tag, value in described.items():
        text = str(value).strip("\0").encode("ascii", errors="replace").decode()
        tags.append((tag, "s", 0, text, True))
    tags += [(_PLACEHOLDERS[tag], "I", 1, 0, True) for tag in directories]
    file = io.BytesIO()
    tifffile.imwrite(
        file,
        pixels,
        byteorder="<",
        photometric="rgb",
        extrasamples=["unassalpha"] if pixels.shape[2] == 4 else None,
        compression="zlib",
        predictor=2,
        rowsperstrip=max(1, 2**20 // (pixels.shape[1] * pixels.shape[2] * pixels.itemsize)),
        resolution=dpi,
        resolutionunit="INCH" if dpi else None,
        iccprofile=icc,
        extratags=tags,
        metadata=None,
        software=False,
    )
    return _with_directories(file.getvalue(), directories)


def _with_directories(data: bytes, directories: dict[int, dict[int, Any]]) -> bytes:
    """`data` with each directory appended, and its placeholder made the pointer to it."""
    changed = bytearray(data)
    (start,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, start)
    entries = [data[at : at + 12] for at in range(start + 2, start + 2 + 12 * count, 12)]
    for tag, content in directories.items():
        changed += b"\0" * (len(changed) % 2)
        pointer = struct.pack("<HHII", tag, 4, 1, len(changed))
        place = struct.pack("<H", _PLACEHOLDERS[tag])
        entries = [pointer if entry.startswith(place) else entry for entry in entries]
        changed += pack_directory(content, len(changed))
    entries.sort(key=lambda entry: struct.unpack_from("<H", entry)[0])
    changed[start + 2 : start + 2 + 12 * count] = b"".join(entries)
    return bytes(changed)
