"""Walks along the path. A solver yields its state after every step and never calls back."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import torch

from core.errors import SamplingError
from core.events import Phase
from core.sampling.denoiser import Denoised, Denoiser
from core.sampling.noise import Noise, fresh_noise
from core.sampling.path import Path
from core.sampling.step import ancestral_scale, forward_variance, step


@dataclass(frozen=True, eq=False)
class State:
    """Where a walk stands after `step` of `steps`.

    x: the sample at label `s`. x0, eps: what the denoiser believed at label `t` before the step.
    phase: "sample" towards the clean end, "invert" away from it.
    """

    step: int
    steps: int
    t: float
    s: float
    x: torch.Tensor
    x0: torch.Tensor
    eps: torch.Tensor
    phase: Phase = "sample"


Constraint = Callable[[torch.Tensor, float], torch.Tensor]
"""(x, s) -> x after every step: what must hold at label `s`, such as a known region."""


@torch.no_grad()
def ddim(
    denoise: Denoiser,
    path: Path,
    x: torch.Tensor,
    timesteps: Sequence[float],
    *,
    eta: float = 0.0,
    generator: torch.Generator | Noise | None = None,
    constraint: Constraint | None = None,
) -> Iterator[State]:
    """Walk from timesteps[0] to timesteps[-1] (DDIM, eq. 12; eta = 1 is DDPM's ancestral step).

    x: [N, ...] at timesteps[0]. `generator` lives on the CPU, so that a seed means the same
    picture on every device. Raises SamplingError when the numbers leave the finite.
    """
    for index, (t, s) in enumerate(pairwise(timesteps)):
        found = denoise(x, t)
        c = eta * ancestral_scale(path, t, s) if eta > 0.0 else 0.0
        z = fresh_noise(x, generator) if c > 0.0 else None
        x = finite(step(path, found.x0, found.eps, s, c=c, z=z), t)
        if constraint is not None:
            x = constraint(x, s)
        yield state(index, timesteps, x, found)


@torch.no_grad()
def ddpm(
    denoise: Denoiser,
    path: Path,
    x: torch.Tensor,
    timesteps: Sequence[float],
    *,
    variance: Literal["small", "large"] = "small",
    generator: torch.Generator | Noise | None = None,
    constraint: Constraint | None = None,
) -> Iterator[State]:
    """Ancestral sampling (DDPM, Algorithm 2): posterior mean plus noise.

    variance: "small" is the posterior's beta-tilde, "large" is beta (DDPM, section 3.2).
    constraint: as in `ddim`.
    """
    for index, (t, s) in enumerate(pairwise(timesteps)):
        found = denoise(x, t)
        c = ancestral_scale(path, t, s)
        x = step(path, found.x0, found.eps, s, c=c, z=torch.zeros_like(x))
        if s != path.clean:
            width = c if variance == "small" else math.sqrt(forward_variance(path, t, s))
            x = x + width * fresh_noise(x, generator)
        x = finite(x, t)
        if constraint is not None:
            x = constraint(x, s)
        yield state(index, timesteps, x, found)


def state(
    index: int,
    timesteps: Sequence[float],
    x: torch.Tensor,
    found: Denoised,
    phase: Phase = "sample",
) -> State:
    """The state after step number `index` (from 0) along `timesteps`."""
    t, s = timesteps[index], timesteps[index + 1]
    return State(index + 1, len(timesteps) - 1, t, s, x, found.x0, found.eps, phase)


def finite(x: torch.Tensor, t: float) -> torch.Tensor:
    """x, or SamplingError when it holds a number that is not finite."""
    if not torch.isfinite(x).all():
        raise SamplingError(
            f"the sample is no longer finite after label {t:g}; "
            "choose a lower guidance scale or more steps."
        )
    return x
