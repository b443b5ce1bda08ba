"""EXIF and XMP beside the pixels: orientation applied once, AI results marked, the rest kept."""

import re
import struct
from typing import Any

from PIL import Image, TiffImagePlugin

AI_SOURCE_TYPE = (
    "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
)
_IPTC_EXTENSION = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_ORIENTATION = 0x0112
_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825

# Descriptive tags of a TIFF's first directory; the others say how its pixels are stored.
_DESCRIPTIVE = (0x010D, 0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x8298)

_SOURCE_TYPE = re.compile(
    rb"""\s[\w.-]+:DigitalSourceType\s*=\s*(?:"[^"]*"|'[^']*')"""
    rb"""|<([\w.-]+:DigitalSourceType)\b[^>]*(?:/>|>[^<]*</\1\s*>)"""
)
_XMP_ORIENTATION = re.compile(
    rb"""(\btiff:Orientation\s*=\s*["']|<tiff:Orientation>)\s*[2-8]\s*(?=["'<])"""
)
_XMP_PLACE = re.compile(
    rb"""\s[\w.-]+:GPS\w+\s*=\s*(?:"[^"]*"|'[^']*')"""
    rb"""|<([\w.-]+:GPS\w+)\b[^>]*(?:/>|>.*?</\1\s*>)""",
    re.DOTALL,
)
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
"""Bytes of a value by its TIFF type."""
_RDF_START = re.compile(rb"<([\w.-]+):RDF\b[^>]*[^/>]>")


def exif_of(image: Image.Image) -> bytes | None:
    """The EXIF block as the file has it, without its "Exif" prefix; None without one.

    A TIFF keeps EXIF in its own directories: what describes the picture is gathered from them.
    """
    raw = image.info.get("exif")
    if isinstance(raw, bytes):
        raw = raw.removeprefix(b"Exif\0\0")
        return raw if raw[:2] in (b"II", b"MM") else None
    if image.format != "TIFF":
        return None
    source = image.getexif()
    kept = Image.Exif()
    for tag in _DESCRIPTIVE:
        if tag in source:
            kept[tag] = source[tag]
    for directory in (_EXIF_IFD, _GPS_IFD):
        content = source.get_ifd(directory)
        if content:
            kept[directory] = dict(content)
    return kept.tobytes().removeprefix(b"Exif\0\0") if len(kept) else None


def orientation_of(image: Image.Image) -> int:
    """EXIF orientation 1 to 8 (from XMP where EXIF has none); 1 when absent or senseless."""
    value = image.getexif().get(_ORIENTATION, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def upright_exif(exif: bytes | None) -> bytes | None:
    """`exif` with its orientation set to 1 and every other byte as it was."""
    if exif is None or len(exif) < 14:
        return exif
    order = "<" if exif[:2] == b"II" else ">"
    (start,) = struct.unpack_from(order + "I", exif, 4)
    if start + 2 > len(exif):
        return exif
    (count,) = struct.unpack_from(order + "H", exif, start)
    changed = bytearray(exif)
    for at in range(start + 2, min(start + 2 + 12 * count, len(exif) - 11), 12):
        tag, kind = struct.unpack_from(order + "HH", exif, at)
        if tag == _ORIENTATION and kind == 3:
            struct.pack_into(order + "H", changed, at + 8, 1)
    return bytes(changed)


def upright_xmp(xmp: bytes | None) -> bytes | None:
    """`xmp` with its orientation set to 1 and every other byte as it was."""
    return None if xmp is None else _XMP_ORIENTATION.sub(rb"\g<1>1", xmp)


def exif_without_place(exif: bytes | None) -> bytes | None:
    """`exif` with all that its GPS directory says blanked, and every other byte as it was.

    The directory stays, empty. What cannot be followed to its end is left out as a whole.
    """
    if exif is None or len(exif) < 14:
        return exif
    order = "<" if exif[:2] == b"II" else ">"
    changed = bytearray(exif)
    try:
        for at in _entries(exif, order, struct.unpack_from(order + "I", exif, 4)[0]):
            if struct.unpack_from(order + "H", exif, at)[0] == _GPS_IFD:
                _blank(changed, order, struct.unpack_from(order + "I", exif, at + 8)[0])
    except (struct.error, IndexError):
        return None
    return bytes(changed)


def xmp_without_place(xmp: bytes | None) -> bytes | None:
    """`xmp` without EXIF's GPS properties, and every other byte as it was."""
    return None if xmp is None else _XMP_PLACE.sub(b"", xmp)


def _entries(exif: bytes | bytearray, order: str, start: int) -> range:
    """Where the entries of the directory at `start` begin. Raises struct.error beyond the end."""
    (count,) = struct.unpack_from(order + "H", exif, start)
    if start + 2 + 12 * count > len(exif):
        raise struct.error("a directory ends beyond its file")
    return range(start + 2, start + 2 + 12 * count, 12)


def _blank(exif: bytearray, order: str, start: int) -> None:
    """Zero the directory at `start` and the values that it points at."""
    entries = _entries(exif, order, start)
    for at in entries:
        kind, count = struct.unpack_from(order + "HI", exif, at + 2)
        size = _SIZES.get(kind, 1) * count
        if size > 4:
            (where,) = struct.unpack_from(order + "I", exif, at + 8)
            if where + size > len(exif):
                raise struct.error("a value ends beyond its file")
            exif[where : where + size] = bytes(size)
    exif[start : entries.stop] = bytes(entries.stop - start)


def mark_as_ai(xmp: bytes | None) -> bytes:
    """An XMP packet that says "composite with trained algorithmic media" and keeps `xmp`'s rest.

    What cannot be read as XMP is replaced.
    """
    description = (
        f'<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""'
        f' xmlns:Iptc4xmpExt="{_IPTC_EXTENSION}"'
        f' Iptc4xmpExt:DigitalSourceType="{AI_SOURCE_TYPE}"/>'
    ).encode()
    if xmp is not None:
        rest = _SOURCE_TYPE.sub(b"", xmp)
        start = _RDF_START.search(rest)
        if start and b"\0" not in rest:
            return rest[: start.end()] + description + rest[start.end() :]
    return (
        b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        + description
        + b'</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )


def tiff_directories(exif: bytes | None) -> tuple[dict[int, Any], dict[int, dict[int, Any]]]:
    """`exif` as a TIFF stores it: descriptive tags, and the EXIF and GPS directories by tag."""
    if exif is None:
        return {}, {}
    parsed = Image.Exif()
    parsed.load(b"Exif\0\0" + exif)
    described = {tag: parsed[tag] for tag in _DESCRIPTIVE if tag in parsed}
    directories = {tag: dict(parsed.get_ifd(tag)) for tag in (_EXIF_IFD, _GPS_IFD)}
    return described, {tag: content for tag, content in directories.items() if content}


def pack_directory(content: dict[int, Any], offset: int) -> bytes:
    """A little-endian TIFF directory of `content` that will lie at byte `offset` of its file."""
    directory = TiffImagePlugin.ImageFileDirectory_v2()
    for tag, value in content.items():
        if not isinstance(value, dict):
            directory[tag] = value
    return directory.tobytes(offset)
