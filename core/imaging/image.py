"""Picture files in: what they are by content, how large before decoding, and every bit of them.

Eight bits go through Pillow, sixteen through OpenCV and tifffile (imported when first needed, so
that the window's first paint does not wait for them). Colours stay in the file's own RGB profile;
CMYK, Lab and profiled grey are converted to sRGB. EXIF orientation is applied and reset.
"""

import io
import struct
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, UnidentifiedImageError

from core.errors import PictureError
from core.imaging import png
from core.imaging.metadata import exif_of, orientation_of, upright_exif, upright_xmp
from core.imaging.writing import save
from core.request import Pixels

__all__ = ["MAX_PIXELS", "Picture", "from_bytes", "load", "save"]

MAX_PIXELS = 300_000_000
MAX_FILE_BYTES = 4 * 1024**3

# Pillow only warns about large pictures and refuses very large ones at a limit of its own; here
# the limit is ours, and is checked from the header before anything is decoded.
Image.MAX_IMAGE_PIXELS = None

_FORMATS = "PNG, JPEG, WebP, TIFF, BMP or GIF"
_DISGUISES = (
    (b"%!PS", "PostScript"),
    (b"\xc5\xd0\xd3\xc6", "PostScript"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x80", "a Python pickle"),
    (b"8BPS", "a Photoshop document"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture as it was in its file, upright.

    pixels: RGB HxWx3, uint8 or uint16, read-only.
    alpha: HxW of the same dtype, or None if the file has none.
    icc, exif, xmp: the file's own bytes, orientation reset to 1; exif without its "Exif" prefix.
    dpi: dots per inch (across, down).
    format: "PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", or "" for one that was not read.
    """

    pixels: Pixels
    alpha: NDArray[Any] | None = None
    icc: bytes | None = field(default=None, repr=False)
    exif: bytes | None = field(default=None, repr=False)
    xmp: bytes | None = field(default=None, repr=False)
    dpi: tuple[float, float] | None = None
    path: Path | None = None
    format: str = ""

    def __post_init__(self) -> None:
        self.pixels.flags.writeable = False
        if self.alpha is not None:
            self.alpha.flags.writeable = False

    @property
    def height(self) -> int:
        return self.pixels.shape[0]

    @property
    def width(self) -> int:
        return self.pixels.shape[1]

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self.height, self.width


def load(path: Path | str, max_pixels: int = MAX_PIXELS) -> Picture:
    """The picture in `path`; the first one of an animation or of several pages.

    Raises PictureError when it is missing, no picture of an allowed format, larger than
    `max_pixels`, empty, truncated or otherwise damaged.
    """
    path = Path(path)
    try:
        if not path.is_file():
            state = "is a folder" if path.is_dir() else "does not exist or is no file"
            raise PictureError(f"{path.name} {state}. Choose a {_FORMATS} file.")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise PictureError(f"{path.name} is larger than 4 GB. Choose a smaller file.")
        with path.open("rb") as file:
            start = file.read(4096)
            if _format_of(start) is None:
                raise PictureError(_not_a_picture(path.name, start))
            data = start + file.read()
    except OSError as error:
        reason = error.strerror or str(error)
        raise PictureError(
            f"{path.name} cannot be read: {reason}. Check the disk and your rights to the file."
        ) from error
    return from_bytes(data, name=path.name, path=path, max_pixels=max_pixels)


def from_bytes(
    data: bytes, *, name: str = "picture", path: Path | None = None, max_pixels: int = MAX_PIXELS
) -> Picture:
    """The picture in `data`, as `load`; `name` stands for it in messages. Raises PictureError."""
    kind = _format_of(data)
    if kind is None:
        raise PictureError(_not_a_picture(name, data))
    try:
        return _decode(data, kind, name, path, max_pixels)
    except PictureError:
        raise
    except (MemoryError, Image.DecompressionBombError) as error:
        raise PictureError(
            f"{name} needs more memory than there is. Make it smaller or choose another."
        ) from error
    except UnidentifiedImageError as error:
        raise PictureError(
            f"{name} is damaged or of an unusual kind. "
            "Save it again as 8 or 16 bit RGB, or choose another."
        ) from error
    except Exception as error:
        # Hostile and torn files make the decoders raise nearly anything.
        reason = " ".join(str(error).split()).rstrip(".")[:120] or type(error).__name__
        raise PictureError(
            f"{name} is damaged ({reason}). Copy or download it again, or choose another."
        ) from error


def _decode(data: bytes, kind: str, name: str, path: Path | None, max_pixels: int) -> Picture:
    if kind == "PNG":
        header = png.read_header(data)
        _check_size(header.width, header.height, name, max_pixels)
        png.check_structure(data)
    elif kind == "WEBP":
        # Pillow's WebP reader allocates whole frames on opening, so this header is ours to read.
        _check_size(*_webp_size(data), name, max_pixels)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data), formats=[kind]) as image:
            _check_size(*image.size, name, max_pixels)
            return _read_open(image, data, kind, name, path)


def _read_open(image: Image.Image, data: bytes, kind: str, name: str, path: Path | None) -> Picture:
    icc = image.info.get("icc_profile") or None
    if kind == "PNG" and png.read_header(data).depth == 16:
        pixels, alpha, grey = png.decode_16_bit(data)
    elif kind == "TIFF" and set(_bits_of(image)) != {8} and image.mode not in ("1", "L", "P"):
        from core.imaging.tiff import decode_16_bit

        pixels, alpha, grey = decode_16_bit(data, _bits_of(image), image.mode, name)
    else:
        pixels, alpha, icc = _eight_bits(image, icc)
        grey = False
    if grey and icc is not None:
        pixels, icc = _grey_through_profile(cast("NDArray[np.uint16]", pixels), icc), None
    if icc is not None and icc[16:20] != b"RGB ":
        icc = None
    # Read last: of a PNG, what follows the pixels is known only once they are loaded.
    orientation = orientation_of(image)
    dpi = image.info.get("dpi")
    return Picture(
        pixels=cast(Pixels, _upright(pixels, orientation)),
        alpha=None if alpha is None else _upright(alpha, orientation),
        icc=icc,
        exif=upright_exif(exif_of(image)),
        xmp=upright_xmp(_bytes_or_none(image.info.get("xmp"))),
        dpi=_checked_dpi(dpi if orientation < 5 or dpi is None else dpi[::-1]),
        path=path,
        format=kind,
    )


def _eight_bits(
    image: Image.Image, icc: bytes | None
) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None, bytes | None]:
    """Pixels HxWx3, alpha HxW or None, and the profile that still fits them."""
    alpha: Image.Image | None = None
    transparent = "transparency" in image.info or image.mode in ("PA", "RGBa", "La")
    if image.mode in ("LA", "RGBA") or transparent:
        image = image.convert("LA" if image.mode in ("L", "LA", "1", "La") else "RGBA")
        alpha = image.getchannel("A")
        image = image.convert("L" if image.mode == "LA" else "RGB")
    elif image.mode == "1":
        image = image.convert("L")
    if image.mode in ("L", "CMYK", "LAB"):
        image, icc = _to_srgb(image, icc)
    if image.mode not in ("RGB", "L", "P", "YCbCr", "RGBX", "HSV"):
        raise ValueError(f"pixels of kind {image.mode} are not supported")
    pixels = np.array(image.convert("RGB"))
    return pixels, None if alpha is None else np.array(alpha), icc


def _to_srgb(image: Image.Image, icc: bytes | None) -> tuple[Image.Image, bytes | None]:
    """Grey, CMYK or Lab to RGB through the profile in the file, if it has a fitting one."""
    if image.mode == "LAB":
        source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    else:
        wanted = b"GRAY" if image.mode == "L" else b"CMYK"
        if icc is None or icc[16:20] != wanted:
            return image.convert("RGB"), None if image.mode == "CMYK" else icc
        source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    converted = ImageCms.profileToProfile(
        image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
    return cast(Image.Image, converted), None


def _grey_through_profile(pixels: NDArray[np.uint16], icc: bytes) -> NDArray[np.uint16]:
    """16-bit grey HxWx3 in the profile `icc` to sRGB, by its curve at 256 places."""
    if icc[16:20] != b"GRAY":
        return pixels
    ramp = Image.fromarray(np.arange(256, dtype=np.uint8)[None])
    curve = np.asarray(_to_srgb(ramp, icc)[0].convert("RGB"))[0].astype(np.float64).mean(axis=1)
    table = np.rint(np.interp(np.arange(65536) / 257, np.arange(256), curve) * 257)
    return table.astype(np.uint16)[pixels]


def _upright(array: NDArray[Any], orientation: int) -> NDArray[Any]:
    """`array` [H, W, ...] stored in EXIF `orientation` 1 to 8, as it should be seen."""
    if orientation in (5, 6, 7, 8):
        array = array.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        array = array[::-1]
    if orientation in (2, 3, 6, 7):
        array = array[:, ::-1]
    return np.ascontiguousarray(array)


def _check_size(width: int, height: int, name: str, max_pixels: int) -> None:
    if width < 1 or height < 1:
        raise PictureError(f"{name} is {width} x {height} pixels: nothing to edit. Choose another.")
    if width * height > max_pixels:
        raise PictureError(
            f"{name} is {width} x {height} pixels, {width * height / 1e6:.0f} megapixels; "
            f"at most {max_pixels / 1e6:.0f} can be opened. Make it smaller first."
        )


def _format_of(start: bytes) -> str | None:
    """The format by the file's first bytes, or None if it is not an allowed one."""
    if start.startswith(png.SIGNATURE):
        return "PNG"
    if start.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "WEBP"
    if start[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "TIFF"
    if start[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    return "BMP" if start[:2] == b"BM" else None


def _not_a_picture(name: str, start: bytes) -> str:
    """One line that says what the file is instead."""
    text = start[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    remedy = f"Convert it to {_FORMATS}, or choose another."
    if not start:
        return f"{name} is empty. Copy or download it again, or choose another."
    for magic, what in _DISGUISES:
        if start.startswith(magic):
            return f"{name} is {what}, whatever its name says. {remedy}"
    if text.startswith((b"<!doctype html", b"<html")):
        return f"{name} is a web page, not a picture. Save the picture itself, or choose another."
    if b"<svg" in text:
        return f"{name} is an SVG drawing, which can carry code. {remedy}"
    return f"{name} is not a picture that Sfumato opens. {remedy}"


def _webp_size(data: bytes) -> tuple[int, int]:
    """(width, height) from a WebP's first chunk. Raises ValueError."""
    kind = data[12:16]
    if len(data) < 30:
        raise ValueError("it is truncated")
    if kind == b"VP8X":
        return (
            int.from_bytes(data[24:27], "little") + 1,
            int.from_bytes(data[27:30], "little") + 1,
        )
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError("its header cannot be understood")


def _bits_of(image: Image.Image) -> tuple[int, ...]:
    """BitsPerSample of an open TIFF."""
    bits = getattr(image, "tag_v2", {}).get(258, (1,))
    return tuple(bits) if isinstance(bits, tuple) else (bits,)


def _bytes_or_none(value: Any) -> bytes | None:
    return value if isinstance(value, bytes) and value else None


def _checked_dpi(dpi: Any) -> tuple[float, float] | None:
    """(across, down) if both are sensible numbers."""
    try:
        across, down = (float(side) for side in dpi)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if 1 <= across <= 100_000 and 1 <= down <= 100_000 else None
