"""One picture over another: against the formula in exact fractions, and what must stay exact."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imaging.layering import as_depth, lay_over

DEPTHS = st.sampled_from([np.uint8, np.uint16])


def noise(rng: np.random.Generator, shape: tuple[int, ...], dtype: Any) -> Any:
    return rng.integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), DEPTHS, st.floats(0, 1), st.booleans(), st.booleans())
def test_it_is_the_formula_to_half_a_level(
    seed: int, dtype: Any, opacity: float, opaque: bool, atop: bool
) -> None:
    rng = np.random.default_rng(seed)
    full = int(np.iinfo(dtype).max)
    below, above = noise(rng, (3, 5, 3), dtype), noise(rng, (3, 5, 3), dtype)
    lower = None if opaque else noise(rng, (3, 5), dtype)
    upper = noise(rng, (3, 5), dtype)
    share = np.rint(upper * opacity) / full
    under = np.ones((3, 5)) if lower is None else lower / full
    total = share + under * (1 - share)
    weight = share if atop or lower is None else share / np.maximum(total, 1e-12)
    colours = below + weight[..., None] * (above.astype(float) - below)
    result, cover = below.copy(), None if lower is None else lower.copy()
    lay_over(result, cover, above, upper, opacity, atop=atop)
    assert np.abs(result - colours).max() <= 0.5 + 1e-6
    if cover is not None:
        assert np.abs(cover - (under if atop else total) * full).max() <= 0.5 + 1e-6


@given(st.integers(0, 2**32), DEPTHS, st.booleans())
@settings(max_examples=30, deadline=None)
def test_where_it_is_opaque_or_empty_every_bit_is_kept(seed: int, dtype: Any, opaque: bool) -> None:
    rng = np.random.default_rng(seed)
    full = np.iinfo(dtype).max
    below, above = noise(rng, (4, 6, 3), dtype), noise(rng, (4, 6, 3), dtype)
    lower = None if opaque else noise(rng, (4, 6), dtype)
    upper = noise(rng, (4, 6), np.uint8) % 2 * dtype(full)
    result = below.copy()
    lay_over(result, None if lower is None else lower.copy(), above, upper)
    assert (result == np.where((upper == full)[..., None], above, below)).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_strips_do_not_show(dtype: Any) -> None:
    rng = np.random.default_rng(0)
    below, above = noise(rng, (3000, 70, 3), dtype), noise(rng, (3000, 70, 3), dtype)
    cover = noise(rng, (3000, 70), dtype)
    parts = below.copy()
    for row in range(0, 3000, 500):
        lay_over(parts[row : row + 500], None, above[row : row + 500], cover[row : row + 500])
    lay_over(below, None, above, cover)
    assert (below == parts).all()


def test_depths_there_and_back() -> None:
    every = np.arange(256, dtype=np.uint8)
    deep = as_depth(every, np.dtype(np.uint16))
    assert deep[255] == 65535
    assert (as_depth(deep, np.dtype(np.uint8)) == every).all()
