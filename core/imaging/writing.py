"""Picture files out: PNG, TIFF, JPEG or WebP, with profile, EXIF, XMP, resolution and recipe."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.errors import SaveError
from core.imaging import png
from core.imaging.atomic import write_atomically
from core.imaging.metadata import mark_as_ai, upright_exif, upright_xmp
from core.request import Pixels

if TYPE_CHECKING:
    from core.imaging.image import Picture

RECIPE_KEYWORD = "sfumato"
_XMP_KEYWORD = "XML:com.adobe.xmp"
_FORMATS = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
}
_LONGEST_SIDE = {"PNG": 2**31 - 1, "TIFF": 2**31 - 1, "JPEG": 65_500, "WEBP": 16_383}


def save(
    path: Path | str,
    pixels: Pixels,
    *,
    like: "Picture | None" = None,
    recipe: Mapping[str, object] | None = None,
    quality: int = 95,
    mark_ai: bool | None = None,
) -> None:
    """Write `pixels` (RGB HxWx3, uint8 or uint16) in the format that the name's ending says.

    like: the picture that this was made from; its profile, EXIF, XMP and resolution go along, and
        its alpha if it has the same size (JPEG holds none).
    recipe: how it was made (`core.recipe`); PNG carries it in an iTXt chunk named "sfumato".
    quality: of JPEG and WebP, 1 to 100. PNG and TIFF are exact, in 8 as in 16 bits; the others
        hold 8 bits, to which 16 are rounded.
    mark_ai: whether XMP declares the IPTC digital source type of AI results; by default if there
        is a recipe.

    The old file stays until the new one is on the disk whole. Raises SaveError.
    """
    path = Path(path)
    kind = format_for(path)
    height, width = pixels.shape[:2]
    if max(height, width) > _LONGEST_SIDE[kind]:
        raise SaveError(
            f"{path.name} cannot hold {width} x {height} pixels; {kind} ends at "
            f"{_LONGEST_SIDE[kind]} a side. Save it as .png or .tiff."
        )
    try:
        data = _encode(pixels, kind, like, recipe, quality, mark_ai)
    except (ValueError, OSError, MemoryError) as error:
        reason = str(error).strip().rstrip(".") or type(error).__name__
        raise SaveError(
            f"{path.name} could not be made as {kind} ({reason}). Save it as .png or .tiff."
        ) from error
    write_atomically(path, data)


def format_for(path: Path | str) -> str:
    """The format that a name's ending asks for: "PNG", "JPEG", "WEBP", "TIFF"; else SaveError."""
    path = Path(path)
    kind = _FORMATS.get(path.suffix.lower())
    if kind is None:
        raise SaveError(
            f"{path.name} does not say in which format to save. "
            "End it in .png, .jpg, .webp or .tiff."
        )
    return kind


def to_8_bit(values: NDArray[Any]) -> NDArray[np.uint8]:
    """uint16 rounded to the nearest of 256 levels; uint8 as it is."""
    if values.dtype == np.uint8:
        return values
    return ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)


def to_depth(values: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """uint8 or uint16 `values` as the other of the two, full range to full range."""
    if values.dtype == dtype:
        return values
    return to_8_bit(values) if dtype == np.uint8 else values.astype(np.uint16) * np.uint16(257)


def _encode(
    pixels: Pixels,
    kind: str,
    like: "Picture | None",
    recipe: Mapping[str, object] | None,
    quality: int,
    mark_ai: bool | None,
) -> bytes:
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype not in (np.uint8, np.uint16):
        raise ValueError(f"pixels are {pixels.dtype} of shape {pixels.shape}")
    icc, exif, xmp, dpi = (
        (like.icc, like.exif, like.xmp, like.dpi) if like else (None, None, None, None)
    )
    exif, xmp = upright_exif(exif), upright_xmp(xmp)
    if mark_ai if mark_ai is not None else recipe is not None:
        xmp = mark_as_ai(xmp)
    values: NDArray[Any] = pixels
    if kind in ("JPEG", "WEBP"):
        values = to_8_bit(pixels)
    if like and like.alpha is not None and like.alpha.shape == pixels.shape[:2] and kind != "JPEG":
        values = np.dstack([values, to_depth(like.alpha, values.dtype)])
    if kind == "PNG":
        return png.encode(values, list(_png_chunks(icc, exif, xmp, dpi, recipe)))
    if kind == "TIFF":
        from core.imaging.tiff import encode

        return encode(values, icc=icc, exif=exif, xmp=xmp, dpi=dpi)
    return _through_pillow(values, kind, icc, exif, xmp, dpi, quality)


def _png_chunks(
    icc: bytes | None,
    exif: bytes | None,
    xmp: bytes | None,
    dpi: tuple[float, float] | None,
    recipe: Mapping[str, object] | None,
) -> list[bytes]:
    """The metadata's chunks, in the order that PNG asks for."""
    found = []
    if icc is not None:
        found.append(png.icc_chunk(icc))
    if dpi is not None:
        found.append(png.resolution_chunk(dpi))
    if exif is not None:
        found.append(png.chunk(b"eXIf", exif))
    if xmp is not None:
        found.append(png.text_chunk(_XMP_KEYWORD, xmp.decode("utf-8", errors="replace")))
    if recipe is not None:
        found.append(png.text_chunk(RECIPE_KEYWORD, json.dumps(recipe, ensure_ascii=False)))
    return found


def _through_pillow(
    values: NDArray[Any],
    kind: str,
    icc: bytes | None,
    exif: bytes | None,
    xmp: bytes | None,
    dpi: tuple[float, float] | None,
    quality: int,
) -> bytes:
    options: dict[str, Any] = {"quality": quality}
    if kind == "JPEG":
        options["subsampling"] = 0 if quality >= 90 else 2
        options["optimize"] = True
        if dpi is not None:
            options["dpi"] = dpi
    if icc is not None:
        options["icc_profile"] = icc
    if exif is not None:
        options["exif"] = b"Exif\0\0" + exif
    if xmp is not None:
        options["xmp"] = xmp
    file = io.BytesIO()
    Image.fromarray(values).save(file, kind, **options)
    return file.getvalue()
