import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.imaging.selection import EMPTY, How, Patch, bounds, combined
from tests.core.imaging.selections import levels, shapes, soft


@st.composite
def masks_and_patches(draw):
    """A mask and two patches that lie inside it."""
    shape = draw(shapes)
    mask = draw(hnp.arrays(np.uint8, shape, elements=levels))
    patches = []
    for _ in range(2):
        top, left = draw(st.integers(0, shape[0] - 1)), draw(st.integers(0, shape[1] - 1))
        rows = draw(st.integers(1, shape[0] - top))
        columns = draw(st.integers(1, shape[1] - left))
        values = draw(hnp.arrays(np.uint8, (rows, columns), elements=levels))
        patches.append(Patch(values, left, top))
    return mask, *patches


def spread(patch, shape):
    whole = np.zeros(shape, np.uint8)
    whole[patch.slices] = patch.values
    return whole


@settings(deadline=None, max_examples=80)
@given(masks_and_patches())
def test_the_four_ways_are_those_of_fuzzy_sets(drawn):
    mask, patch, _ = drawn
    before, whole = mask.copy(), spread(patch, mask.shape)
    assert (combined(mask, patch, How.REPLACE) == whole).all()
    assert (combined(mask, patch, How.ADD) == np.maximum(mask, whole)).all()
    assert (combined(mask, patch, How.SUBTRACT) == np.minimum(mask, 255 - whole)).all()
    assert (combined(mask, patch, How.INTERSECT) == np.minimum(mask, whole)).all()
    assert (mask == before).all()


@settings(deadline=None, max_examples=60)
@given(masks_and_patches())
def test_laws_of_combining(drawn):
    mask, one, other = drawn
    for how in (How.ADD, How.SUBTRACT, How.INTERSECT):
        once = combined(mask, one, how)
        assert (combined(once, one, how) == once).all()
        swapped = combined(combined(mask, other, how), one, how)
        assert (combined(once, other, how) == swapped).all()
    inverse = Patch(255 - spread(one, mask.shape))
    kept = combined(mask, inverse, How.INTERSECT)
    assert (combined(mask, one, How.SUBTRACT) == kept).all()
    outside = combined(255 - mask, one, How.ADD)  # De Morgan
    assert (255 - outside == combined(mask, one, How.SUBTRACT)).all()


def test_an_empty_patch_adds_nothing_and_keeps_nothing():
    mask = np.full((3, 4), 90, np.uint8)
    assert (combined(mask, EMPTY, How.ADD) == mask).all()
    assert (combined(mask, EMPTY, How.SUBTRACT) == mask).all()
    assert not combined(mask, EMPTY, How.INTERSECT).any()
    assert not combined(mask, EMPTY, How.REPLACE).any()
    assert not EMPTY


@settings(deadline=None, max_examples=60)
@given(soft, st.integers(0, 5))
def test_bounds_are_the_smallest_box(mask, margin):
    rows, columns = bounds(mask, margin)
    places = np.argwhere(mask)
    if not len(places):
        assert rows == columns == slice(0, 0)
        return
    low, high = np.maximum(places.min(0) - margin, 0), places.max(0) + margin + 1
    assert (rows.start, columns.start) == tuple(low)
    assert (rows.stop, columns.stop) == tuple(np.minimum(high, mask.shape))


def test_bounds_of_no_pixels():
    assert bounds(np.zeros((0, 0), np.uint8)) == (slice(0, 0), slice(0, 0))


def test_a_patch_knows_where_it_lies():
    patch = Patch(np.ones((2, 3), np.uint8), left=4, top=1)
    assert patch.slices == (slice(1, 3), slice(4, 7))
    with pytest.raises(AttributeError):
        patch.left = 0  # type: ignore[misc]
