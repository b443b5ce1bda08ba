"""Halved pictures and masks: the mean, and the same when a part is brought up to date."""

import numpy as np
import pytest
from PySide6.QtCore import QRect

from desktop.canvas.pyramid import MaskPyramid, PicturePyramid, halve
from desktop.qimage import as_array
from tests.desktop.document.results import noise


@pytest.mark.parametrize("shape", [(2, 2), (5, 7), (64, 65), (301, 400)])
def test_halving_is_the_mean(shape: tuple[int, int]) -> None:
    fine = noise(*shape)[..., 0].copy()
    coarse = np.zeros((-(-shape[0] // 2), -(-shape[1] // 2)), np.uint8)
    halve(fine, coarse, QRect(0, 0, coarse.shape[1], coarse.shape[0]))
    padded = np.pad(fine, ((0, shape[0] % 2), (0, shape[1] % 2)), mode="edge").astype(int)
    mean = padded[0::2, 0::2] + padded[1::2, 0::2] + padded[0::2, 1::2] + padded[1::2, 1::2]
    assert (coarse == (mean + 2) // 4).all()


def test_updated_pyramids_equal_new_ones() -> None:
    pixels, mask = noise(333, 517), noise(333, 517)[..., 1].copy()
    pyramid, masks = PicturePyramid.of(pixels), MaskPyramid(mask)
    rect = QRect(101, 57, 90, 131)
    part = np.s_[57 : 57 + 131, 101 : 101 + 90]
    pixels[part] = 255 - pixels[part]
    mask[part] = 255 - mask[part]
    pyramid.update(rect)
    masks.update(rect)
    for ours, fresh in zip(pyramid.levels, PicturePyramid.of(pixels).levels, strict=True):
        assert (as_array(ours) == as_array(fresh)).all()
    for ours, fresh in zip(masks._arrays, MaskPyramid(mask)._arrays, strict=True):
        assert (ours == fresh).all()
