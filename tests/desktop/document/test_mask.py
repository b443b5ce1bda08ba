"""Mask tiles, strokes and their differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from desktop.document.mask import MaskBuffer, TileDelta
from desktop.document.stroke import Stroke
from desktop.document.tiles import TILE


def disc(side: int, value: int = 255) -> np.ndarray:
    axis = np.arange(side) - side // 2
    return np.where(np.hypot(axis[None], axis[:, None]) <= side / 2, value, 0).astype(np.uint8)


def test_overlapping_dabs_do_not_exceed_the_opacity() -> None:
    mask = MaskBuffer(300, 300)
    stroke = Stroke(mask)
    for x in range(20, 80, 3):
        stroke.dab(disc(21, 100), x, 50)
    assert mask.values.max() == 100


def test_a_second_stroke_builds_on_the_first() -> None:
    mask = MaskBuffer(64, 64)
    for _ in range(2):
        stroke = Stroke(mask)
        stroke.dab(disc(21, 128), 10, 10)
        stroke.finish()
    assert mask.values[20, 20] == 255 - (255 - 128) ** 2 // 255


def test_weak_strokes_reach_full_and_empty() -> None:
    mask = MaskBuffer(32, 32)
    for erase, end in ((False, 255), (True, 0)):
        for _ in range(600):
            stroke = Stroke(mask, erase=erase)
            stroke.dab(np.full((32, 32), 2, np.uint8), 0, 0)
        assert (mask.values == end).all()


@pytest.mark.parametrize("corner", [(-10, -10), (-10, 290), (390, -10), (390, 290)])
def test_the_eraser_reaches_the_very_corner(corner: tuple[int, int]) -> None:
    mask = MaskBuffer(300, 400)
    mask.values[...] = 255
    mask.touched(mask.tiles_in(mask.bounds))
    left, top = corner
    Stroke(mask, erase=True).dab(np.full((21, 21), 255, np.uint8), left, top)
    y, x = (0 if top < 0 else 299), (0 if left < 0 else 399)
    assert mask.values[y, x] == 0


def test_cancel_restores_every_value() -> None:
    rng = np.random.default_rng(0)
    mask = MaskBuffer(600, 600)
    mask.values[...] = rng.integers(0, 255, (600, 600))
    mask.touched(mask.tiles_in(mask.bounds))
    before = mask.values.copy()
    stroke = Stroke(mask, erase=True)
    stroke.dab(disc(301), 100, 100)
    assert (mask.values != before).any()
    stroke.cancel()
    assert (mask.values == before).all()
    assert stroke.dab(disc(301), 100, 100).isEmpty()
    assert (mask.values == before).all()


def test_a_dab_costs_the_same_on_any_canvas() -> None:
    written = []
    for side in (1024, 8192):
        stroke = Stroke(MaskBuffer(side, side))
        for x in range(100, 700, 10):
            stroke.dab(disc(81), x, 400)
        written.append(stroke.bytes_written)
    assert written[0] == written[1]
    assert written[0] < 2_000_000


def test_only_touched_tiles_are_kept_and_they_are_small() -> None:
    mask = MaskBuffer(8192, 8192)
    stroke = Stroke(mask)
    for x in range(300, 900, 4):
        stroke.dab(disc(61), x, 300)
    delta = stroke.finish()
    delta.wait_compressed()
    assert delta.touched_bytes == 3 * TILE * TILE
    assert delta.stored_bytes <= 0.1 * delta.touched_bytes
    after = mask.values[:1024, :1024].copy()
    assert delta.apply(mask) == QRect(256, 256, 3 * TILE, TILE)
    assert not mask.values[:1024, :1024].any()
    delta.apply(mask)
    assert (mask.values[:1024, :1024] == after).all()


def test_a_stroke_that_changes_nothing_leaves_nothing() -> None:
    mask = MaskBuffer(100, 100)
    stroke = Stroke(mask, erase=True)
    stroke.dab(disc(21), 5, 5)
    assert not stroke.finish()


def test_any_follows_painting_and_erasing() -> None:
    mask = MaskBuffer(600, 600)
    assert not mask.any()
    stroke = Stroke(mask)
    stroke.dab(disc(5), 550, 550)
    assert mask.any()
    assert mask.painted_rect() == QRect(512, 512, 88, 88)
    stroke.cancel()
    assert not mask.any()


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 700),
    st.integers(1, 700),
    st.lists(
        st.tuples(
            st.booleans(),
            st.integers(-40, 720),
            st.integers(-40, 720),
            st.integers(1, 80),
            st.integers(1, 255),
        ),
        min_size=1,
        max_size=8,
    ),
)
def test_any_strokes_undo_and_redo_exactly(
    height: int, width: int, strokes: list[tuple[bool, int, int, int, int]]
) -> None:
    mask = MaskBuffer(height, width)
    states, deltas = [mask.values.copy()], []
    for erase, x, y, side, value in strokes:
        stroke = Stroke(mask, erase=erase)
        stroke.dab(disc(side, value), x, y)
        deltas.append(stroke.finish())
        states.append(mask.values.copy())
    for delta, state in zip(reversed(deltas), reversed(states[:-1]), strict=True):
        delta.apply(mask)
        assert (mask.values == state).all()
    for delta, state in zip(deltas, states[1:], strict=True):
        delta.apply(mask)
        assert (mask.values == state).all()
    assert mask.any() == bool(mask.values.any())


def test_a_difference_of_equal_masks_is_empty() -> None:
    mask = MaskBuffer(10, 10)
    assert not mask.difference(mask.values.copy())
    assert TileDelta({}).apply(mask).isEmpty()
