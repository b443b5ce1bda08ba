"""SDEdit: dissolve the picture part of the way in noise, denoise it under the prompt.

Meng et al. 2022, Algorithm 2 (with a mask: Algorithm 3): x_t0 = alpha_t0 x + sigma_t0 eps, then the
sampler down to the clean end, K times over; a known region is kept at every step by re-noising it
with the same eps.
"""

from collections.abc import Iterator
from typing import cast

from core.methods.task import Task
from core.sampling.path import last_part, noised
from core.sampling.solvers import State, ddim
from core.settings import SDEditSettings


def sdedit(task: Task) -> Iterator[State]:
    """Yield the states of K rounds; nothing at strength 0."""
    settings = cast(SDEditSettings, task.settings)
    path = task.model.path
    timesteps = last_part(task.timesteps, settings.strength)
    denoise = task.towards_target()
    x = task.clean
    for _ in range(settings.repeats if len(timesteps) > 1 else 0):
        eps = task.noise()
        for state in ddim(
            denoise,
            path,
            noised(path, x, eps, timesteps[0]),
            timesteps,
            eta=settings.eta,
            generator=task.generator,
            constraint=task.hold_noised(eps),
        ):
            x = state.x
            yield state
