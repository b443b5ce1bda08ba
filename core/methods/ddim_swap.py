"""DDIM swap: encode the picture under its own prompt, decode it under another.

Song et al. 2021 (DDIM), section 4.3, for the encoding; Su et al. 2023 (DDIB) for the pair of ODEs.
The inversion runs without guidance, since guided inversion does not lead back (Mokady et al. 2023,
section 3). It climbs only as far as the inversion strength asks (`SwapSettings.climb`). Outside a
mask the walk down is held on the way up, whose points are known.
"""

from collections.abc import Iterator
from typing import cast

import torch

from core.inversion.kinds import DDIMInversion
from core.methods.task import Task
from core.sampling.path import last_part
from core.sampling.solvers import State, ddim
from core.settings import DDIMSwapSettings


def ddim_swap(task: Task) -> Iterator[State]:
    """Yield the states up (phase "invert") and down; nothing at inversion strength 0."""
    settings = cast(DDIMSwapSettings, task.settings)
    path = task.model.path
    timesteps = last_part(task.timesteps, settings.climb)
    if len(timesteps) == 1:
        return
    inversion = DDIMInversion(
        label=settings.inversion_label, iterations=settings.inversion_iterations
    )
    code = yield from task.invert(inversion, timesteps)

    def hold(x: torch.Tensor, s: float) -> torch.Tensor:
        return x if task.mask is None else torch.lerp(code.points[s], x, task.mask)

    yield from ddim(task.towards_target(), path, code.start, timesteps, constraint=hold)
