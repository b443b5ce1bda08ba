import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from core.errors import PictureError, RequestError, SaveError
from core.imaging import mask as m

shapes = hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=24)
hard_masks = hnp.arrays(np.bool_, shapes).map(lambda a: a.astype(np.float32))
soft_masks = hnp.arrays(
    np.float32, shapes, elements=st.sampled_from([0.0, 0.0, 0.25, 0.5, 1.0, 1.0])
)


def distances(inside):
    """Euclidean distance to the nearest true pixel, the slow and plain way."""
    ys, xs = np.indices(inside.shape)
    points = np.argwhere(inside)
    if not len(points):
        return np.full(inside.shape, np.inf)
    return np.sqrt(
        ((ys[..., None] - points[:, 0]) ** 2 + (xs[..., None] - points[:, 1]) ** 2).min(axis=2)
    )


@settings(deadline=None, max_examples=60)
@given(hard_masks, st.integers(0, 9))
def test_blend_band_is_one_inside_and_exactly_zero_beyond(mask, width):
    alpha = m.blend_band(mask, width)
    far = distances(mask == 1)
    assert alpha.dtype == np.float32
    assert (alpha[mask == 1] == 1).all()
    assert (alpha[far >= max(width, 1)] == 0).all()
    assert ((alpha > 0) == ((far < width) | (mask == 1))).all()


@settings(deadline=None, max_examples=60)
@given(soft_masks, st.integers(0, 9))
def test_blend_band_falls_with_distance_and_keeps_soft_brushes(mask, width):
    alpha = m.blend_band(mask, width)
    far = distances(mask == 1)
    assert (alpha >= mask).all()
    assert (alpha <= 1).all()
    outside = (mask == 0) & np.isfinite(far)
    order = np.argsort(far[outside])
    assert (np.diff(alpha[outside][order]) <= 1e-6).all()


@settings(deadline=None, max_examples=80)
@given(st.data(), st.sampled_from([np.uint8, np.uint16]), soft_masks, st.integers(0, 5))
def test_composite_is_the_original_bit_for_bit_outside(data, dtype, mask, width):
    seed = data.draw(st.integers(0, 2**32 - 1))
    generator = np.random.default_rng(seed)
    top = np.iinfo(dtype).max + 1
    original = generator.integers(0, top, (*mask.shape, 3), dtype=dtype)
    edited = generator.integers(0, top, (*mask.shape, 3), dtype=dtype)
    alpha = m.blend_band(mask, width)
    result = m.composite(original, edited, alpha)
    assert result.dtype == dtype
    assert (result[alpha == 0] == original[alpha == 0]).all()
    assert (result[alpha == 1] == edited[alpha == 1]).all()
    assert m.changed_outside(original, result, alpha) == 0
    low, high = np.minimum(original, edited), np.maximum(original, edited)
    assert ((result >= low) & (result <= high)).all()


def test_composite_rounds_and_clips_floating_point():
    original = np.zeros((1, 3, 3), np.uint8)
    edited = np.array([[[-20.0] * 3, [99.6] * 3, [400.0] * 3]])
    result = m.composite(original, edited, np.ones((1, 3), np.float32))
    np.testing.assert_array_equal(result[0, :, 0], [0, 100, 255])


def test_composite_does_not_touch_its_inputs():
    original = np.zeros((4, 4, 3), np.uint8)
    original.flags.writeable = False
    result = m.composite(original, original + np.uint8(9), np.ones((4, 4), np.float32))
    assert (original == 0).all()
    assert (result == 9).all()


def test_composite_of_other_shapes_is_an_error():
    picture = np.zeros((4, 4, 3), np.uint8)
    with pytest.raises(ValueError, match="shapes differ"):
        m.composite(picture, picture, np.ones((4, 5), np.float32))


