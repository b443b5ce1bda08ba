import numpy as np
import pytest

from core.errors import RequestError
from core.imaging.object_box import CancelledError, in_box


def scene(height=240, width=320, radius=60, dtype=np.uint8, noise=10, seed=0):
    """An orange disc on a bluish, grainy ground; the picture and where the disc is."""
    rng = np.random.default_rng(seed)
    rows, columns = np.indices((height, width))
    disc = np.hypot(rows - height * 0.5, columns - width * 0.45) <= radius
    colours = np.where(disc[..., None], (220, 130, 40), (60, 100, 150)).astype(float)
    colours += 20 * np.sin(columns / 9)[..., None]
    colours += rng.normal(0, noise, (height, width, 1))
    pixels = np.clip(colours, 0, 255).astype(np.uint8)
    return (pixels if dtype == np.uint8 else pixels.astype(np.uint16) * 257), disc


def whole(patch, shape):
    values = np.zeros(shape, np.uint8)
    values[patch.slices] = patch.values
    return values


def agreement(found, truth):
    chosen = found >= 128
    return (chosen & truth).sum() / (chosen | truth).sum()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_disc_in_a_rough_box(dtype):
    pixels, disc = scene(dtype=dtype)
    found = whole(in_box(pixels, (60, 40, 230, 200)), disc.shape)
    assert agreement(found, disc) > 0.98


def test_a_large_picture_gets_an_edge_of_its_own_pixels():
    pixels, disc = scene(1500, 2000, radius=380)
    found = whole(in_box(pixels, (420, 280, 1400, 1230)), disc.shape)
    assert agreement(found, disc) > 0.995
    # The copy's pixels are about 2.7 of the picture's: taken alone they would leave stairs.
    rows, columns = np.indices(disc.shape)
    far = np.abs(np.hypot(rows - 750, columns - 900) - 380) > 4
    assert ((found >= 128) == disc)[far].all()


def test_the_same_box_finds_the_same():
    pixels, _ = scene()
    boxes = (60, 40, 230, 200), (230, 200, 60, 40)
    first, second = (in_box(pixels, box) for box in boxes)
    assert (first.values == second.values).all()
    assert (first.left, first.top) == (second.left, second.top)


def test_nothing_outside_the_box():
    pixels, disc = scene()
    patch = in_box(pixels, (92, 40, 230, 200))  # cuts a slice off the disc
    assert (patch.left, patch.top, *patch.values.shape) == (92, 40, 160, 138)
    assert agreement(patch.values, disc[patch.slices]) > 0.9


@pytest.mark.parametrize(
    ("box", "message"),
    [
        ((10, 10, 10, 60), "empty"),
        ((400, 10, 500, 60), "empty"),
        ((-5, -5, 900, 900), "whole picture"),
        ((10, 10, 12, 12), "too little"),
    ],
)
def test_boxes_that_cannot_work_say_why(box, message):
    pixels, _ = scene()
    with pytest.raises(RequestError, match=message):
        in_box(pixels, box)


def test_a_flat_picture_has_no_object():
    with pytest.raises(RequestError, match="stands out"):
        in_box(np.full((60, 60, 3), 90, np.uint8), (10, 10, 50, 50))


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (3, 3)])
def test_tiny_pictures_say_that_they_are(shape):
    with pytest.raises(RequestError):
        in_box(np.zeros((*shape, 3), np.uint8), (0, 0, max(1, shape[1] // 2), 1))


def test_a_long_strip():
    rng = np.random.default_rng(1)
    pixels = rng.integers(60, 90, (300, 20_000, 3)).astype(np.uint8)
    pixels[80:220, 5000:9000] = (220, 60, 60)
    found = whole(in_box(pixels, (4500, 40, 9500, 260)), pixels.shape[:2])
    truth = np.zeros(pixels.shape[:2], bool)
    truth[80:220, 5000:9000] = True
    assert agreement(found, truth) > 0.9


def test_it_can_be_given_up():
    asked = []

    def cancelled():
        asked.append(1)
        return len(asked) > 2

    pixels, _ = scene()
    with pytest.raises(CancelledError):
        in_box(pixels, (60, 40, 230, 200), cancelled)
    assert len(asked) == 3
