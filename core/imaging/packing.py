"""A mask as a short text that gives back every value exactly: how recipes carry it."""

import base64
import zlib
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.imaging import png
from core.request import Mask

Encoding = Literal["png8", "png16", "float32"]


def pack_mask(mask: Mask) -> tuple[Encoding, str]:
    """The most compact exact encoding of `mask` HxW, and its data in base64.

    "png8" and "png16" are grey PNGs whose levels divide [0, 1] evenly; "float32" is deflated.
    """
    levels = mask_levels(mask)
    if levels is not None:
        kind = "png8" if levels.dtype == np.uint8 else "png16"
        return kind, _text(png.encode(levels, level=9))
    return "float32", _text(zlib.compress(np.ascontiguousarray(mask, dtype="<f4").tobytes(), 6))


def unpack_mask(encoding: Encoding, text: str, size: tuple[int, int]) -> Mask:
    """The mask HxW = `size` that `pack_mask` packed. Raises ValueError, before allocating more."""
    height, width = size
    data = base64.b64decode(text, validate=True)
    if encoding == "float32":
        try:
            raw = zlib.decompressobj().decompress(data, 4 * height * width)
        except zlib.error as error:
            raise ValueError(str(error)) from error
        return np.frombuffer(raw, dtype="<f4").reshape(size).astype(np.float32)
    header = png.read_header(data)
    if (header.height, header.width) != size or header.colour != 0:
        raise ValueError("it has another size or colours")
    png.check_structure(data)
    levels = png.decode_grey(data)
    return levels.astype(np.float32) / np.float32(65535 if levels.dtype == np.uint16 else 255)


def mask_levels(mask: Mask) -> NDArray[np.uint8] | NDArray[np.uint16] | None:
    """`mask` in whole levels of 8 or else 16 bits, if dividing them gives back exactly `mask`."""
    for dtype in (np.uint8, np.uint16):
        top = np.float32(np.iinfo(dtype).max)
        levels: Any = np.rint(mask * top).astype(dtype)
        if np.array_equal(levels.astype(np.float32) / top, mask):
            return levels
    return None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
