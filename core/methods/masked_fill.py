"""Masked fill: sample inside the mask, keep the rest at its own noise level at every step.

Blended Latent Diffusion (Avrahami et al. 2023), Algorithm 1, and RePaint (Lugmayr et al. 2022),
eq. 8: after each step to label s the known region is replaced by the picture noised to that same
label, with fresh noise. The composite in pixels is done once, at the end (`core.run`).
"""

from collections.abc import Iterator
from typing import cast

from core.methods.task import Task
from core.sampling.path import last_part, noised
from core.sampling.solvers import State, ddim
from core.settings import MaskedFillSettings


def masked_fill(task: Task) -> Iterator[State]:
    """Yield the states of the walk; nothing at strength 0. At 1 the old content is forgotten."""
    settings = cast(MaskedFillSettings, task.settings)
    path = task.model.path
    timesteps = last_part(task.timesteps, settings.strength)
    if len(timesteps) == 1:
        return
    hold = task.hold_noised()
    noise = task.noise()
    x = noised(path, task.clean, noise, timesteps[0])
    if settings.strength == 1.0 and hold is not None:
        x = hold(noise, timesteps[0])
    yield from ddim(
        task.towards_target(),
        path,
        x,
        timesteps,
        eta=settings.eta,
        generator=task.generator,
        constraint=hold,
    )
