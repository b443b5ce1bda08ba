import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imaging.grid import crop, pad_to_grid, padded_size

sides = st.integers(1, 40)


@settings(deadline=None)
@given(sides, sides, st.integers(1, 64), st.sampled_from([(), (3,)]))
def test_padding_is_undone_by_cropping(height, width, grid, channels):
    array = np.random.default_rng(0).integers(0, 65536, (height, width, *channels), dtype=np.uint16)
    padded = pad_to_grid(array, grid)
    assert padded.shape[:2] == padded_size(height, width, grid)
    assert padded.shape[0] % grid == padded.shape[1] % grid == 0
    assert padded.shape[0] - height < grid
    assert padded.dtype == array.dtype
    assert set(np.unique(padded)) == set(np.unique(array))  # nothing is invented or interpolated
    np.testing.assert_array_equal(crop(padded, (height, width)), array)


def test_a_fitting_picture_is_not_copied():
    array = np.zeros((16, 32, 3), np.uint8)
    assert pad_to_grid(array, 16) is array


def test_one_pixel_is_repeated():
    assert (pad_to_grid(np.full((1, 1, 3), 7, np.uint8), 8) == 7).all()


def test_edges_are_mirrored_without_a_seam():
    padded = pad_to_grid(np.arange(5, dtype=np.uint8)[None], 8)
    np.testing.assert_array_equal(padded[0], [0, 1, 2, 3, 4, 3, 2, 1])


def test_senseless_sizes_are_refused():
    with pytest.raises(ValueError, match="cannot pad"):
        pad_to_grid(np.zeros((0, 4, 3), np.uint8), 8)
    with pytest.raises(ValueError, match="cannot crop"):
        crop(np.zeros((4, 4, 3), np.uint8), (5, 4))
