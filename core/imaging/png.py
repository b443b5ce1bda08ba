"""PNG files as chunks: check their structure, decode 16 bits exactly, encode with metadata.

Pillow turns 16-bit colour into 8-bit silently, so these go through OpenCV, stripped to the bare
pixels first: nothing but the stored numbers comes back, whatever else the file says.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"

# No deflate stream expands more than this; a header that promises more is a bomb or a torn file.
_MAX_DEFLATE_RATIO = 1032
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


class DamagedPngError(ValueError):
    """The file is not a whole PNG; the message says what is wrong, without the file's name."""


@dataclass(frozen=True)
class Header:
    """What IHDR says: sizes in pixels, bits per channel, and PNG's colour type."""

    width: int
    height: int
    depth: int
    colour: int

    @property
    def raw_bytes(self) -> int:
        """The pixels' size in bytes before compression, row filters included (not interlaced)."""
        return self.height * (-(-self.width * self.depth * _CHANNELS[self.colour] // 8) + 1)


def read_header(data: bytes) -> Header:
    """IHDR of a PNG's first bytes. Raises DamagedPngError."""
    if len(data) < 33 or data[12:16] != b"IHDR":
        raise DamagedPngError("it has no header")
    width, height, depth, colour = struct.unpack(">IIBB", data[16:26])
    if colour not in _CHANNELS or depth not in (1, 2, 4, 8, 16):
        raise DamagedPngError(f"its header asks for {depth} bits of colour type {colour}")
    return Header(width, height, depth, colour)


def chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """(type, body) of each chunk up to IEND. Raises DamagedPngError on a torn or altered one."""
    view, at = memoryview(data), len(SIGNATURE)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, end = bytes(view[at + 4 : at + 8]), at + 8 + length
        if end + 4 > len(data):
            break
        if zlib.crc32(view[at + 4 : end]) != struct.unpack_from(">I", data, end)[0]:
            raise DamagedPngError(f"the checksum of its {kind.decode('latin-1')} chunk is wrong")
        yield kind, view[at + 8 : end]
        if kind == b"IEND":
            return
        at = end + 4
    raise DamagedPngError("it is truncated")


def check_structure(data: bytes) -> None:
    """Raise DamagedPngError if the file ends early or cannot hold as many pixels as it promises."""
    header = read_header(data)
    stored = sum(len(body) for kind, body in chunks(data) if kind == b"IDAT")
    if stored * _MAX_DEFLATE_RATIO < header.raw_bytes:
        raise DamagedPngError(
            f"it promises {header.width} x {header.height} pixels and holds {stored} bytes of them"
        )


def decode_16_bit(data: bytes) -> tuple[NDArray[np.uint16], NDArray[np.uint16] | None, bool]:
    """(pixels HxWx3, alpha HxW or None, whether it was grey) of a PNG with 16 bits per channel.

    Raises DamagedPngError.
    """
    import cv2

    header = read_header(data)
    key: NDArray[np.uint16] | None = None
    bare = bytearray(SIGNATURE)
    for kind, body in chunks(data):
        if kind in (b"IHDR", b"IDAT", b"IEND"):
            bare += chunk(kind, bytes(body))
        elif kind == b"tRNS" and header.colour in (0, 2):
            key = np.frombuffer(bytes(body), dtype=">u2").astype(np.uint16)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    found = cv2.imdecode(np.frombuffer(bare, np.uint8), cv2.IMREAD_UNCHANGED)
    if found is None or found.dtype != np.uint16:
        raise DamagedPngError("its pixels cannot be unpacked")
    decoded = np.asarray(found, dtype=np.uint16)
    decoded = decoded[..., None] if decoded.ndim == 2 else decoded
    alpha = decoded[..., 3].copy() if decoded.shape[2] == 4 else None
    colours = decoded[..., [2, 1, 0] if decoded.shape[2] >= 3 else [0, 0, 0]]
    if key is not None and len(key) == _CHANNELS[header.colour]:
        alpha = np.where((colours == key).all(axis=2), 0, 65535).astype(np.uint16)
    return np.ascontiguousarray(colours), alpha, header.colour in (0, 4)


def decode_grey(data: bytes) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """The values HxW of a grey PNG with 8 or 16 bits that `encode` made. Raises DamagedPngError."""
    import cv2

    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if found is None or found.ndim != 2:
        raise DamagedPngError("its pixels cannot be unpacked")
    wide = found.dtype == np.uint16
    return np.asarray(found, dtype=np.uint16) if wide else np.asarray(found, dtype=np.uint8)


def encode(pixels: NDArray[Any], extra: Sequence[bytes] = (), level: int = 1) -> bytes:
    """A PNG of `pixels` HxW, HxWx3 or HxWx4, uint8 or uint16, with `extra` chunks after IHDR.

    level: deflate effort, 0 to 9; 1 is fast and its files are barely larger than 6's.
    """
    import cv2

    swapped = pixels if pixels.ndim == 2 else pixels[..., [2, 1, 0, 3][: pixels.shape[2]]]
    options = [cv2.IMWRITE_PNG_COMPRESSION, level]
    done, buffer = cv2.imencode(".png", np.ascontiguousarray(swapped), options)
    if not done:
        raise ValueError("PNG encoding failed")
    data = buffer.tobytes()
    return b"".join((data[:33], *extra, data[33:]))


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk: length, type, body, checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def icc_chunk(icc: bytes) -> bytes:
    return chunk(b"iCCP", b"ICC Profile\0\0" + zlib.compress(icc, 9))


def text_chunk(keyword: str, text: str) -> bytes:
    """An iTXt chunk. It is not compressed: readers refuse compressed text above a megabyte."""
    return chunk(b"iTXt", keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode())


def resolution_chunk(dpi: tuple[float, float]) -> bytes:
    """Dots per inch as pHYs, which counts in whole pixels per metre."""
    return chunk(b"pHYs", struct.pack(">IIB", *(round(side / 0.0254) for side in dpi), 1))


def read_text(data: bytes, keyword: str) -> str | None:
    """The text of the first uncompressed iTXt chunk named `keyword`, or None.

    Raises DamagedPngError.
    """
    start = keyword.encode("latin-1") + b"\0\0"
    for kind, body in chunks(data):
        if kind == b"iTXt" and bytes(body[: len(start)]) == start:
            parts = bytes(body)[len(start) + 1 :].split(b"\0", 2)
            if len(parts) == 3:
                return parts[2].decode("utf-8", errors="replace")
        if kind == b"IEND":
            break
    return None
