"""Our walks equal diffusers' schedulers: same network, same noise, whole trajectories.

In double precision, with the scheduler's own table in double too, the formulas must agree to
rounding; in single precision, as both are used, each step must agree to a few units of the last
place, and whole walks, which gather the differences, to 1e-5.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Literal

import pytest
import torch
from diffusers import (
    DDIMInverseScheduler,
    DDIMScheduler,
    DDPMScheduler,
    FlowMatchEulerDiscreteScheduler,
)

from core.inversion.ddim import invert
from core.models.latent_model import Prediction
from core.sampling.denoiser import from_network
from core.sampling.path import RectifiedFlow, Spacing, VariancePreserving, linear_alpha_bars
from core.sampling.solvers import ddim, ddpm

VP_PREDICTIONS: tuple[Prediction, ...] = ("epsilon", "v_prediction", "sample")
TABLE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
SHAPE = (2, 4, 8, 8)
EXACT = 1e-11
SINGLE = 1e-5
SINGLE_STEP = 5e-7


def network(x: torch.Tensor, t: float) -> torch.Tensor:
    """Something smooth, bounded, and different at every label."""
    return 0.8 * torch.tanh(1.2 * x + float(t) / 700.0 - 0.5) + 0.2 * x


def scheduler(kind: Any, dtype: torch.dtype, **options: Any) -> Any:
    made = kind(clip_sample=False, **{**TABLE, **options})
    made.alphas_cumprod = made.alphas_cumprod.to(dtype)
    for name in ("final_alpha_cumprod", "initial_alpha_cumprod"):
        if hasattr(made, name):
            setattr(made, name, getattr(made, name).to(dtype))
    return made


def our_path(made: Any) -> VariancePreserving:
    config, bars = made.config, made.alphas_cumprod.double()
    one = config.get("set_alpha_to_one", True)
    spacing: Spacing = config.timestep_spacing
    return VariancePreserving(bars, spacing, config.steps_offset, 1.0 if one else float(bars[0]))


def start(dtype: torch.dtype) -> torch.Tensor:
    return torch.randn(SHAPE, generator=torch.Generator().manual_seed(3)).to(dtype)


def distance(ours: torch.Tensor, theirs: torch.Tensor) -> float:
    """Largest difference relative to the largest value."""
    return ((ours - theirs).abs().max() / theirs.abs().max()).item()


def noises(seed: int) -> Iterator[torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    while True:
        yield torch.randn(SHAPE, generator=generator)


# Steps that divide 1000, since DDIMScheduler takes t - 1000 // steps for the next label.
WALKS = [
    ("leading", 0, 50, True),
    ("leading", 1, 50, False),
    ("leading", 1, 20, True),
    ("trailing", 0, 25, True),
    ("trailing", 0, 10, False),
    ("linspace", 0, 1000, True),
]
CASES = [
    (prediction, eta, *walk)
    for prediction in VP_PREDICTIONS
    for eta in (0.0, 0.5, 1.0)
    for walk in WALKS
    # A thousand steps: one prediction tells as much as three.
    if walk[2] < 1000 or (prediction == "epsilon" and eta == 1.0)
]


@pytest.mark.parametrize(("prediction", "eta", "spacing", "offset", "steps", "one"), CASES)
def test_ddim_equals_diffusers(
    prediction: Prediction, eta: float, spacing: Spacing, offset: int, steps: int, one: bool
) -> None:
    options: dict[str, Any] = {
        "prediction_type": prediction,
        "timestep_spacing": spacing,
        "steps_offset": offset,
        "set_alpha_to_one": one,
    }
    for dtype, allowed in ((torch.float64, EXACT), (torch.float32, SINGLE)):
        reference = scheduler(DDIMScheduler, dtype, **options)
        path = our_path(reference)
        reference.set_timesteps(steps)
        assert path.timesteps(steps)[:-1] == reference.timesteps.tolist()
        theirs, fresh = start(dtype), noises(5)
        walk = ddim(
            from_network(network, prediction, path),
            path,
            start(dtype),
            path.timesteps(steps),
            eta=eta,
            generator=torch.Generator().manual_seed(5),
        )
        for state, t in zip(walk, reference.timesteps, strict=True):
            noise = {"variance_noise": next(fresh).to(dtype)} if eta > 0.0 else {}
            output = network(theirs, float(t))
            theirs = reference.step(output, int(t), theirs, eta=eta, **noise).prev_sample
            assert distance(state.x, theirs) <= allowed, (dtype, state.step)


@pytest.mark.parametrize("prediction", VP_PREDICTIONS)
@pytest.mark.parametrize("eta", [0.0, 0.5, 1.0])
def test_single_ddim_steps_equal_diffusers(prediction: Prediction, eta: float) -> None:
    reference = scheduler(DDIMScheduler, torch.float32, prediction_type=prediction)
    path, x, fresh = our_path(reference), start(torch.float32), noises(5)
    reference.set_timesteps(50)
    denoise, generator = from_network(network, prediction, path), torch.Generator().manual_seed(5)
    for t, s in pairwise(path.timesteps(50)):
        (state,) = ddim(denoise, path, x, [t, s], eta=eta, generator=generator)
        noise = {"variance_noise": next(fresh)} if eta > 0.0 else {}
        x = reference.step(network(x, t), int(t), x, eta=eta, **noise).prev_sample
        assert distance(state.x, x) <= SINGLE_STEP


DDPM_CASES = [
    (prediction, variance, spacing, offset, steps)
    for prediction in VP_PREDICTIONS
    for variance in ("small", "large")
    for spacing, offset, steps in (("leading", 0, 50), ("leading", 1, 30), ("trailing", 0, 23))
    # At its last label diffusers adds "large" noise unless that label is 0; we add none there.
    if variance == "small" or (spacing, offset) == ("leading", 0)
] + [("v_prediction", "large", "linspace", 0, 40), ("epsilon", "small", "linspace", 0, 40)]


@pytest.mark.parametrize(("prediction", "variance", "spacing", "offset", "steps"), DDPM_CASES)
def test_ddpm_equals_diffusers(
    prediction: Prediction,
    variance: Literal["small", "large"],
    spacing: Spacing,
    offset: int,
    steps: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fresh = noises(9)
    monkeypatch.setattr(
        "diffusers.schedulers.scheduling_ddpm.randn_tensor",
        lambda shape, dtype, **_: next(fresh).to(dtype),
    )
    for dtype, allowed in ((torch.float64, EXACT), (torch.float32, SINGLE)):
        fresh = noises(9)
        reference = scheduler(
            DDPMScheduler,
            dtype,
            prediction_type=prediction,
            timestep_spacing=spacing,
            steps_offset=offset,
            variance_type=f"fixed_{variance}",
        )
        path = our_path(reference)
        reference.set_timesteps(steps)
        assert path.timesteps(steps)[:-1] == reference.timesteps.tolist()
        theirs = start(dtype)
        walk = ddpm(
            from_network(network, prediction, path),
            path,
            start(dtype),
            path.timesteps(steps),
            variance=variance,
            generator=torch.Generator().manual_seed(9),
        )
        for state, t in zip(walk, reference.timesteps, strict=True):
            output = network(theirs, float(t))
            theirs = reference.step(output, int(t), theirs).prev_sample
            if reference.variance_type == "fixed_small" and state.s == path.clean:
                # A floor of 1e-20 under its variance leaves 1e-10 of noise.
                assert distance(state.x, theirs) <= max(allowed, 1e-9)
            else:
                assert distance(state.x, theirs) <= allowed, (dtype, state.step)


@pytest.mark.parametrize("steps", [1, 2, 7, 30, 250, 999, 1000])
@pytest.mark.parametrize("spacing", ["leading", "trailing", "linspace"])
def test_timesteps_equal_diffusers(spacing: Spacing, steps: int) -> None:
    if spacing == "linspace" and steps == 1:
        expected = [999.0]  # diffusers would start at the clean end
    else:
        reference: Any = DDPMScheduler(timestep_spacing=spacing)
        reference.set_timesteps(steps)
        expected = reference.timesteps.tolist()
    path = VariancePreserving(linear_alpha_bars(), spacing)
    assert path.timesteps(steps) == [*expected, path.clean]


def test_the_linear_table_equals_diffusers() -> None:
    reference: Any = DDPMScheduler(beta_start=1e-4, beta_end=0.02, beta_schedule="linear")
    assert torch.allclose(linear_alpha_bars().float(), reference.alphas_cumprod, rtol=1e-5)


@pytest.mark.parametrize("shift", [1.0, 3.0])
@pytest.mark.parametrize("steps", [1, 8, 28])
def test_euler_on_the_straight_path_equals_diffusers(shift: float, steps: int) -> None:
    reference: Any = FlowMatchEulerDiscreteScheduler(shift=shift)
    # As its pipelines ask it: steps of equal length before the shift.
    reference.set_timesteps(sigmas=[1.0 - i / steps for i in range(steps)])
    path = RectifiedFlow(shift)
    timesteps = path.timesteps(steps)
    assert timesteps[:-1] == pytest.approx(reference.timesteps.tolist(), rel=1e-6)
    assert timesteps[-1] == path.clean == 0.0
    theirs = start(torch.float32)
    walk = ddim(from_network(network, "flow", path), path, start(torch.float32), timesteps)
    for state, t in zip(walk, reference.timesteps, strict=True):
        theirs = reference.step(network(theirs, float(t)), t, theirs).prev_sample
        assert distance(state.x, theirs) <= SINGLE


INVERSIONS = [
    ("epsilon", "leading", 50, True),
    ("epsilon", "leading", 20, False),
    ("epsilon", "trailing", 25, False),
    ("v_prediction", "leading", 50, True),
    ("v_prediction", "trailing", 25, True),
    # With an x0 prediction and a clean end without noise, diffusers divides zero by zero.
    ("sample", "leading", 50, False),
]


@pytest.mark.parametrize(("prediction", "spacing", "steps", "one"), INVERSIONS)
def test_inversion_equals_diffusers(
    prediction: Prediction, spacing: Spacing, steps: int, one: bool
) -> None:
    for dtype, allowed in ((torch.float64, EXACT), (torch.float32, SINGLE)):
        reference = scheduler(
            DDIMInverseScheduler,
            dtype,
            prediction_type=prediction,
            timestep_spacing=spacing,
            set_alpha_to_one=one,
        )
        path = our_path(reference)
        reference.set_timesteps(steps)
        theirs = start(dtype)
        walk = invert(
            from_network(network, prediction, path), path, start(dtype), path.timesteps(steps)
        )
        for state, t in zip(walk, reference.timesteps, strict=True):
            assert state.s == float(t)
            theirs = reference.step(network(theirs, float(t)), int(t), theirs).prev_sample
            assert distance(state.x, theirs) <= allowed, (dtype, state.step)
