"""Masked fill: sample inside the mask, keep the rest at its own noise level at every step.

Blended Latent Diffusion (Avrahami et al. 2023), Algorithm 1, and RePaint (Lugmayr et al. 2022),
eq. 8: after each step to label s the known region is replaced by the picture noised to that same
label, with fresh noise. The composite in pixels is done once, at the end (`core.run`).
"""

from collections.abc import Iterator
from typing import cast

import torch

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
    timesteps = last_part(task.timesteps, strength)
    if len(timesteps) == 1:
        return
    yield from ddim(
        denoise,
        task.model.path,
        start(task, timesteps[0], strength),
        timesteps,
        eta=eta,
        generator=task.generator,
        constraint=task.hold_noised(),
    )


def start(task: Task, t: float, strength: float, *, hold: bool = True) -> torch.Tensor:
    """Where a fill begins: the picture noised to label `t`; at strength 1 noise alone in the mask.

    hold: outside the mask the picture is there, noised, even so.
    """
    noise, held = task.noise(), task.hold_noised()
    if strength < 1.0 or (hold and held is None):
        return noised(task.model.path, task.clean, noise, t)
    return held(noise, t) if hold and held is not None else noise
