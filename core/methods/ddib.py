"""Dual diffusion implicit bridges: one ODE up, another one down.

Su et al. 2023 (DDIB), Algorithm 1: the picture is brought to noise by the probability-flow ODE of
its own domain, and back by that of the other. The domains are two prompts of one model, or two
models, each with its prompt. The two ODEs are solved by DPM-Solver++ 2M (Lu et al. 2022), whose
round trip is closer than DDIM's, or by DDIM with the label of each step's start.

What two models must share is the space of the noise, nothing else: the code of one is read by the
other as it is. Models of unlike first stages or schedules can therefore only meet in pure noise,
and what the second one makes is brought into the first one's latents through pixels.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast

import torch

from core.errors import RequestError
from core.inversion.kinds import DDIMInversion, DPMSolverInversion
from core.methods.task import Task
from core.models.latent_model import Conditioning, LatentModel
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
    one_stage = _one_first_stage(task, there.model)
    alike = one_stage and _one_schedule(task.model, timesteps, there.model, downward)
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
    yield from down if there.model is task.model else _brought_home(task, there, down, one_stage)


def in_model(task: Task, name: str) -> Task:
    """The task in the terms of another model: its labels, the target prompt in its words.

    Raises RequestError if its latents have another shape.
    """
    mine, other = task.model, task.model.load_other(name)
    shapes = [f"{m.latent_channels} channels at 1/{m.factor} of the side" for m in (mine, other)]
    if shapes[0] != shapes[1]:
        raise RequestError(
            f"the latents of {other.name} have {shapes[1]} and those of {mine.name} {shapes[0]}, "
            "so that one cannot read the other's noise; choose a model of the same shape."
        )
    states = other.encode_prompts([task.target_prompt, ""])
    target, empty = (Conditioning(part) for part in states.hidden.split(1))
    return replace(task, model=other, target=target, empty=empty)


def _one_first_stage(task: Task, other: LatentModel) -> bool:
    """Whether both models see the same picture in the task's latents."""
    if other is task.model:
        return True
    return torch.allclose(task.model.decode(task.clean), other.decode(task.clean), atol=1e-2)


def _one_schedule(
    mine: LatentModel, upper: Sequence[float], other: LatentModel, lower: Sequence[float]
) -> bool:
    """Whether two walks pass the same noise levels."""
    pairs = zip(upper, lower, strict=True)
    return all(abs(mine.path.alpha(t) - other.path.alpha(s)) < 1e-3 for t, s in pairs)


def _brought_home(
    task: Task, there: Task, walk: Iterator[State], one_stage: bool
) -> Iterator[State]:
    """The other model's states as the first one's, its evaluations counted with the first one's."""
    mine, other = task.model, there.model
    counted = other.network_evaluations

    def moved(latents: torch.Tensor) -> torch.Tensor:
        return mine.encode(other.decode(latents).clamp(-1, 1))

    for found in walk:
        mine.network_evaluations += other.network_evaluations - counted
        counted = other.network_evaluations
        if not one_stage:
            x = found.x
            if found.step == found.steps:
                x = moved(x) if task.mask is None else torch.lerp(task.clean, moved(x), task.mask)
            found = replace(found, x=x, x0=moved(found.x0))
        yield found
