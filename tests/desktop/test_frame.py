"""The frame's geometry: what sizes, ratios and drags make of its margins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize

from desktop.frame import HANDLES, LONGEST_SIDE, Frame, Handle, Margins, dragged, grown_to_ratio

SIZE = QSize(64, 48)
sides = st.integers(-40, 400)
lengths = st.floats(-600, 600, allow_nan=False)


@given(
    handle=st.sampled_from(HANDLES),
    x=lengths,
    y=lengths,
    start=st.builds(Margins, *[st.integers(-10, 200)] * 4),
    ratio=st.none() | st.floats(0.4, 2.5),
    symmetric=st.booleans(),
)
def test_a_drag_leaves_some_picture_and_moves_only_its_side(
    handle: Handle, x: float, y: float, start: Margins, ratio: float | None, symmetric: bool
) -> None:
    found = dragged(start, SIZE, handle, (x, y), ratio=ratio, symmetric=symmetric)
    picture = QRect(0, 0, SIZE.width(), SIZE.height())
    assert not (found.around(SIZE) & picture).isEmpty()
    assert max(found.around(SIZE).size().toTuple()) <= LONGEST_SIDE  # type: ignore[arg-type]
    if not symmetric and ratio is None:
        if handle.x <= 0:
            assert found.right == start.right
        if handle.x >= 0:
            assert found.left == start.left
        if handle.y <= 0:
            assert found.bottom == start.bottom
        if handle.y >= 0:
            assert found.top == start.top


@given(handle=st.sampled_from(HANDLES), x=st.floats(0, 500), y=st.floats(0, 500))
def test_a_kept_ratio_is_kept_to_half_a_pixel(handle: Handle, x: float, y: float) -> None:
    outwards = (x * (handle.x or 1), y * (handle.y or 1))
    size = dragged(Margins(), SIZE, handle, outwards, ratio=1.5).around(SIZE).size()
    assert abs(size.width() - 1.5 * size.height()) <= 1.25


@given(handle=st.sampled_from(HANDLES), x=st.integers(0, 300), y=st.integers(0, 300))
def test_alt_moves_both_sides_alike(handle: Handle, x: int, y: int) -> None:
    found = dragged(Margins(), SIZE, handle, (x * handle.x, y * handle.y), symmetric=True)
    assert found.left == found.right == (x if handle.x else 0)
    assert found.top == found.bottom == (y if handle.y else 0)


@given(
    width=st.integers(1, 5000),
    height=st.integers(1, 5000),
    ratio=st.floats(0.3, 3.3),
)
def test_growing_to_a_ratio_loses_nothing(width: int, height: int, ratio: float) -> None:
    size = grown_to_ratio(QSize(width, height), ratio)
    assert size.width() >= width
    assert size.height() >= height
    assert size.width() == width or size.height() == height
    assert size.width() / ratio == pytest.approx(size.height(), abs=0.5 + 0.5 / ratio)


def frame() -> Frame:
    made = Frame()
    made.set_picture(SIZE)
    return made


@given(
    width=st.integers(1, 300),
    height=st.integers(1, 300),
    anchor=st.sampled_from([(x / 2, y / 2) for x in range(3) for y in range(3)]),
)
def test_a_size_is_met_and_the_picture_sits_where_it_should(width, height, anchor) -> None:
    made = frame()
    made.set_anchor(anchor)
    made.set_size(QSize(width, height))
    assert made.rect.size() == QSize(width, height)
    if anchor[0] == 0:
        assert made.margins.left == 0
    if anchor[1] == 1:
        assert made.margins.bottom == 0


@given(changes=st.lists(st.tuples(st.sampled_from(["left", "right", "top", "bottom"]), sides)))
def test_sides_as_numbers_always_leave_some_picture(changes) -> None:
    made = frame()
    for side, pixels in changes:
        made.set_side(side, pixels)
    assert not (made.rect & QRect(0, 0, 64, 48)).isEmpty()


def test_a_typed_number_frees_the_ratio_and_a_drag_does_not() -> None:
    made = frame()
    made.set_ratio(1.0)
    assert made.margins == Margins(0, 8, 0, 8)
    made.set_margins(Margins(8, 16, 8, 16))
    assert made.ratio == 1.0
    made.set_side("left", 20)
    assert made.ratio is None
    made.reset()
    assert made.margins == Margins()


def test_outward_and_inward_are_told_apart() -> None:
    margins = Margins(10, -4, 0, 3)
    assert margins.outward == Margins(10, 0, 0, 3)
    assert margins.inward == Margins(0, -4, 0, 0)
