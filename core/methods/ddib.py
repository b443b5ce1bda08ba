"""Dual diffusion implicit bridges: one ODE up, another one down.

Su et al. 2023 (DDIB), Algorithm 1: the picture is brought to noise by the probability-flow ODE of
its own domain, and back by that of the other. The domains are two prompts of one model, or two
models, each with its prompt. The two ODEs are solved by DPM-Solver++ 2M (Lu et al. 2022), whose
round trip is closer than DDIM's, or by DDIM with the label of each step's start.

What two models must share is the space of the noise, nothing else: the code of one is read by the
other as it is. Models of unlike first stages or schedules can therefore only meet in pure noise,
and what the second one makes is brought into the first one's latents through pixels.
"""

from collections.abc import Iterator
from typing import cast

import torch

from core.errors import RequestError
from core.inversion.kinds import DDIMInversion, DPMSolverInversion
from core.methods.second_model import brought_home, in_model, one_first_stage, one_schedule
from core.methods.task import Task
from core.sampling.dpm_solver import dpm_solver
from core.sampling.path import last_part
from core.sampling.solvers import State, ddim
from core.settings import DDIBSettings


def ddib(task: Task) -> Iterator[State]:
    """Yield the states up and down; nothing at inversion strength 0.

    Raises ModelError for a second model that cannot be had, RequestError for one that does not fit.
    """
    settings = cast(DDIBSettings, task.settings)
    timesteps = last_part(task.timesteps, settings.climb)
    if len(timesteps) == 1:
        return
    there = in_model(task, settings.target_model) if settings.target_model else task
    downward = last_part(there.timesteps, settings.climb)
    one_stage = one_first_stage(task, there.model)
    alike = one_stage and one_schedule(task.model, timesteps, there.model, downward)
    if not alike and len(timesteps) <= task.steps:
        raise RequestError(
            f"{task.model.name} and {there.model.name} have unlike first stages or schedules and "
            "share nothing but noise; set the inversion strength to 1, or choose two models of "
            "one family."
        )
    if settings.solver == "ddim":
        inversion, solve = DDIMInversion(label="current"), ddim
    else:
        inversion, solve = DPMSolverInversion(), dpm_solver
    code = yield from task.invert(inversion, timesteps)
    way = {s: code.points[t] for s, t in zip(downward, timesteps, strict=True)}

    def hold(x: torch.Tensor, s: float) -> torch.Tensor:
        known = alike or (one_stage and s == there.model.path.clean)
        return torch.lerp(way[s], x, task.mask) if known and task.mask is not None else x

    down = solve(there.guided(), there.model.path, code.start, downward, constraint=hold)
    yield from down if there.model is task.model else brought_home(task, there, down, one_stage)
