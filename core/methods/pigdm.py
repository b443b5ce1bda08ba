"""PiGDM: restore a picture by the likelihood of what was measured, with its full covariance.

Song et al. 2023, eq. 7, as a score, through the decoder on latent models: there A is taken for the
linear part, and the decoder's derivative carries the gradient back.
"""

from collections.abc import Iterator
from typing import cast

from core.restoration import posterior_sampling
from core.restoration.task import RestorationTask
from core.sampling.solvers import State, ddim
from core.settings import PiGDMSettings


def pigdm(task: RestorationTask) -> Iterator[State]:
    """Yield the states of the walk. Raises RequestError for a degradation that is not linear."""
    settings = cast(PiGDMSettings, task.settings)
    guided = posterior_sampling.pigdm(
        task.prior(),
        task.model.path,
        task.measurement,
        variance=settings.variance,
        render=task.render(),
    )
    yield from ddim(
        task.bounded(guided),
        task.model.path,
        task.noise(),
        task.timesteps,
        eta=settings.eta,
        generator=task.generator,
    )
