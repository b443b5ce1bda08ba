"""The way up of RF-Inversion: a rectified flow steered to typical noise.

Rout et al. 2024, Algorithm 1 (eq. 8): without a prompt, the velocity is u + gamma (u(. | noise) -
u) with u(x | noise) = (noise - x) / (1 - sigma), which aims at one drawn noise; gamma = 1 is the
straight line to it.
"""

from collections.abc import Generator, Sequence
from itertools import pairwise

import torch

from core.inversion.code import Code
from core.sampling.denoiser import Denoiser
from core.sampling.flow import line, velocity
from core.sampling.path import Path
from core.sampling.solvers import Constraint, State, finite, state
from core.sampling.step import step


@torch.no_grad()
def encode(
    denoise: Denoiser,
    path: Path,
    x0: torch.Tensor,
    timesteps: Sequence[float],
    *,
    noise: torch.Tensor,
    gamma: float,
    constraint: Constraint | None = None,
    known: Code | None = None,
) -> Generator[State, None, Code]:
    """Walk x0 from timesteps[-1], the clean end, up to timesteps[0]; return the code.

    denoise: the flow without a prompt. noise: of the shape of x0. constraint: what becomes of x
    after every step. known: the code of a shorter way to the same noise, which is gone on with.
    """
    points = {timesteps[-1]: x0, **(known.points if known else {})}
    upward = timesteps[: len(timesteps) - len(points) + 1][::-1]
    x = points[upward[0]]
    for index, (t, s) in enumerate(pairwise(upward)):
        found = velocity(denoise(x, t))
        aim = (noise - x) / path.alpha(t)
        ends = line(path, x, t, torch.lerp(found, aim, gamma))
        x = finite(step(path, ends.x0, ends.eps, s), t)
        x = points[s] = x if constraint is None else constraint(x, s)
        yield state(index, upward, x, ends, "invert")
    return Code(timesteps, {t: points[t] for t in timesteps})
