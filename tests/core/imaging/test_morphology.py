import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imaging.morphology import feather, fill_holes, grow, shrink
from tests.core.imaging.selections import border, disc, hard, reached, soft, within

examples = settings(deadline=None, max_examples=60)


@examples
@given(soft, st.integers(0, 9))
def test_growing_takes_the_largest_value_within_the_distance(mask, px):
    before = mask.copy()
    assert (grow(mask, px) == within(mask, px)).all()
    assert (mask == before).all()


@examples
@given(soft, st.integers(0, 9))
def test_shrinking_is_growing_what_is_not_selected(mask, px):
    assert (shrink(mask, px) == 255 - within(255 - mask, px)).all()


@settings(deadline=None, max_examples=15)
@given(hard, st.integers(17, 40))
def test_what_is_selected_fully_grows_exactly_at_any_distance(mask, px):
    assert (grow(mask, px) == within(mask, px)).all()


def test_soft_values_grow_far_by_nearly_the_distance():
    mask = np.zeros((101, 101), np.uint8)
    mask[50, 50] = 120
    reach = np.argwhere(grow(mask, 40))
    distance = np.hypot(*(reach - 50).T)
    assert distance.max() == 40
    assert np.pi * 38**2 < len(reach) < np.pi * 40.5**2


@pytest.mark.parametrize("radius", [5, 12, 30])
@pytest.mark.parametrize("px", [1, 4, 11])
def test_a_disc_that_grows_and_shrinks_is_the_same_disc(radius, px):
    mask = disc(101, radius)
    closed = shrink(grow(mask, px), px)
    assert (closed >= mask).all()
    rows, columns = np.indices(mask.shape) - 50
    assert (closed[np.hypot(rows, columns) > radius + 1] == 0).all()
    assert not shrink(mask, radius + 1).any()


@examples
@given(soft, st.integers(0, 12))
def test_feathering_keeps_the_mean(mask, px):
    softened = feather(mask, px)
    assert softened.mean() == pytest.approx(mask.mean(), abs=0.5)
    assert (softened[within(mask, 2 * px) == 0] == 0).all()
    assert (mask == feather(mask, 0)).all()


def test_feathering_softens_to_both_sides_and_ends():
    mask = np.zeros((40, 40), np.uint8)
    mask[:, :20] = 255
    softened = feather(mask, 4)
    assert 255 * 0.4 < softened[20, 19] < 255 * 0.7
    assert (softened[:, 24:] == 0).all()
    assert (softened[:, :16] == 255).all()
    assert (np.diff(softened[20].astype(int)) <= 0).all()


@examples
@given(hard)
def test_a_hole_is_what_the_edge_does_not_reach(mask):
    outside = reached(border(mask.shape), mask == 0)
    assert (fill_holes(mask) == np.where(outside, 0, 255)).all()


@examples
@given(soft)
def test_filling_holes_only_adds_and_is_done_at_once(mask):
    filled = fill_holes(mask)
    assert (filled >= mask).all()
    assert (fill_holes(filled) == filled).all()
    outside = reached(border(mask.shape), mask < 128)
    assert (filled[outside] == mask[outside]).all() or (mask == 255).any()
    assert (filled[(mask < 128) & ~outside] == 255).all()


def test_the_soft_rim_of_a_hole_goes_with_it():
    ring = np.where(disc(81, 12) > 0, np.uint8(0), disc(81, 30))
    soft_ring = feather(ring, 6)
    filled = fill_holes(soft_ring)
    assert (filled[disc(81, 20) > 0] == 255).all()
    assert (filled[disc(81, 24) == 0] == soft_ring[disc(81, 24) == 0]).all()


@pytest.mark.parametrize("change", [grow, shrink, feather])
def test_only_whole_pixels(change):
    for px in (-1, 1.5):
        with pytest.raises(ValueError, match="whole pixels"):
            change(np.zeros((3, 3), np.uint8), px)


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (0, 0)])
def test_thin_and_empty_pictures(shape):
    for value in (0, 255):
        mask = np.full(shape, value, np.uint8)
        for result in (grow(mask, 3), shrink(mask, 3), feather(mask, 3), fill_holes(mask)):
            assert (result == mask).all()
            assert result is not mask
