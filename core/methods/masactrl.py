"""MasaCtrl: the target asks, the source answers, so that poses change and looks stay.

Cao et al. 2023, section 3.2, eq. 6 (mutual self-attention): from a step (4 of 50) and a layer (10
of 16) on, the target's self-attention keeps its queries and takes keys and values from the source.
The first steps and the encoder stay free, so that the target's words can lay the picture out.
"""

import math
from collections.abc import Iterator, Sequence
from typing import cast

from core.attention.control import Control
from core.attention.from_source import SelfAttentionFromSource
from core.inversion.kinds import DDIMInversion
from core.methods.decoding import decode_beside_source
from core.methods.task import Task
from core.sampling.branches import Branch
from core.sampling.path import last_part
from core.sampling.solvers import State
from core.settings import MasaCtrlSettings, MutualSettings


def masactrl(task: Task) -> Iterator[State]:
    """Yield the states up and down; nothing at inversion strength 0."""
    settings = cast(MasaCtrlSettings, task.settings)
    timesteps = last_part(task.timesteps, settings.climb)
    if len(timesteps) == 1:
        return
    controls = mutual_controls(settings, len(timesteps) - 1)
    code = yield from task.invert(DDIMInversion(), timesteps)
    yield from decode_beside_source(
        task,
        code,
        Branch(task.source, task.empty),
        Branch(task.target, task.empty, task.guidance_scale),
        controls,
    )


def mutual_controls(settings: MutualSettings, steps: int) -> Sequence[Control]:
    """MasaCtrl's control for a walk of `steps`; it acts to the end."""
    first = round(settings.mutual_start * steps)
    return [
        SelfAttentionFromSource(
            range(first, steps),
            "key-value",
            where=lambda site: site.order >= math.floor(settings.mutual_depth * site.count),
        )
    ]
