"""Tiles: one canvas, exact where the network is, and no more network than is asked for."""

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models.latent_model import Conditioning
from core.models.stable_diffusion import StableDiffusion
from core.models.tiled import all_windows, tiled
from core.sampling.denoiser import of_model
from core.sampling.path import VariancePreserving, linear_alpha_bars
from core.sampling.solvers import ddim


class Exact:
    """The exact denoiser of pixels that are independent Gaussians of mean .3 and deviation .5."""

    native_size, factor, prediction = 128, 8, "epsilon"
    path = VariancePreserving(linear_alpha_bars())

    def __init__(self) -> None:
        self.seen: list[tuple[int, ...]] = []

    def predict(self, x: torch.Tensor, t: float, conditioning: Conditioning) -> torch.Tensor:
        self.seen.append(tuple(x.shape))
        alpha, sigma = self.path.alpha(t), self.path.sigma(t)
        gain = alpha * 0.25 / (alpha**2 * 0.25 + sigma**2)
        return (x - alpha * (0.3 + gain * (x - alpha * 0.3))) / sigma


TOLD = Conditioning(torch.zeros(1, 1, 1))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(2, 40))
def test_windows_cover_everything_and_overlap(height: int, width: int, side: int) -> None:
    seen = torch.zeros(height, width)
    for rows, columns in all_windows((height, width), side):
        assert rows.stop - rows.start == min(side, height)
        assert columns.stop - columns.start == min(side, width)
        seen[rows, columns] += 1
    assert seen.min() >= 1
    assert seen[0, 0] == 1
    if height > side >= 4:
        assert (seen[:, 0] == 2).any()


@torch.no_grad()
def test_a_walk_in_tiles_is_the_walk_as_a_whole_where_the_network_is_exact() -> None:
    x = torch.randn(2, 4, 40, 53, generator=torch.Generator().manual_seed(0)).double()
    whole: Any = Exact()
    *_, expected = ddim(of_model(whole, TOLD), whole.path, x, whole.path.timesteps(10))
    parts: Any = Exact()
    *_, found = ddim(of_model(tiled(parts), TOLD), parts.path, x, parts.path.timesteps(10))
    torch.testing.assert_close(found.x, expected.x, rtol=1e-5, atol=1e-6)
    assert {shape[-2:] for shape in parts.seen} == {(16, 16)}


@torch.no_grad()
def test_where_one_tile_lies_the_prediction_is_the_models_own(tiny_model: StableDiffusion) -> None:
    x = torch.randn(1, 4, 16, 28, generator=torch.Generator().manual_seed(0))
    told = tiny_model.encode_prompts(["a cat"])
    found = tiled(tiny_model).predict(x, 500.0, told)
    (_, first), (_, second) = all_windows((16, 28), 16)
    alone = [tiny_model.predict(x[..., part], 500.0, told) for part in (first, second)]
    torch.testing.assert_close(found[..., : second.start], alone[0][..., : second.start])
    torch.testing.assert_close(found[..., first.stop :], alone[1][..., first.stop - second.start :])


@pytest.mark.parametrize("rows", [1, 3])
@torch.no_grad()
def test_tiles_without_mask_are_not_asked(tiny_model: StableDiffusion, rows: int) -> None:
    x = torch.randn(rows, 4, 16, 64)
    mask = torch.zeros(1, 1, 16, 64)
    mask[..., 3] = 1
    told = tiny_model.encode_prompts(["a cat"])
    before = tiny_model.network_evaluations
    found = tiled(tiny_model, mask).predict(x, 500.0, told)
    assert tiny_model.network_evaluations - before == rows
    assert found[..., 16:].eq(0).all()
    alone = tiny_model.predict(x[..., :16], 500.0, told)
    torch.testing.assert_close(found[..., :16], alone)
