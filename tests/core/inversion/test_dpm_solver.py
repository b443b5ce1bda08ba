"""DPM-Solver++ 2M: diffusers' own, its order, and the way back."""

import pytest
import torch
from diffusers import DPMSolverMultistepScheduler

from core.inversion import ddim, dpm_solver
from core.sampling.denoiser import from_network, of_model
from core.sampling.dpm_solver import dpm_solver as solve
from core.sampling.path import RectifiedFlow, VariancePreserving, linear_alpha_bars
from core.sampling.solvers import ddim as solve_ddim
from tests.core.edits import last, task, tiny
from tests.core.inversion.test_codes import made

PATH = VariancePreserving(linear_alpha_bars())


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    torch.set_num_threads(1)
    return tiny(tmp_path_factory.mktemp("model"))


def exact(path, x, t, s, mean, variance):
    """Where the probability-flow ODE of N(mean, variance) takes x: it keeps its place in sigmas."""

    def deviation(label):
        return (path.alpha(label) ** 2 * variance + path.sigma(label) ** 2) ** 0.5

    return path.alpha(s) * mean + (x - path.alpha(t) * mean) * deviation(s) / deviation(t)


def gaussian(path, mean=0.4, variance=0.3):
    def predict(x, t):
        alpha, sigma = path.alpha(t), path.sigma(t)
        gain = alpha * variance / (alpha**2 * variance + sigma**2)
        x0 = mean + gain * (x - alpha * mean)
        return alpha * (x - alpha * x0) / sigma - sigma * x0 if sigma else -0.0 * x

    return from_network(predict, "v_prediction", path)


def test_it_is_diffusers_own(model):
    one = task(model, None, steps=10)
    reference = DPMSolverMultistepScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        algorithm_type="dpmsolver++",
        solver_order=2,
        solver_type="midpoint",
        lower_order_final=False,
        final_sigmas_type="zero",
    )
    labels = one.timesteps
    reference.set_timesteps(timesteps=[int(t) for t in labels[:-1]])
    x = theirs = torch.randn(one.clean.shape, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        for t in reference.timesteps:
            output = model.predict(theirs, float(t), one.target)
            theirs = reference.step(output, t, theirs).prev_sample
    ours = last(solve(of_model(model, one.target), model.path, x, labels)).x
    torch.testing.assert_close(ours, theirs, rtol=2e-4, atol=2e-5)


def test_the_error_falls_with_the_square_of_the_steps():
    x = torch.linspace(-2, 2, 9, dtype=torch.float64)
    errors = []
    for steps in (20, 40, 80):
        labels = [float(round(900 - i * 400 / steps)) for i in range(steps + 1)]
        wanted = exact(PATH, x, labels[0], labels[-1], 0.4, 0.3)
        found = last(solve(gaussian(PATH), PATH, x, labels)).x
        errors.append((found - wanted).abs().max().item())
    assert errors[0] > 3.5 * errors[1] > 3.5**2 * errors[2]


@pytest.mark.parametrize("path", [PATH, RectifiedFlow()], ids=["vp", "flow"])
def test_the_exact_round_trip_is_closer_than_ddims(path):
    x0 = torch.linspace(-2, 2, 9, dtype=torch.float64)
    labels = path.timesteps(50)[1:]
    denoise = gaussian(path)
    errors = {}
    for name, encode, down in (
        ("dpm", dpm_solver.encode, solve),
        ("ddim", ddim.encode, solve_ddim),
    ):
        code, states = made(encode(denoise, path, x0, labels))
        assert list(code.points)[::-1] == labels or list(code.points) == labels
        assert {state.phase for state in states} == {"invert"}
        errors[name] = (last(down(denoise, path, code.start, labels)).x - x0).abs().max().item()
    assert errors["dpm"] < 0.5 * errors["ddim"]


def test_the_networks_round_trip_is_closer_than_ddims(model):
    one = task(model, None, steps=50)
    denoise, errors = of_model(model, one.source), {}
    for name, encode, down in (
        ("dpm", dpm_solver.encode, solve),
        ("ddim", ddim.encode, solve_ddim),
    ):
        code, _ = made(encode(denoise, model.path, one.clean, one.timesteps))
        rebuilt = last(down(denoise, model.path, code.start, one.timesteps)).x
        errors[name] = (rebuilt - one.clean).square().mean().sqrt().item()
    assert errors["dpm"] < errors["ddim"]