def test_changed_outside_counts_values():
    original = np.zeros((3, 3, 3), np.uint8)
    result = original.copy()
    result[0, 0] = 1
    result[2, 2, 1] = 1
    alpha = np.zeros((3, 3), np.float32)
    assert m.changed_outside(original, result, alpha) == 4
    alpha[0, 0] = 1e-6
    assert m.changed_outside(original, result, alpha) == 1


@settings(deadline=None, max_examples=60)
@given(soft_masks, st.integers(1, 8))
def test_no_painted_pixel_is_lost_in_the_latent(mask, factor):
    latent = m.to_latent(mask, factor)
    again = latent.repeat(factor, axis=0).repeat(factor, axis=1)
    assert (again[: mask.shape[0], : mask.shape[1]] >= mask).all()
    assert latent.max() == mask.max()
    area = m.to_latent(mask, factor, "area")
    assert area.shape == latent.shape
    assert (area <= latent + 1e-6).all()


def test_area_reduction_is_the_mean():
    mask = np.zeros((4, 6), np.float32)
    mask[0, 0] = 1
    np.testing.assert_allclose(m.to_latent(mask, 4, "area"), [[1 / 16, 0]])


@pytest.mark.parametrize(
    ("array", "value"),
    [
        (np.full((2, 2), True), 1.0),
        (np.full((2, 2), 51, np.uint8), 0.2),
        (np.full((2, 2), 65535, np.uint16), 1.0),
        (np.full((2, 2), 1.5), 1.0),
    ],
)
def test_to_unit(array, value):
    unit = m.to_unit(array)
    assert unit.dtype == np.float32
    assert unit == pytest.approx(value)


@pytest.mark.parametrize(
    "array",
    [np.zeros((2, 2, 3), np.uint8), np.full((2, 2), np.nan), np.zeros((2, 2), np.int64)],
)
def test_to_unit_refuses(array):
    with pytest.raises(RequestError, match="mask"):
        m.to_unit(array)


def test_load_mask_takes_white_as_edit(tmp_path):
    levels = np.array([[0, 51], [255, 128]], np.uint8)
    Image.fromarray(levels).save(tmp_path / "mask.png")
    np.testing.assert_array_equal(
        m.load_mask(tmp_path / "mask.png", (2, 2)), levels.astype(np.float32) / np.float32(255)
    )


def test_load_mask_takes_transparent_as_keep(tmp_path):
    rgba = np.full((1, 2, 4), 255, np.uint8)
    rgba[0, 1, 3] = 0
    Image.fromarray(rgba).save(tmp_path / "mask.png")
    np.testing.assert_array_equal(m.load_mask(tmp_path / "mask.png", (1, 2)), [[1, 0]])


def test_a_mask_of_another_size_is_refused_by_name(tmp_path):
    Image.new("L", (30, 20), 255).save(tmp_path / "mask.png")
    with pytest.raises(RequestError, match=r"mask\.png is 30 x 20 .* 64 x 48"):
        m.load_mask(tmp_path / "mask.png", (48, 64))


def test_a_black_mask_is_refused(tmp_path):
    Image.new("L", (3, 2)).save(tmp_path / "mask.png")
    with pytest.raises(RequestError, match="black everywhere"):
        m.load_mask(tmp_path / "mask.png", (2, 3))


def test_a_missing_mask_is_a_picture_error(tmp_path):
    with pytest.raises(PictureError, match=r"none\.png does not exist"):
        m.load_mask(tmp_path / "none.png", (2, 3))


@settings(deadline=None, max_examples=20)
@given(hnp.arrays(np.uint8, shapes).filter(lambda values: values.any()))
def test_a_saved_mask_comes_back_value_by_value(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("masks") / "mask.png"
    m.save_mask(path, values)
    assert (np.rint(m.load_mask(path, values.shape) * 255) == values).all()


def test_a_mask_is_saved_as_png_only(tmp_path):
    with pytest.raises(SaveError, match=r"mask\.jpg is no PNG"):
        m.save_mask(tmp_path / "mask.jpg", np.zeros((2, 2), np.uint8))
    assert not list(tmp_path.iterdir())
