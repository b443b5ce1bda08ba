"""The box that the model works on: it holds the mask, and nothing is stretched or shifted."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imaging.frame import Frame, choose_frame

GRID, NATIVE = 16, 128

sides = st.one_of(st.integers(1, 40), st.integers(100, 160), st.integers(300, 2500))


@st.composite
def masks(draw: st.DrawFn) -> np.ndarray:
    """A rectangle of 1 somewhere in a picture of any shape."""
    height, width = draw(sides), draw(sides)
    top, left = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
    bottom, right = draw(st.integers(top, height - 1)), draw(st.integers(left, width - 1))
    mask = np.zeros((height, width), np.float32)
    mask[top : bottom + 1, left : right + 1] = 1.0
    return mask


def test_without_a_mask_it_is_the_whole_picture() -> None:
    frame = choose_frame((90, 75), None, NATIVE, GRID)
    assert (frame.rows, frame.columns) == (slice(0, 90), slice(0, 75))
    assert (frame.inner, frame.padded) == ((90, 75), (96, 80))


def test_an_empty_mask_is_no_mask() -> None:
    mask = np.zeros((90, 75), np.float32)
    assert choose_frame((90, 75), mask, NATIVE, GRID) == choose_frame((90, 75), None, NATIVE, GRID)


@settings(max_examples=80, deadline=None)
@given(masks(), st.integers(0, 256))
def test_the_box_holds_the_mask_and_its_margin(mask: np.ndarray, margin: int) -> None:
    height, width = mask.shape
    frame = choose_frame((height, width), mask, NATIVE, GRID, margin)
    assert 0 <= frame.top <= frame.top + frame.height <= height
    assert 0 <= frame.left <= frame.left + frame.width <= width
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    for span, places, limit in ((frame.rows, rows, height), (frame.columns, columns, width)):
        assert span.start <= max(0, places[0] - margin)
        assert span.stop >= min(limit, places[-1] + 1 + margin)
        assert span.stop - span.start >= min(NATIVE, limit)


@settings(max_examples=80, deadline=None)
@given(masks())
def test_the_box_is_made_smaller_by_one_factor_and_never_larger(mask: np.ndarray) -> None:
    frame = choose_frame(mask.shape, mask, NATIVE, GRID)
    outer, inner = (frame.height, frame.width), frame.inner
    assert all(1 <= small <= large for small, large in zip(inner, outer, strict=True))
    assert min(inner) <= NATIVE
    assert inner == outer or min(inner) == NATIVE
    # One factor for both sides, up to rounding to whole pixels.
    scale = min(inner) / min(outer)
    assert all(
        abs(small - large * scale) <= 0.51 for small, large in zip(inner, outer, strict=True)
    )
    assert all(
        0 <= p - i < GRID and p % GRID == 0 for p, i in zip(frame.padded, inner, strict=True)
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 130), st.integers(1, 130), st.sampled_from([np.uint8, np.uint16]), st.data())
def test_there_and_back_at_full_size_is_exact(
    height: int, width: int, kind: type, data: st.DataObject
) -> None:
    if min(height, width) > NATIVE:
        height = NATIVE
    top = np.iinfo(kind).max
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    picture: Any = rng.integers(0, top, (height, width, 3), kind, endpoint=True)
    frame = choose_frame((height, width), None, NATIVE, GRID)
    values = frame.to_model(picture)
    assert values.shape == (*frame.padded, 3)
    assert (values.min() >= -1, values.max() <= 1) == (True, True)
    back = np.rint((frame.from_model(values) + 1) * (top / 2))
    assert np.array_equal(back, picture)


@pytest.mark.parametrize(("height", "width"), [(301, 457), (256, 300), (129, 1000), (777, 200)])
def test_a_smaller_copy_is_neither_stretched_nor_shifted(height: int, width: int) -> None:
    """A ramp that tells each pixel's place comes back with its places."""
    frame = choose_frame((height, width), None, NATIVE, GRID)
    assert min(frame.inner) == NATIVE
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    ramp = np.stack([y / height, x / width, 0.5 + 0 * x], axis=-1)
    picture = np.rint(ramp * 65535).astype(np.uint16)
    back = (frame.from_model(frame.to_model(picture)) + 1) / 2
    inside = (slice(12, -12), slice(12, -12))
    error = np.abs(back - ramp)[inside]
    # A shift by half a pixel of the original would show in each channel.
    assert error[..., 0].max() < 0.35 / height
    assert error[..., 1].max() < 0.35 / width


@settings(max_examples=60, deadline=None)
@given(masks())
def test_no_masked_pixel_is_lost_on_the_way_to_the_model(mask: np.ndarray) -> None:
    """However fine a line, it stays a full 1 where the box is made smaller."""
    frame = choose_frame(mask.shape, mask, NATIVE, GRID)
    small = frame.mask_to_model(mask)
    assert small.shape == frame.padded
    assert set(np.unique(small)) <= {0.0, 1.0}
    assert small[: frame.inner[0], : frame.inner[1]].max() == 1.0
    if mask.all():
        assert small.all()


def test_the_mask_is_where_the_picture_is() -> None:
    """Mask and picture are made smaller alike: a white square and its mask stay one."""
    picture = np.zeros((400, 520, 3), np.uint8)
    mask = np.zeros((400, 520), np.float32)
    picture[120:240, 200:320], mask[120:240, 200:320] = 255, 1.0
    frame = Frame(0, 0, 400, 520, (100, 130), (112, 144), 16)
    assert np.array_equal(
        frame.to_model(picture)[:100, :130, 0] > 0.99, frame.mask_to_model(mask)[:100, :130] == 1
    )


def test_padding_is_edited_where_its_mirror_image_is() -> None:
    frame = choose_frame((50, 50), None, NATIVE, GRID)
    mask = np.zeros((50, 50), np.float32)
    mask[45:, :] = 1.0
    small = frame.mask_to_model(mask)
    assert np.array_equal(small[50:54, :50], small[45:49, :50])
    assert not small[54:].any()


@settings(max_examples=40, deadline=None)
@given(masks(), st.sampled_from([0.25, 0.5]))
def test_a_share_is_the_same_box_at_less_of_its_size(mask: np.ndarray, share: float) -> None:
    whole = choose_frame(mask.shape, mask, NATIVE, GRID)
    less = choose_frame(mask.shape, mask, NATIVE, GRID, share=share)
    assert (less.rows, less.columns) == (whole.rows, whole.columns)
    for small, large in zip(less.inner, whole.inner, strict=True):
        assert abs(small - share * large) <= 1
    assert less.padded[0] * less.padded[1] <= whole.padded[0] * whole.padded[1]
