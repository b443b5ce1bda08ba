"""DDIM inversion on networks that are right: its codes, its order, its two conventions."""

import pytest
import torch

from core.inversion.ddim import InversionLabel, invert
from core.models.latent_model import Prediction
from core.sampling.denoiser import from_network
from core.sampling.path import Path, RectifiedFlow, VariancePreserving, linear_alpha_bars
from core.sampling.solvers import ddim
from core.sampling.step import step
from tests.exact import flow_map, gaussian, slope

VP = VariancePreserving(linear_alpha_bars())
PATHS: dict[str, Path] = {"vp": VP, "rf": RectifiedFlow(), "rf-shifted": RectifiedFlow(3.0)}


def noise(count: int) -> torch.Tensor:
    return torch.randn(count, 2, generator=torch.Generator().manual_seed(11)).double()


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("label", ["next", "current"])
def test_the_inversion_round_trip_shrinks_with_first_order(
    name: str, label: InversionLabel
) -> None:
    path, exact = PATHS[name], gaussian()
    x0 = flow_map(exact, noise(200), path, path.timesteps(1)[0], path.clean)
    steps, errors = [25, 50, 100, 200], []
    for count in steps:
        *_, top = invert(
            exact.denoiser(path, "epsilon"), path, x0, path.timesteps(count), label=label
        )
        back = list(ddim(exact.denoiser(path), path, top.x, path.timesteps(count)))[-1].x
        errors.append((back - x0).square().mean().sqrt().item())
    assert -1.35 < slope(steps, errors) < -0.75
    assert errors[-1] < 0.05


@pytest.mark.parametrize("label", ["next", "current"])
@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction", "sample"])
def test_inversion_finds_the_codes_of_the_ode(
    label: InversionLabel, prediction: Prediction
) -> None:
    exact = gaussian()
    x0 = flow_map(exact, noise(50), VP, 999.0, VP.clean)
    *_, top = invert(exact.denoiser(VP, prediction), VP, x0, VP.timesteps(500), label=label)
    right = flow_map(exact, x0, VP, VP.clean, top.s)
    assert (top.x - right).square().mean().sqrt() < 0.03


@pytest.mark.parametrize("name", PATHS)
def test_solved_again_and_again_it_leads_back_exactly(name: str) -> None:
    """Each iteration gains about as much as the first step lost, down to float error."""
    path, exact = PATHS[name], gaussian()
    x0 = flow_map(exact, noise(200), path, path.timesteps(1)[0], path.clean)
    denoise, timesteps, errors = exact.denoiser(path), path.timesteps(20), []
    for iterations in (1, 2, 4, 40):
        states = list(invert(denoise, path, x0, timesteps, iterations=iterations))
        assert len(states) == 20 * iterations
        back = list(ddim(denoise, path, states[-1].x, timesteps))[-1].x
        errors.append((back - x0).square().mean().sqrt().item())
    assert errors[1] < errors[0] / 3
    assert errors[2] < errors[1] / 3
    assert errors[3] < 1e-9


def test_one_iteration_is_plain_inversion() -> None:
    exact, timesteps = gaussian().denoiser(VP), VP.timesteps(5)
    plain = list(invert(exact, VP, noise(3), timesteps))
    found = exact(noise(3), timesteps[-1], timesteps[-2])
    assert torch.equal(plain[0].x, step(VP, found.x0, found.eps, timesteps[-2]))


def test_the_walk_up_says_where_it_stands() -> None:
    timesteps = VP.timesteps(5)
    states = list(invert(gaussian().denoiser(VP), VP, noise(2), timesteps))
    assert [s.phase for s in states] == ["invert"] * 5
    assert [s.s for s in states] == timesteps[:-1][::-1]
    assert states[0].t == VP.clean


@pytest.mark.parametrize("label", ["next", "current"])
def test_the_network_is_told_the_label_that_the_convention_names(label: InversionLabel) -> None:
    told = []

    def network(x: torch.Tensor, t: float) -> torch.Tensor:
        told.append(t)
        return torch.zeros_like(x)

    timesteps = VP.timesteps(4)
    list(invert(from_network(network, "epsilon", VP), VP, noise(1), timesteps, label=label))
    upward = timesteps[::-1]
    # The clean end has no label of its own: the network is told its least noisy one.
    expected = upward[1:] if label == "next" else [0.0, *upward[1:-1]]
    assert told == expected
