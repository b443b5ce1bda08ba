"""The one equation and its inverse, and the paths: properties that hold for every label."""

import math
from itertools import pairwise
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RequestError, SamplingError
from core.models.latent_model import Prediction
from core.sampling.denoiser import Denoised, from_network, split
from core.sampling.path import (
    Path,
    RectifiedFlow,
    VariancePreserving,
    last_part,
    linear_alpha_bars,
    noised,
)
from core.sampling.solvers import ddim, ddpm
from core.sampling.step import ancestral_scale, forward_variance, noise_between, step
from tests.exact import PREDICTIONS, gaussian, mixture

VP = VariancePreserving(linear_alpha_bars())
RF = RectifiedFlow()
PATHS: dict[str, Path] = {"vp": VP, "rf": RF, "rf-shifted": RectifiedFlow(shift=3.0)}

paths = st.sampled_from(list(PATHS.values()))
labels = st.integers(1, 999).map(float)


def normal(seed: int) -> torch.Tensor:
    return torch.randn(3, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


@settings(max_examples=60, deadline=None)
@given(paths, labels, labels, st.floats(0.05, 1.0))
def test_noise_between_undoes_the_step(path: Path, first: float, second: float, eta: float) -> None:
    t, s = max(first, second) + 0.0, min(first, second) - 1.0
    c = eta * ancestral_scale(path, t, s)
    if c < 1e-6:
        return
    x0, eps, z = normal(0), normal(1), normal(2)
    x_s = step(path, x0, eps, s, c=c, z=z)
    # Dividing by a small c magnifies the rounding of x_s.
    assert (noise_between(path, x0, eps, x_s, s, c) - z).abs().max() <= 1e-14 / c + 1e-12


def test_noise_between_is_exact_in_double() -> None:
    x0, eps, z = normal(0), normal(1), normal(2)
    for path in PATHS.values():
        for t, s in ((999.0, 500.0), (300.0, 280.0), (40.0, 20.0)):
            c = ancestral_scale(path, t, s)
            x_s = step(path, x0, eps, s, c=c, z=z)
            assert (noise_between(path, x0, eps, x_s, s, c) - z).abs().max() < 1e-12


def test_without_noise_nothing_can_be_solved_for() -> None:
    with pytest.raises(ValueError, match="no noise leads"):
        noise_between(VP, normal(0), normal(1), normal(2), 20.0, 0.0)
    with pytest.raises(ValueError, match="needs the noise"):
        step(VP, normal(0), normal(1), 20.0, c=0.1)


@settings(max_examples=60, deadline=None)
@given(paths, labels, labels)
def test_ancestral_variances_are_those_of_the_posterior(path: Path, one: float, two: float) -> None:
    """1 / c^2 is the sum of the precisions of q(x_s | x0) and of q(x_t | x_s) as seen from x_s."""
    t, s = max(one, two), min(one, two)
    c, forward = ancestral_scale(path, t, s), forward_variance(path, t, s)
    kept = path.alpha(t) / path.alpha(s)
    if t == s:
        assert c == pytest.approx(0.0, abs=1e-6)
        return
    assert 0 < c < path.sigma(s)
    precision = 1 / path.sigma(s) ** 2 + kept**2 / forward
    assert 1 / c**2 == pytest.approx(precision, rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(paths, labels, labels, st.floats(0.0, 1.0))
def test_a_step_with_the_truth_keeps_the_marginal(
    path: Path, one: float, two: float, eta: float
) -> None:
    """From the true x0 and eps, x_s has mean alpha_s x0 and variance sigma_s^2, whatever c is."""
    t, s = max(one, two), min(one, two)
    c = min(eta * ancestral_scale(path, t, s), path.sigma(s))
    zero, unit = torch.zeros(1).double(), torch.ones(1).double()
    mean = step(path, unit, zero, s, c=c, z=zero)
    from_eps = step(path, zero, unit, s, c=c, z=zero)
    from_z = step(path, zero, zero, s, c=c, z=unit)
    assert mean.item() == pytest.approx(path.alpha(s))
    assert (from_eps**2 + from_z**2).item() == pytest.approx(path.sigma(s) ** 2)


@settings(max_examples=60, deadline=None)
@given(paths, labels, st.sampled_from(PREDICTIONS))
def test_every_prediction_splits_into_the_same_halves(
    path: Path, t: float, prediction: Prediction
) -> None:
    x0, eps = normal(0), normal(1)
    alpha, sigma = path.alpha(t), path.sigma(t)
    output = {
        "epsilon": eps,
        "sample": x0,
        "v_prediction": alpha * eps - sigma * x0,
        "flow": eps - x0,
    }[prediction]
    found = split(prediction, output, alpha * x0 + sigma * eps, path, t)
    assert (found.x0 - x0).abs().max() < 1e-9 / alpha
    assert (found.eps - eps).abs().max() < 1e-9 / sigma


@pytest.mark.parametrize("name", PATHS)
def test_exact_networks_of_all_kinds_are_one_denoiser(name: str) -> None:
    path, x = PATHS[name], normal(3)
    for t in (10.0, 500.0, 990.0):
        alpha, sigma = path.alpha(t), path.sigma(t)
        expected = mixture().x0(x, alpha, sigma)
        for prediction in PREDICTIONS:
            found = mixture().denoiser(path, prediction)(x, t)
            assert torch.allclose(found.x0, expected, atol=1e-9)
            assert torch.allclose(alpha * found.x0 + sigma * found.eps, x, atol=1e-9)


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("prediction", PREDICTIONS)
@pytest.mark.parametrize("label", [None, 40.0])
def test_at_the_clean_end_x_is_its_own_x0(
    name: str, prediction: Prediction, label: float | None
) -> None:
    path, x = PATHS[name], normal(4)
    found = gaussian().denoiser(path, prediction)(x, path.clean, label)
    assert torch.isfinite(found.eps).all()
    if prediction in ("epsilon", "sample") or label is None:
        assert torch.allclose(found.x0, x, atol=1e-9)


def test_the_networks_numbers_are_taken_in_the_samples_own_precision() -> None:
    def half(x: torch.Tensor, t: float) -> torch.Tensor:
        return x.half()

    for dtype in (torch.float32, torch.float64):
        found = from_network(half, "epsilon", VP)(normal(0).to(dtype), 500.0)
        assert (found.x0.dtype, found.eps.dtype) == (dtype, dtype)


class TestPaths:
    @pytest.mark.parametrize("name", PATHS)
    @pytest.mark.parametrize("steps", [1, 2, 3, 10, 50, 1000])
    def test_walks_fall_to_the_clean_end(self, name: str, steps: int) -> None:
        path = PATHS[name]
        timesteps = path.timesteps(steps)
        assert len(timesteps) == steps + 1
        assert timesteps[-1] == path.clean
        assert all(a > b for a, b in pairwise(timesteps))
        levels = [path.sigma(t) for t in timesteps]
        assert levels == sorted(levels, reverse=True)
        assert (path.alpha(path.clean), path.sigma(path.clean)) == (1.0, 0.0)

    @given(st.integers(0, 999))
    def test_variance_is_preserved(self, t: int) -> None:
        assert math.hypot(VP.alpha(t), VP.sigma(t)) == pytest.approx(1.0, rel=1e-15)

    @pytest.mark.parametrize("steps", [0, -1, 1001])
    def test_impossible_step_counts_are_refused(self, steps: int) -> None:
        with pytest.raises(RequestError, match="steps is"):
            VP.timesteps(steps)

    def test_the_straight_path_needs_a_step(self) -> None:
        with pytest.raises(RequestError, match="at least 1"):
            RF.timesteps(0)

    @given(st.floats(0, 1), st.integers(1, 100))
    def test_the_last_part_has_the_steps_that_settings_forecast(
        self, strength: float, steps: int
    ) -> None:
        timesteps = VP.timesteps(steps)
        part = last_part(timesteps, strength)
        assert len(part) - 1 == round(strength * steps)
        assert part == timesteps[len(timesteps) - len(part) :]

    @pytest.mark.parametrize("final", [1.0, 0.9991])
    def test_noise_of_the_clean_end_is_none(self, final: float) -> None:
        path = VariancePreserving(linear_alpha_bars(), final_alpha_bar=final)
        x0 = normal(0)
        assert noised(path, x0, normal(1), path.clean) is x0


class TestSolvers:
    def test_a_walk_says_where_it_stands(self) -> None:
        timesteps = VP.timesteps(4)
        states = list(ddim(gaussian().denoiser(VP), VP, normal(0), timesteps))
        assert [(s.step, s.steps, s.phase) for s in states] == [
            (n, 4, "sample") for n in (1, 2, 3, 4)
        ]
        assert [s.t for s in states] == timesteps[:-1]
        assert [s.s for s in states] == timesteps[1:]

    def test_the_constraint_sees_the_label_that_the_step_reached(self) -> None:
        seen = []

        def constraint(x: torch.Tensor, s: float) -> torch.Tensor:
            seen.append(s)
            return torch.zeros_like(x)

        timesteps = VP.timesteps(3)
        for state in ddim(gaussian().denoiser(VP), VP, normal(0), timesteps, constraint=constraint):
            assert not state.x.any()
        assert seen == timesteps[1:]

    @pytest.mark.parametrize("solver", [ddim, ddpm])
    def test_what_is_not_a_number_ends_the_walk(self, solver: Any) -> None:
        def broken(x: torch.Tensor, t: float, label: float | None = None) -> Denoised:
            eps = torch.full_like(x, math.nan) if t < 500 else torch.zeros_like(x)
            return Denoised(x0=x, eps=eps)

        walk = solver(broken, VP, normal(0), VP.timesteps(4))
        next(walk)
        with pytest.raises(SamplingError, match=r"label \d+; choose a lower guidance scale"):
            list(walk)

    def test_gradients_stay_off_inside_and_the_callers_setting_stays(self) -> None:
        on_the_way = []

        def denoise(x: torch.Tensor, t: float, label: float | None = None) -> Denoised:
            on_the_way.append(torch.is_grad_enabled())
            return Denoised(x0=x, eps=torch.zeros_like(x))

        for _ in ddim(denoise, VP, normal(0), VP.timesteps(3)):
            assert torch.is_grad_enabled()
        assert on_the_way == [False] * 3

    def test_fresh_noise_follows_the_seed_alone(self) -> None:
        def last(seed: int, solver: Any = ddim, **options: Any) -> torch.Tensor:
            walk = solver(
                gaussian().denoiser(VP),
                VP,
                normal(0),
                VP.timesteps(5),
                generator=torch.Generator().manual_seed(seed),
                **options,
            )
            return list(walk)[-1].x

        for solver, options in ((ddim, {"eta": 1.0}), (ddpm, {"variance": "large"})):
            assert torch.equal(last(1, solver, **options), last(1, solver, **options))
            assert not torch.equal(last(1, solver, **options), last(2, solver, **options))
        assert torch.equal(last(1, eta=0.0), last(2, eta=0.0))

    def test_eta_one_is_the_ancestral_sampler(self) -> None:
        """DDIM at eta = 1 and DDPM with the small variance are one walk, noise for noise."""
        samplers: list[Any] = [(ddim, {"eta": 1.0}), (ddpm, {})]
        walks: list[Any] = [
            list(
                solver(
                    gaussian().denoiser(VP),
                    VP,
                    normal(0),
                    VP.timesteps(20),
                    generator=torch.Generator().manual_seed(1),
                    **options,
                )
            )
            for solver, options in samplers
        ]
        assert torch.allclose(walks[0][-1].x, walks[1][-1].x, atol=1e-12)
