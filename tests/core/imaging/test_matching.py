"""Colours and grain of a fill, and the membrane that spreads what is known around it."""

import numpy as np
import pytest

from core.imaging.beginning import without
from core.imaging.matching import colour_error, grain, missing_grain
from core.imaging.membrane import membrane


def hole(height: int = 60, width: int = 80) -> np.ndarray:
    mask = np.zeros((height, width), bool)
    mask[15:45, 20:60] = True
    return mask


class TestTheMembrane:
    def test_solves_laplaces_equation(self) -> None:
        """Against the dense solution, on a gap of 24 x 20."""
        rng = np.random.default_rng(0)
        values = np.cumsum(rng.standard_normal((40, 36, 2)), axis=1).astype(np.float32)
        known = np.ones((40, 36), bool)
        known[8:32, 9:29] = False
        places = {(y, x): i for i, (y, x) in enumerate(np.argwhere(~known))}
        matrix, right = np.zeros((len(places), len(places))), np.zeros((len(places), 2))
        for (y, x), i in places.items():
            matrix[i, i] = 4
            for other in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                if other in places:
                    matrix[i, places[other]] = -1
                else:
                    right[i] += values[other]
        exact = np.linalg.solve(matrix, right)
        found = membrane(values, known)
        assert np.array_equal(found[known], values[known])
        spread = np.ptp(values)
        assert np.abs(found[~known] - exact).max() < 0.06 * spread
        assert np.abs(found[~known] - exact).mean() < 0.02 * spread

    def test_keeps_a_constant_and_a_ramp(self) -> None:
        ramp = np.broadcast_to(np.arange(80, dtype=np.float32)[None, :, None], (60, 80, 1))
        assert np.abs(membrane(ramp, ~hole()) - ramp).max() < 1.0
        flat = np.full((60, 80, 3), 7, np.float32)
        assert membrane(flat, ~hole()) == pytest.approx(flat)

    @pytest.mark.parametrize("shape", [(1, 1), (1, 50), (37, 2), (4, 4)])
    def test_any_size_will_do(self, shape: tuple[int, int]) -> None:
        values = np.ones((*shape, 3), np.float32)
        known = np.zeros(shape, bool)
        assert not membrane(values, known).any()
        known[0, 0] = True
        assert membrane(values, known) == pytest.approx(values)


class TestColours:
    def test_an_offset_and_a_tint_are_taken_away(self) -> None:
        rng = np.random.default_rng(1)
        x = np.linspace(-0.5, 0.5, 80, dtype=np.float32)
        picture = np.broadcast_to(x[None, :, None], (60, 80, 3)) + 0.02 * rng.standard_normal(
            (60, 80, 3)
        )
        picture = picture.astype(np.float32)
        tint = np.array([0.1, -0.05, 0.02], np.float32) + 0.05 * x[None, :, None]
        mended = picture - tint + colour_error(picture, picture - tint, ~hole())
        assert np.abs(mended - picture)[hole()].max() < 0.02

    def test_all_masked_is_left_as_it_is(self) -> None:
        got = np.ones((8, 9, 3), np.float32)
        assert not colour_error(got * 2, got, np.zeros((8, 9), bool)).any()


class TestGrain:
    def test_is_measured_past_edges(self) -> None:
        rng = np.random.default_rng(2)
        picture = np.zeros((200, 200), np.float32)
        picture[:, 70:] = 120
        noisy = picture + rng.normal(0, 5, picture.shape).astype(np.float32)
        where = np.ones(picture.shape, bool)
        assert grain(noisy, where) == pytest.approx(5, rel=0.05)
        assert grain(picture, where) == 0

    def test_what_is_missing_is_added_and_no_more(self) -> None:
        rng = np.random.default_rng(3)
        mask = np.zeros((200, 200), bool)
        mask[50:150, 50:150] = True
        noisy = rng.normal(100, 4, (200, 200, 3)).astype(np.float32)
        clean = np.where(mask[..., None], np.float32(100), noisy).astype(np.float32)
        added = clean + missing_grain(noisy, clean, mask, 5, 255)
        assert grain(added[..., 0], mask) == pytest.approx(4, rel=0.1)
        assert np.array_equal(added[~mask], noisy[~mask])
        assert not missing_grain(noisy, noisy, mask, 5, 255)[~mask].any()
        assert not missing_grain(clean * 0, clean, mask, 5, 255).any()
        again = missing_grain(noisy, clean, mask, 5, 255)
        assert np.array_equal(again, missing_grain(noisy, clean, mask, 5, 255))


def test_what_is_removed_leaves_its_surroundings_colours() -> None:
    picture = np.full((60, 80, 3), (10_000, 20_000, 60_000), np.uint16)
    mask = hole().astype(np.float32)
    picture[hole()] = 0
    found = without(picture, mask)
    assert np.abs(found.astype(int) - [10_000, 20_000, 60_000]).max() <= 1
    assert without(picture, np.ones((60, 80), np.float32)).dtype == np.uint16
