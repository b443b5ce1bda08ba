"""FlowEdit: an ODE from picture to picture, without going through noise.

Kulikov et al. 2024, Algorithm 1: the edit z starts at the picture x and moves by the difference of
two velocities, z += (t' - t) [v(z + x_t - x, target) - v(x_t, source)], where x_t = (1 - t) x +
t eps with fresh eps at every step. n_max of n steps are made, 24 of 28: inversion strength .73.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import cast

import torch

from core.methods.task import Task
from core.sampling.branches import Branch, Branches
from core.sampling.denoiser import Denoised
from core.sampling.flow import velocity
from core.sampling.path import last_part, noised
from core.sampling.solvers import State, finite, state
from core.settings import FlowEditSettings


@torch.no_grad()
def flowedit(task: Task) -> Iterator[State]:
    """Yield the states of the edit, all clean latents; nothing at inversion strength 0."""
    settings = cast(FlowEditSettings, task.settings)
    path = task.model.path
    timesteps = last_part(task.timesteps, settings.climb)
    source = Branch(task.source, task.empty, settings.source_guidance_scale)
    target = Branch(task.target, task.empty, task.guidance_scale)
    both = Branches(task.model, [source, target])
    z = task.clean
    for index, (t, s) in enumerate(pairwise(timesteps)):
        eps, difference = task.noise(), torch.zeros_like(z)
        for draw in range(settings.draws):
            eps = task.noise() if draw else eps
            x = noised(path, task.clean, eps, t)
            here, there = velocity(both(torch.cat([x, z + x - task.clean]), t)).split(1)
            difference += (there - here) / settings.draws
        z = finite(z + (path.sigma(s) - path.sigma(t)) * difference, t)
        z = z if task.mask is None else torch.lerp(task.clean, z, task.mask)
        yield state(index, timesteps, z, Denoised(x0=z, eps=eps))
