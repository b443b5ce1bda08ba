import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.imaging.colour_wand import of_colour
from tests.core.imaging.selections import reached

grounds = hnp.arrays(
    np.uint8,
    hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=16),
    elements=st.integers(0, 2),
)
COLOURS = np.array([[200, 40, 40], [40, 160, 60], [30, 60, 200]], np.uint8)


def whole(patch, shape):
    values = np.zeros(shape, np.uint8)
    values[patch.slices] = patch.values
    return values


@settings(deadline=None, max_examples=60)
@given(grounds, st.data(), st.booleans(), st.sampled_from([np.uint8, np.uint16]))
def test_a_flat_region_is_found_exactly(kinds, data, connected, dtype):
    row = data.draw(st.integers(0, kinds.shape[0] - 1))
    column = data.draw(st.integers(0, kinds.shape[1] - 1))
    pixels = COLOURS[kinds]
    if dtype == np.uint16:
        pixels = pixels.astype(np.uint16) * 257
    same = kinds == kinds[row, column]
    expected = reached([(row, column)], same) if connected else same
    found = whole(of_colour(pixels, row, column, 10.0, connected=connected), kinds.shape)
    assert (found == np.where(expected, 255, 0)).all()


def test_tolerance_is_measured_as_the_eye_does():
    grey = np.arange(256, dtype=np.uint8)[None, :, None].repeat(3, axis=2)
    width = [int((whole(of_colour(grey, 0, 119, t), (1, 256)) > 0).sum()) for t in (0, 2, 10, 100)]
    assert width[0] == 1
    assert width[0] < width[1] < width[2] < width[3] == 256
    value = np.arange(256) / 255  # CIE 1976, over the sRGB curve
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    lightness = np.where(linear > 0.008856, 116 * np.cbrt(linear) - 16, 903.3 * linear)
    found = whole(of_colour(grey, 0, 119, 10), (1, 256))[0] > 0
    assert (found == (np.abs(lightness - lightness[119]) <= 10)).all()


def test_a_ramp_is_compared_with_the_pixel_and_not_with_its_neighbours():
    ramp = np.linspace(0, 255, 64).astype(np.uint8)[None, :, None].repeat(3, axis=2)
    assert (whole(of_colour(ramp, 0, 0, 20), (1, 64)) > 0).sum() < 20


def test_more_rows_than_one_strip():
    pixels = np.zeros((700, 9, 3), np.uint8)
    pixels[300] = 255
    assert (of_colour(pixels, 0, 0, 5).values.shape) == (300, 9)
    assert (whole(of_colour(pixels, 0, 0, 5, connected=False), (700, 9)) == 255).sum() == 699 * 9


def test_places_off_the_picture_are_refused():
    for row, column in ((-1, 0), (0, 3), (2, 0)):
        with pytest.raises(IndexError, match="2 x 2"):
            of_colour(np.zeros((2, 2, 3), np.uint8), row, column, 5)
