"""Between NumPy and Qt: pixels, depths, profiles and thumbnails."""

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QColorSpace, QImage

from desktop.canvas.pyramid import PicturePyramid
from desktop.qimage import from_qimage, thumbnail, to_qimage, to_screen
from tests.desktop.document.results import noise

BLUE = [10, 40, 220]


def plain(colour: list[int], height: int, width: int) -> np.ndarray:
    return np.full((height, width, 3), colour, np.uint8)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_bridge_goes_both_ways(dtype: type[np.generic]) -> None:
    pixels = noise(31, 45, dtype)
    image = to_qimage(pixels)
    assert image.format() == QImage.Format.Format_ARGB32_Premultiplied
    back, alpha = from_qimage(image)
    assert alpha is None
    assert (back == (pixels if dtype == np.uint8 else pixels >> 8)).all()


def test_sixteen_bit_images_come_in_whole() -> None:
    source = QImage(3, 2, QImage.Format.Format_RGBX64)
    source.fill(QColor.fromRgba64(1000, 20000, 65535))
    pixels, alpha = from_qimage(source)
    assert pixels.dtype == np.uint16
    assert pixels[1, 2].tolist() == [1000, 20000, 65535]
    assert alpha is None


def test_a_profile_is_brought_to_the_screen() -> None:
    p3 = bytes(QColorSpace(QColorSpace.NamedColorSpace.DisplayP3).iccProfile().data())
    srgb = bytes(QColorSpace(QColorSpace.NamedColorSpace.SRgb).iccProfile().data())
    pixels = plain([120, 200, 90], 4, 4)
    converted = PicturePyramid.of(pixels, transform=to_screen(p3))
    assert from_qimage(converted.levels[0])[0][0, 0].tolist() != [120, 200, 90]
    assert (pixels == [120, 200, 90]).all()
    for icc in (srgb, None, b"no profile"):
        assert to_screen(icc) is None
    display = QColorSpace(QColorSpace.NamedColorSpace.DisplayP3)
    assert to_screen(p3, display) is None
    assert to_screen(None, display) is not None


def test_thumbnails_keep_the_shape() -> None:
    image = thumbnail(plain(BLUE, 1500, 2000), QSize(120, 120), 2.0)
    assert image.size() == QSize(240, 180)
    assert image.devicePixelRatio() == 2.0
    assert image.pixelColor(100, 100) == QColor(*BLUE)
    assert thumbnail(plain(BLUE, 1, 900), QSize(90, 90)).size() == QSize(90, 1)
