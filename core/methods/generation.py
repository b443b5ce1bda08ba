"""A picture from a prompt: noise walked down the whole path.

Ho et al. 2020 (DDPM), Algorithm 2; Song et al. 2021 (DDIM), eq. 12; Ho and Salimans 2021 for the
guidance. The noise at the first label is scaled by its sigma, which is 1 but for a hair.
"""

from collections.abc import Iterator
from typing import cast

from core.methods.task import Task
from core.sampling.solvers import State, ddim
from core.settings import GenerationSettings


def generation(task: Task) -> Iterator[State]:
    """Yield the states of the walk; the last one's x is the result."""
    settings = cast(GenerationSettings, task.settings)
    path = task.model.path
    yield from ddim(
        task.towards_target(),
        path,
        task.noise(),
        task.timesteps,
        eta=settings.eta,
        generator=task.generator,
    )
