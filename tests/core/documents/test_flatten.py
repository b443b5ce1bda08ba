from typing import Any

import numpy as np
import pytest

from core.documents.document import StoredDocument, StoredLayer
from core.documents.flatten import flatten
from tests.core.documents.generated import holes, noise


def of(*layers: StoredLayer, bits: Any = 8) -> StoredDocument:
    return StoredDocument(width=6, height=5, bits=bits, layers=layers)


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(8)


def test_an_opaque_layer_that_hides_all_others_is_its_own_array(
    random: np.random.Generator,
) -> None:
    pixels = noise(random, (5, 6, 3), np.dtype(np.uint8))
    other = noise(random, (5, 6, 3), np.dtype(np.uint8))
    hidden = StoredLayer("c", other, visible=False)
    flat, alpha = flatten(of(StoredLayer("a", other), StoredLayer("b", pixels), hidden))
    assert flat is pixels
    assert alpha is None


def test_nothing_visible_is_transparent() -> None:
    _, alpha = flatten(of())
    assert alpha is not None
    assert not alpha.any()


@pytest.mark.parametrize("bits", [8, 16])
def test_where_nothing_is_mixed_all_values_stay(random: np.random.Generator, bits: int) -> None:
    dtype = np.dtype(f"uint{bits}")
    ground = noise(random, (5, 6, 3), dtype)
    above = noise(random, (3, 3, 3), dtype)
    cover = np.zeros((3, 3), dtype)
    cover[1, 1] = np.iinfo(dtype).max
    layers = StoredLayer("a", ground), StoredLayer("b", above, cover, x=4, y=-1)
    flat, alpha = flatten(of(*layers, bits=bits))
    expected = ground.copy()
    expected[0, 5] = above[1, 1]
    assert np.array_equal(flat, expected)
    assert alpha is None


def test_a_layer_beyond_the_canvas_shows_nothing(random: np.random.Generator) -> None:
    pixels = noise(random, (4, 4, 3), np.dtype(np.uint8))
    for x, y in ((6, 0), (-4, 0), (0, 5), (0, -4), (900, 900)):
        _, alpha = flatten(of(StoredLayer("a", pixels, x=x, y=y)))
        assert alpha is not None
        assert not alpha.any()


def test_atop_leaves_what_is_transparent(random: np.random.Generator) -> None:
    dtype = np.dtype(np.uint8)
    below = StoredLayer("a", noise(random, (5, 6, 3), dtype), holes(random, (5, 6), dtype))
    above = StoredLayer("b", noise(random, (5, 6, 3), dtype), atop=True)
    flat, alpha = flatten(of(below, above))
    assert np.array_equal(alpha, below.alpha)
    assert np.array_equal(flat[-1], above.pixels[-1])
