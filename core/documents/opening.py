"""Any file with a picture in it: documents are told by their first bytes, not by their names."""

from pathlib import Path

from core.documents import openraster, photoshop
from core.documents.document import StoredDocument
from core.documents.flatten import flatten
from core.imaging import image

__all__ = ["load_picture", "read", "read_any"]


def read(path: Path | str) -> StoredDocument | None:
    """The document in `path`; None if it is none, a plain picture perhaps.

    Raises DocumentError.
    """
    start = _start(Path(path))
    if start == b"PK\x03\x04":
        return openraster.read(path)
    return photoshop.read(path) if start == b"8BPS" else None


def read_any(path: Path | str) -> StoredDocument | image.Picture:
    """The document or the picture in `path`. Raises DocumentError or PictureError."""
    found = read(path)
    return image.load(path) if found is None else found


def load_picture(path: Path | str) -> image.Picture:
    """A picture file, or what a document shows. Raises PictureError or DocumentError."""
    path = Path(path)
    start = _start(path)
    if start == b"PK\x03\x04":
        return openraster.read_merged(path)
    if start == b"8BPS":
        document = photoshop.read(path)
        pixels, alpha = flatten(document)
        return image.Picture(
            pixels, alpha, document.icc, document.exif, document.xmp, document.dpi, path
        )
    return image.load(path)


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4)
    except OSError:
        return b""  # who reads the picture will say why
