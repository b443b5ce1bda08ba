"""Edit-friendly DDPM inversion: noise maps that hold the layout, decoded under other words.

Huberman-Spiegelglas et al. 2024, Algorithm 1 and section 3.3. The noises are solved for under the
source prompt at a mild guidance (3.5) and used again under the target's at a strong one (15), from
a start that leaves the first steps out (36 of 100 in the paper: inversion strength .41).
"""

from collections.abc import Iterator
from typing import cast

from core.inversion.kinds import EditFriendlyInversion
from core.methods.decoding import decode_beside_source
from core.methods.task import Task
from core.sampling.branches import Branch
from core.sampling.path import last_part
from core.sampling.solvers import State
from core.settings import EditFriendlySettings


def edit_friendly(task: Task) -> Iterator[State]:
    """Yield the states of encoding and decoding; nothing at inversion strength 0."""
    settings = cast(EditFriendlySettings, task.settings)
    timesteps = last_part(task.timesteps, settings.climb)
    if len(timesteps) == 1:
        return
    source = Branch(task.source, task.empty, settings.source_guidance_scale)
    target = Branch(task.target, task.empty, task.guidance_scale)
    inversion = EditFriendlyInversion(settings.source_guidance_scale)
    code = yield from task.invert(inversion, timesteps)
    yield from decode_beside_source(
        task, code, source, target, (), guided_steps=settings.guided_steps
    )
