"""Masked fill: sample inside the mask, keep the rest at its own noise level at every step.

Blended Latent Diffusion (Avrahami et al. 2023), Algorithm 1, and RePaint (Lugmayr et al. 2022),
eq. 8: after each step to label s the known region is replaced by the picture noised to that same
label, with fresh noise. The composite in pixels is done once, at the end (`core.run`).
"""

from collections.abc import Iterator
from typing import cast

from core.methods.task import Task
from core.sampling.denoiser import Denoiser
from core.sampling.path import last_part, noised
from core.sampling.solvers import State, ddim
from core.settings import MaskedFillSettings


def masked_fill(task: Task) -> Iterator[State]:
    """Yield the states of the walk; nothing at strength 0. At 1 the old content is forgotten."""
    settings = cast(MaskedFillSettings, task.settings)
    return walk(task, task.towards_target(), settings.strength, settings.eta)


def walk(task: Task, denoise: Denoiser, strength: float, eta: float) -> Iterator[State]:
    """The last part of the walk, `strength` of it, with what the mask leaves alone held."""
    path = task.model.path
    timesteps = last_part(task.timesteps, strength)
    if len(timesteps) == 1:
        return
    hold = task.hold_noised()
    noise = task.noise()
    x = noised(path, task.clean, noise, timesteps[0])
    if strength == 1.0 and hold is not None:
        x = hold(noise, timesteps[0])
    yield from ddim(denoise, path, x, timesteps, eta=eta, generator=task.generator, constraint=hold)
