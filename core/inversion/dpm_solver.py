"""Inversion by DPM-Solver++ 2M: the sampler of second order, walked towards noise.

Lu et al. 2022, Algorithm 2, with the steps in reverse. The round trip's error is of second order in
the steps, DDIM's of first.
"""

from collections.abc import Generator, Sequence

import torch

from core.inversion.code import Code
from core.sampling.denoiser import Denoiser
from core.sampling.dpm_solver import dpm_solver
from core.sampling.path import Path
from core.sampling.solvers import Constraint, State


def encode(
    denoise: Denoiser,
    path: Path,
    x0: torch.Tensor,
    timesteps: Sequence[float],
    *,
    constraint: Constraint | None = None,
) -> Generator[State, None, Code]:
    """Walk x0 from timesteps[-1], the clean end, up to timesteps[0]; return the code.

    constraint: what becomes of x after every step.
    """
    points = {timesteps[-1]: x0}
    upward = timesteps[::-1]
    for found in dpm_solver(denoise, path, x0, upward, constraint=constraint, phase="invert"):
        points[found.s] = found.x
        yield found
    return Code(timesteps, points)
