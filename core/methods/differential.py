"""Differential diffusion: a mask of grey values is a strength for each of its pixels.

Levin and Fried 2023, Algorithm 1: a pixel that may change by m is held at the picture's own noise
level until a share 1 - m of the steps is done, then it walks on freely. White is free from the
first step, black is held to the end.
"""

from collections.abc import Iterator
from typing import cast

import torch

from core.methods.masked_fill import start
from core.methods.task import Task
from core.sampling.path import last_part, noised
from core.sampling.solvers import State, ddim
from core.settings import DifferentialSettings


def differential(task: Task) -> Iterator[State]:
    """Yield the states of the walk; nothing at strength 0."""
    settings = cast(DifferentialSettings, task.settings)
    path, mask = task.model.path, task.mask
    timesteps = last_part(task.timesteps, settings.strength)
    steps = len(timesteps) - 1
    if steps == 0:
        return
    done_at = {s: (index + 1) / steps for index, s in enumerate(timesteps[1:])}

    def hold(x: torch.Tensor, s: float) -> torch.Tensor:
        if mask is None:
            return x
        held = (1 - mask > done_at[s]) | (mask == 0)
        return torch.where(held, noised(path, task.clean, task.noise(), s), x)

    yield from ddim(
        task.towards_target(),
        path,
        start(task, timesteps[0], settings.strength),
        timesteps,
        eta=settings.eta,
        generator=task.generator,
        constraint=hold,
    )
