"""Sampling with networks that are right reaches the right distribution, at the right speed."""

from typing import Any, Literal

import pytest
import torch

from core.sampling.path import Path, RectifiedFlow, VariancePreserving, linear_alpha_bars
from core.sampling.solvers import ddim, ddpm
from tests.exact import Mixture, flow_map, gaussian, mixture, slope

VP = VariancePreserving(linear_alpha_bars())
PATHS: dict[str, Path] = {"vp": VP, "rf": RectifiedFlow(), "rf-shifted": RectifiedFlow(3.0)}
COUNT = 10_000


def noise(count: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(11)
    return torch.randn(count, 2, generator=generator).double()


def sample(
    exact: Mixture, path: Path, x: torch.Tensor, steps: int, solver: Any = ddim, **options: Any
) -> torch.Tensor:
    generator = torch.Generator().manual_seed(12)
    walk = solver(
        exact.denoiser(path), path, x, path.timesteps(steps), generator=generator, **options
    )
    for state in walk:
        x = state.x
    return x


@pytest.mark.parametrize("name", PATHS)
def test_ddim_maps_noise_to_a_gaussian(name: str) -> None:
    """DDIM is affine here, so three points tell mean and covariance without any chance."""
    path, exact = PATHS[name], gaussian()
    probes = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]).double()
    out = sample(exact, path, probes, 500)
    linear = out[1:] - out[0]
    assert torch.allclose(out[0], exact.mean, atol=4e-3)
    assert torch.allclose(linear.mT @ linear, exact.covariance, atol=4e-3)


@pytest.mark.parametrize("name", ["vp", "rf"])
@pytest.mark.parametrize(
    ("solver", "options"),
    [(ddim, {}), (ddim, {"eta": 0.5}), (ddim, {"eta": 1.0}), (ddpm, {"variance": "large"})],
    ids=["ddim", "half", "ancestral", "ddpm-large"],
)
def test_a_mixture_is_sampled_with_its_mean_and_covariance(
    name: str, solver: Any, options: dict[str, Any]
) -> None:
    path, exact = PATHS[name], mixture()
    x = sample(exact, path, noise(COUNT), 200, solver, **options)
    # Three standard errors of the mean, and what 200 steps leave.
    assert torch.allclose(x.mean(0), exact.mean, atol=0.03)
    assert torch.allclose(torch.cov(x.T), exact.covariance, atol=0.04)
    member = exact.log_densities(x, 1.0, 0.0).argmax(dim=1)
    shares = torch.bincount(member, minlength=3) / COUNT
    assert torch.allclose(shares.double(), exact.weights, atol=0.02)
    for k in range(3):
        inside = x[member == k]
        assert torch.allclose(inside.mean(0), exact.means[k], atol=0.03)
        assert torch.allclose(torch.cov(inside.T), exact.covariances[k], atol=0.02)


@pytest.mark.parametrize("name", PATHS)
def test_ddim_converges_to_the_ode_with_first_order(name: str) -> None:
    path, exact, x = PATHS[name], gaussian(), noise(200)
    steps, errors = [25, 50, 100, 200], []
    for count in steps:
        t = path.timesteps(count)[0]
        right = flow_map(exact, x, path, t, path.clean)
        errors.append((sample(exact, path, x, count) - right).square().mean().sqrt().item())
    assert -1.35 < slope(steps, errors) < -0.75
    assert errors[-1] < 0.02


@pytest.mark.parametrize("variance", ["small", "large"])
def test_all_thousand_ancestral_steps_reach_a_gaussian(variance: Literal["small", "large"]) -> None:
    exact = gaussian()
    x = sample(exact, VP, noise(4000), 1000, ddpm, variance=variance)
    assert torch.allclose(x.mean(0), exact.mean, atol=0.03)
    assert torch.allclose(torch.cov(x.T), exact.covariance, atol=0.02)
