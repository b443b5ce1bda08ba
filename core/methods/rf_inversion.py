"""RF-Inversion: rectified flows steered on the way up to typical noise, and down to the picture.

Rout et al. 2024, Algorithms 1 and 2 (eqs. 8 and 15). Up, without a prompt, the velocity is u +
gamma (u(. | noise) - u) with u(x | noise) = (noise - x) / (1 - sigma), which aims at one drawn
noise. Down, under the target, it is v + eta (v(. | picture) - v) with v(x | picture) = (x -
picture) / sigma for the first steps. gamma = 1 is the straight line to the noise, eta = 1 the one
to the picture.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import cast

import torch

from core.methods.task import Task
from core.sampling.denoiser import of_model
from core.sampling.flow import line, velocity
from core.sampling.path import last_part
from core.sampling.solvers import State, finite, state
from core.sampling.step import step
from core.settings import RFInversionSettings


@torch.no_grad()
def rf_inversion(task: Task) -> Iterator[State]:
    """Yield the states up and down; nothing at inversion strength 0."""
    settings = cast(RFInversionSettings, task.settings)
    path = task.model.path
    timesteps = last_part(task.timesteps, settings.climb)
    if len(timesteps) == 1:
        return
    unconditional, noise = of_model(task.model, task.empty), task.noise()
    x, upward = task.clean, timesteps[::-1]
    points = {path.clean: x}
    for index, (t, s) in enumerate(pairwise(upward)):
        found = velocity(unconditional(x, t))
        aim = (noise - x) / path.alpha(t)
        ends = line(path, x, t, torch.lerp(found, aim, settings.gamma))
        x = points[s] = finite(step(path, ends.x0, ends.eps, s), t)
        yield state(index, upward, x, ends, "invert")

    target, steered = task.towards_target(), round(settings.eta_steps * (len(timesteps) - 1))
    for index, (t, s) in enumerate(pairwise(timesteps)):
        found = velocity(target(x, t))
        aim = (x - task.clean) / path.sigma(t)
        ends = line(path, x, t, torch.lerp(found, aim, settings.eta if index < steered else 0.0))
        x = finite(step(path, ends.x0, ends.eps, s), t)
        x = x if task.mask is None else torch.lerp(points[s], x, task.mask)
        yield state(index, timesteps, x, ends)
