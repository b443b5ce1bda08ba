"""DPM-Solver++ 2M: DDIM's step with x0 extrapolated along the log signal-to-noise ratio.

Lu et al. 2022 (DPM-Solver++), Algorithm 2: with lambda = log(alpha / sigma), h = lambda_s -
lambda_t and r = h_before / h, the step uses D = x0 + (x0 - x0_before) / (2 r) in place of x0.
Walked towards noise it is its own inverse to second order.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import torch

from core.events import Phase
from core.sampling.denoiser import Denoised, Denoiser
from core.sampling.path import Path
from core.sampling.solvers import Constraint, State, finite, state
from core.sampling.step import step


@torch.no_grad()
def dpm_solver(
    denoise: Denoiser,
    path: Path,
    x: torch.Tensor,
    timesteps: Sequence[float],
    *,
    constraint: Constraint | None = None,
    phase: Phase = "sample",
) -> Iterator[State]:
    """Walk from timesteps[0] to timesteps[-1], either way; x: [N, ...] at timesteps[0].

    First order where lambda is infinite, that is at the clean end and at a path's pure noise.
    """
    before: tuple[float, torch.Tensor] | None = None
    for index, (t, s) in enumerate(pairwise(timesteps)):
        found = denoise(x, t)
        used = found if before is None else extrapolated(path, x, found, *before, t, s)
        before = t, found.x0
        x = finite(step(path, used.x0, used.eps, s), t)
        x = x if constraint is None else constraint(x, s)
        yield state(index, timesteps, x, found, phase)


def extrapolated(
    path: Path,
    x: torch.Tensor,
    found: Denoised,
    label_before: float,
    x0_before: torch.Tensor,
    t: float,
    s: float,
) -> Denoised:
    """x0 half a step ahead, and the eps that belongs to it at x."""
    places = [log_snr(path, label) for label in (label_before, t, s)]
    h_before, h = places[1] - places[0], places[2] - places[1]
    if not all(map(math.isfinite, places)) or h_before == 0.0:
        return found
    x0 = found.x0 + (found.x0 - x0_before) * (h / (2.0 * h_before))
    return Denoised(x0=x0, eps=(x - path.alpha(t) * x0) / path.sigma(t))


def log_snr(path: Path, t: float) -> float:
    """log(alpha / sigma); infinite at either end."""
    alpha, sigma = path.alpha(t), path.sigma(t)
    if alpha == 0.0 or sigma == 0.0:
        return math.inf if sigma == 0.0 else -math.inf
    return math.log(alpha / sigma)
