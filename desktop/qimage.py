"""The only bridge between numpy arrays and QImage.

Arrays are RGB, HxWx3, uint8 or uint16, as everywhere in `core`; images are
ARGB32_Premultiplied, the one format that QPainter draws without converting.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColorSpace, QColorTransform, QImage, QPainter

from core.imaging.layering import Alpha
from core.request import Pixels

FORMAT = QImage.Format.Format_ARGB32_Premultiplied
SRGB = QColorSpace(QColorSpace.NamedColorSpace.SRgb)

_SIXTEEN_BIT = {
    QImage.Format.Format_RGBX64,
    QImage.Format.Format_RGBA64,
    QImage.Format.Format_RGBA64_Premultiplied,
    QImage.Format.Format_Grayscale16,
}


def blank(width: int, height: int) -> QImage:
    """A transparent image in the format of the canvas."""
    image = QImage(width, height, FORMAT)
    if image.isNull():
        raise MemoryError(f"no memory for an image of {width} x {height} pixels")
    image.fill(Qt.GlobalColor.transparent)
    return image


def to_qimage(pixels: Pixels, alpha: Alpha | None = None) -> QImage:
    """RGB HxWx3 (uint8 or uint16), with an optional HxW alpha, as an image of its own.

    16-bit values are shown by their high byte, so that 8-bit values times 257 come back unchanged.
    """
    height, width = pixels.shape[:2]
    image = QImage(width, height, FORMAT)
    if image.isNull():
        raise MemoryError(f"no memory for an image of {width} x {height} pixels")
    write_rect(image, image.rect(), pixels, alpha)
    return image


def write_rect(
    image: QImage,
    rect: QRect,
    pixels: Pixels,
    alpha: Alpha | None = None,
    transform: QColorTransform | None = None,
) -> None:
    """Write `pixels` (and `alpha`), which are as large as `rect`, to that place in `image`.

    transform: from the colours of `pixels` to those of the screen; None where they are the same.
    """
    source = _borrow_rgb888(_eight_bit(pixels))
    if transform is not None:
        source = source.copy()
        source.applyColorTransform(transform)
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.drawImage(rect.topLeft(), source)
    if alpha is not None:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.setClipRect(rect)
        painter.drawImage(rect.topLeft(), borrow_alpha(_eight_bit(alpha)))
    painter.end()


def to_screen(icc: bytes | None, screen: QColorSpace | None = None) -> QColorTransform | None:
    """From the colours of a picture with the profile `icc` to those of a screen.

    A picture without a profile that can be read counts as sRGB, and so does a screen that does not
    say what it is. None if the two are the same.
    """
    source, target = picture_space(icc), SRGB if screen is None else screen
    return None if source == target else source.transformationToColorSpace(target)


def from_screen(icc: bytes | None, screen: QColorSpace | None = None) -> QColorTransform | None:
    """The way back: a colour that was chosen on the screen as one of the picture's."""
    source, target = SRGB if screen is None else screen, picture_space(icc)
    return None if source == target else source.transformationToColorSpace(target)


def picture_space(icc: bytes | None) -> QColorSpace:
    """What a profile describes; sRGB where there is none for RGB that can be read."""
    # Qt prints a warning for what is no profile at all; this is the part it looks at first.
    if not icc or len(icc) < 128 or int.from_bytes(icc[:4]) != len(icc) or icc[36:40] != b"acsp":
        return SRGB
    space = QColorSpace.fromIccProfile(icc)
    rgb = space.isValid() and space.colorModel() == QColorSpace.ColorModel.Rgb
    return space if rgb else SRGB


def from_qimage(image: QImage) -> tuple[Pixels, Alpha | None]:
    """An image (from the clipboard, say) as RGB HxWx3 and its alpha, or None if it is opaque.

    Formats of 16 bits a channel give uint16, all others uint8.
    """
    deep = image.format() in _SIXTEEN_BIT
    target = QImage.Format.Format_RGBA64 if deep else QImage.Format.Format_RGBA8888
    plain = image.convertToFormat(target)
    dtype: np.dtype[Any] = np.dtype(np.uint16 if deep else np.uint8)
    height, width = plain.height(), plain.width()
    row = plain.bytesPerLine() // dtype.itemsize
    flat = np.frombuffer(plain.constBits(), dtype=dtype, count=height * row)
    rgba = flat.reshape(height, row)[:, : width * 4].reshape(height, width, 4)
    pixels = np.ascontiguousarray(rgba[..., :3])
    if not image.hasAlphaChannel():
        return pixels, None
    alpha = np.ascontiguousarray(rgba[..., 3])
    return pixels, None if (alpha == np.iinfo(dtype).max).all() else alpha


def thumbnail(pixels: Pixels, size: QSize, device_pixel_ratio: float = 1.0) -> QImage:
    """A smooth small picture that fits in `size` (logical pixels) and keeps its shape.

    Large pictures are thinned out before the smooth step, so that it stays cheap at any size.
    """
    height, width = pixels.shape[:2]
    limit = size * device_pixel_ratio
    target = QSize(width, height).scaled(limit, Qt.AspectRatioMode.KeepAspectRatio)
    target = target.expandedTo(QSize(1, 1))
    stride = max(1, min(width // (4 * target.width()), height // (4 * target.height())))
    image = to_qimage(pixels[::stride, ::stride]).scaled(
        target,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    image.setDevicePixelRatio(device_pixel_ratio)
    return image


def as_array(image: QImage) -> NDArray[np.uint8]:
    """The bytes of a 32-bit image as a writable HxWx4 view (blue, green, red, alpha), no copy.

    The view is valid while `image` lives and is not resized.
    """
    if image.depth() != 32:
        raise ValueError(f"the image has {image.depth()} bits a pixel; 32 are needed")
    flat = np.frombuffer(image.bits(), dtype=np.uint8)
    return flat.reshape(image.height(), image.bytesPerLine() // 4, 4)[:, : image.width()]


def borrow_alpha(values: NDArray[np.uint8]) -> QImage:
    """A uint8 HxW array as an Alpha8 image: it shares the memory of a C-contiguous array."""
    values = np.ascontiguousarray(values)
    height, width = values.shape
    image = QImage(values.data, width, height, values.strides[0], QImage.Format.Format_Alpha8)
    # The image only points at the memory: this reference keeps it alive.
    image.source_array = values  # type: ignore[attr-defined]
    return image


def _borrow_rgb888(values: NDArray[np.uint8]) -> QImage:
    values = np.ascontiguousarray(values)
    height, width = values.shape[:2]
    image = QImage(values.data, width, height, values.strides[0], QImage.Format.Format_RGB888)
    image.source_array = values  # type: ignore[attr-defined]
    return image


def _eight_bit(values: NDArray[np.uint8] | NDArray[np.uint16]) -> NDArray[np.uint8]:
    if values.dtype == np.uint8:
        return values  # type: ignore[return-value]
    return (values >> 8).astype(np.uint8)
