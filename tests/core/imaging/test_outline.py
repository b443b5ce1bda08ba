import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imaging.outline import ellipse, enclosed, rectangle
from core.imaging.selection import EMPTY

SIZE = (24, 32)  # height, width
coordinates = st.tuples(st.floats(-8, 40), st.floats(-8, 32))


def whole(points, size=SIZE):
    values = np.zeros(size, np.uint8)
    patch = enclosed(points, size)
    values[patch.slices] = patch.values
    return values


def sampled(points, size=SIZE, finer=16):
    """The share of each pixel that lies inside, by many points: nonzero winding."""
    axis_y, axis_x = [(np.arange(n * finer) + 0.5) / finer for n in size]
    winding = np.zeros((len(axis_y), len(axis_x)), int)
    for (x0, y0), (x1, y1) in zip(points, np.roll(points, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        low, high, way = (y0, y1, 1) if y0 < y1 else (y1, y0, -1)
        crossed = (axis_y >= low) & (axis_y < high)
        x = x0 + (axis_y - y0) / (y1 - y0) * (x1 - x0)
        winding += way * (crossed[:, None] & (axis_x[None, :] > x[:, None]))
    share = np.minimum(np.abs(winding), 1)
    return share.reshape(size[0], finer, size[1], finer).mean(axis=(1, 3)) * 255


def area(points):
    x, y = np.asarray(points, float).T
    return abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2


@settings(deadline=None, max_examples=60)
@given(st.tuples(coordinates, coordinates, coordinates))
def test_a_triangle_covers_its_share_of_every_pixel(points):
    assert np.abs(whole(points) - sampled(np.array(points))).max() < 255 * 0.12


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 32), st.floats(0, 24)), min_size=3, max_size=3, unique=True))
def test_the_sum_is_the_area(points):
    values = whole(points)
    assert values.sum() / 255 == pytest.approx(area(points), abs=0.5 / 255 * (values > 0).sum() + 1)


def test_whole_pixels_are_exact():
    values = whole(rectangle((3, 4), (10, 9)))
    expected = np.zeros(SIZE, np.uint8)
    expected[4:9, 3:10] = 255
    assert (values == expected).all()
    assert (whole(rectangle((10, 9), (3, 4))) == expected).all()


def test_fractions_of_pixels():
    values = whole(rectangle((2.25, 3.5), (4.0, 5.0)))
    assert values[3, 2] == round(255 * 0.75 * 0.5)
    assert values[4, 2] == round(255 * 0.75)
    assert values[4, 3] == 255
    assert values.sum() == pytest.approx(255 * 1.75 * 1.5, abs=4)


def test_an_ellipse_has_its_area_and_its_box():
    values = whole(ellipse((4, 3), (28, 21)))
    assert values.sum() / 255 == pytest.approx(np.pi * 12 * 9, rel=0.002)
    assert (values == values[::-1]).all()
    assert (values == values[:, ::-1]).all()
    assert values[11, 4] > 0
    assert not values[:, :4].any()


def test_a_line_that_laps_over_leaves_no_hole():
    turn = np.linspace(0, 2 * np.pi * 1.2, 60)
    points = np.stack([16 + 9 * np.cos(turn), 12 + 9 * np.sin(turn)], axis=1)
    assert whole(points)[6:18, 10:22].min() == 255
    eight = [(4, 4), (28, 20), (28, 4), (4, 20)]
    values = whole(eight)
    assert values[12, 6] == values[12, 25] == 255


@pytest.mark.parametrize(
    "points",
    [
        [],
        [(1, 1), (5, 5)],
        [(1, 1), (5, 1), (9, 1)],
        [(2, 2), (2, 2), (2, 2)],
        rectangle((40, 3), (50, 9)),
        rectangle((-9, -9), (-1, -1)),
    ],
)
def test_what_encloses_nothing(points):
    assert not enclosed(points, SIZE)
    assert not whole(points).any()


def test_what_lies_beyond_the_picture_is_cut_off():
    assert (whole(rectangle((-100, -50), (500, 400))) == 255).all()
    half = whole(rectangle((-100, -50), (16, 400)))
    assert (half[:, :16] == 255).all()
    assert not half[:, 16:].any()


@pytest.mark.parametrize("size", [(1, 1), (1, 2000), (2000, 1)])
def test_thin_pictures(size):
    height, width = size
    values = whole(ellipse((-width, -height), (2 * width, 2 * height)), size)
    assert (values == 255).all()
    assert enclosed(rectangle((0, 0), (0, 0)), size) is EMPTY
