"""RePaint: a masked fill that goes back to noise and down again, so that the parts agree.

Lugmayr et al. 2022, Algorithm 1. The known region is pasted at its own noise level after every step
(eq. 8), which a single walk answers too late; so after every `jump_length` steps the whole sample
is noised back by as many (eq. 2 of DDPM's forward process) and walked down anew, `resamplings`
times in all.
"""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import cast

import torch

from core.methods.masked_fill import start
from core.methods.task import Task
from core.sampling.path import last_part
from core.sampling.solvers import State, finite
from core.sampling.step import ancestral_scale, forward_variance, step
from core.settings import RePaintSettings
from core.settings.fill import positions


@torch.no_grad()
def repaint(task: Task) -> Iterator[State]:
    """Yield the state after every step down; nothing at strength 0."""
    settings = cast(RePaintSettings, task.settings)
    path = task.model.path
    labels = last_part(task.timesteps, settings.strength)[::-1]  # by steps from the clean end
    if len(labels) == 1:
        return
    places = positions(len(labels) - 1, settings.jump_length, settings.resamplings)
    total = settings.downward(len(labels) - 1)
    denoise, hold = task.towards_target(), task.hold_noised()
    x, done = start(task, labels[-1], settings.strength), 0
    for here, there in pairwise(places):
        t, s = labels[here], labels[there]
        if there > here:
            spread = math.sqrt(forward_variance(path, s, t))
            x = path.alpha(s) / path.alpha(t) * x + spread * task.noise()
            continue
        found = denoise(x, t)
        c = settings.eta * ancestral_scale(path, t, s)
        z = task.noise() if c > 0.0 else None
        x = finite(step(path, found.x0, found.eps, s, c=c, z=z), t)
        x = x if hold is None else hold(x, s)
        done += 1
        yield State(done, total, t, s, x, found.x0, found.eps)
