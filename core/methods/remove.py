"""Remove: paint a gap over from its surroundings alone.

The picture arrives with a smooth membrane over the mask (`core.imaging.beginning`). It is noised
part of the way and denoised under the empty prompt, with the known region held at every step (Meng
et al. 2022, SDEdit, Algorithm 3, with Lugmayr et al. 2022, eq. 8): so nothing is left of what was
there, and a model that never learnt to inpaint starts near the answer.
"""

from collections.abc import Iterator
from typing import cast

from core.methods.masked_fill import walk
from core.methods.task import Task
from core.sampling.denoiser import of_model
from core.sampling.solvers import State
from core.settings import RemoveSettings


def remove(task: Task) -> Iterator[State]:
    """Yield the states of the walk; nothing at strength 0, which leaves the membrane."""
    settings = cast(RemoveSettings, task.settings)
    return walk(task, of_model(task.model, task.empty), settings.strength, settings.eta)
