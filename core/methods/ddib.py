"""Dual diffusion implicit bridges: one ODE up, another one down.

Su et al. 2023 (DDIB), Algorithm 1: the picture is brought to noise by the probability-flow ODE of
its own prompt, and back by that of the other. The two ODEs are solved by DPM-Solver++ 2M (Lu et al.
2022), whose round trip is closer than DDIM's, or by DDIM with the label of each step's start.
"""

from collections.abc import Iterator
from typing import cast

import torch

from core.inversion.kinds import DDIMInversion, DPMSolverInversion
from core.methods.task import Task
from core.sampling.dpm_solver import dpm_solver
from core.sampling.path import last_part
from core.sampling.solvers import State, ddim
from core.settings import DDIBSettings


def ddib(task: Task) -> Iterator[State]:
    """Yield the states up and down; nothing at inversion strength 0."""
    settings = cast(DDIBSettings, task.settings)
    path = task.model.path
    timesteps = last_part(task.timesteps, settings.climb)
    if len(timesteps) == 1:
        return
    if settings.solver == "ddim":
        inversion, solve = DDIMInversion(label="current"), ddim
    else:
        inversion, solve = DPMSolverInversion(), dpm_solver
    code = yield from task.invert(inversion, timesteps)

    def hold(x: torch.Tensor, s: float) -> torch.Tensor:
        return x if task.mask is None else torch.lerp(code.points[s], x, task.mask)

    yield from solve(task.towards_target(), path, code.start, timesteps, constraint=hold)
