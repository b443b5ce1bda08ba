"""DPS: restore a picture by the gradient of its distance to what was measured.

Chung et al. 2023, Algorithm 1; through the decoder on latent models, there with the gluing term of
Rout et al. 2023 (PSLD). A step size that leaves the finite is halved once.
"""

from collections.abc import Iterator
from typing import cast

from core.errors import SamplingError
from core.restoration.posterior_sampling import DPS, gluing
from core.restoration.task import RestorationTask
from core.sampling.solvers import State, ddim
from core.settings import DPSSettings


def dps(task: RestorationTask) -> Iterator[State]:
    """Yield the states of the walk, of two walks if the first one failed. Raises SamplingError."""
    settings = cast(DPSSettings, task.settings)
    zeta = settings.step_size(task.steps)
    try:
        yield from _walk(task, settings, zeta)
        return
    except SamplingError:
        pass
    try:
        yield from _walk(task, settings, zeta / 2)
    except SamplingError as error:
        raise SamplingError(
            f"DPS left the finite numbers with zeta {zeta:g} and with half of it; choose a "
            "smaller zeta, more steps or float32."
        ) from error


def _walk(task: RestorationTask, settings: DPSSettings, zeta: float) -> Iterator[State]:
    path = task.model.path
    glue = None
    if settings.gluing > 0 and not task.model.in_pixels:
        glue = gluing(task.encode, task.measurement, settings.gluing)
    guided = DPS(
        task.bounded(task.prior()), task.measurement, zeta, render=task.render(), gluing=glue
    )
    yield from ddim(
        guided,
        path,
        task.noise(),
        task.timesteps,
        eta=settings.eta,
        generator=task.generator,
        constraint=guided.correct,
    )
