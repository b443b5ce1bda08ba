"""PiGDM: restore a picture by the likelihood of what was measured, with its full covariance.

Song et al. 2023, eq. 7, as a score, through the decoder on latent models: there A is taken for the
linear part, and the decoder's derivative carries the gradient back. With a strength below 1 the
walk begins at a smooth picture that explains the measurement, noised that far (Chung et al. 2022,
Come-Closer-Diffuse-Faster).
"""

from collections.abc import Iterator
from typing import cast

import torch

from core.restoration import posterior_sampling
from core.restoration.smoothing import smooth_estimate
from core.restoration.task import RestorationTask
from core.sampling.path import noised
from core.sampling.solvers import State, ddim
from core.settings import PiGDMSettings


def pigdm(task: RestorationTask) -> Iterator[State]:
    """Yield the states of the walk. Raises RequestError for a degradation that is not linear."""
    settings = cast(PiGDMSettings, task.settings)
    timesteps = task.timesteps[-settings.walked(task.steps) - 1 :]
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
        _start(task, timesteps[0], settings.strength),
        timesteps,
        eta=settings.eta,
        generator=task.generator,
    )


def _start(task: RestorationTask, t: float, strength: float) -> torch.Tensor:
    """Pure noise, or the smooth estimate's latents noised to label t."""
    if strength == 1.0:
        return task.noise()
    smooth = smooth_estimate(task.measurement).clamp(0, 1)
    return noised(task.model.path, task.encode(2 * smooth - 1), task.noise(), t)
