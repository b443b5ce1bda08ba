from typing import Any

import numpy as np
import pytest

from core.documents.document import StoredDocument, StoredLayer
from core.documents.flatten import flatten
from tests.core.documents.generated import noise


def of(*layers: StoredLayer, bits: Any = 8) -> StoredDocument:
    return StoredDocument(width=6, height=5, bits=bits, layers=layers)


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(8)


def test_one_opaque_layer_is_its_own_array(random: np.random.Generator) -> None:
    pixels = noise(random, (5, 6, 3), np.dtype(np.uint8))
    hidden = StoredLayer("b", pixels, visible=False)
    assert flatten(of(StoredLayer("a", pixels), hidden)) is pixels


def test_nothing_visible_is_transparent() -> None:
    assert flatten(of()).shape == (5, 6, 4)
    assert not flatten(of()).any()


@pytest.mark.parametrize("bits", [8, 16])
def test_where_nothing_is_mixed_all_values_stay(random: np.random.Generator, bits: int) -> None:
    dtype = np.dtype(f"uint{bits}")
    ground = noise(random, (5, 6, 3), dtype)
    above = noise(random, (3, 3, 4), dtype).copy()
    above[..., 3] = 0
    above[1, 1, 3] = np.iinfo(dtype).max
    flat = flatten(of(StoredLayer("a", ground), StoredLayer("b", above, x=4, y=-1), bits=bits))
    expected = ground.copy()
    expected[0, 5] = above[1, 1, :3]
    assert np.array_equal(flat, expected)


def test_half_over_half_is_the_formula() -> None:
    below = np.full((5, 6, 4), [200, 100, 0, 128], np.uint8)
    above = np.full((5, 6, 4), [0, 100, 255, 255], np.uint8)
    flat = flatten(of(StoredLayer("a", below), StoredLayer("b", above, opacity=0.5)))
    b = 128 / 255
    alpha = 0.5 + b * 0.5
    colours = (np.array([0, 100, 255]) * 0.5 + np.array([200, 100, 0]) * b * 0.5) / alpha
    assert flat[2, 2].tolist() == [*np.rint(colours).astype(int), round(alpha * 255)]
