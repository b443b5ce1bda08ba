"""Direct inversion: keep the source's walk on its way up, and let the target be edited beside it.

Ju et al. 2024 (PnP Inversion), Algorithm 1: DDIM inversion does not lead back by itself; the
difference z*_s - step(z_t) is added to the source's walk after every step and to nothing else. What
the target takes from the source is then the picture's own. Works with the attention control of
Prompt-to-Prompt, Plug-and-Play or MasaCtrl.
"""

from collections.abc import Iterator
from typing import cast

from core.inversion.kinds import DDIMInversion
from core.methods.decoding import decode_beside_source
from core.methods.masactrl import mutual_controls
from core.methods.plug_and_play import feature_controls
from core.methods.prompt_to_prompt import word_controls
from core.methods.task import Task
from core.sampling.branches import Branch
from core.sampling.path import last_part
from core.sampling.solvers import State
from core.settings import DirectInversionSettings


def direct_inversion(task: Task) -> Iterator[State]:
    """Yield the states up and down; nothing at inversion strength 0."""
    settings = cast(DirectInversionSettings, task.settings)
    timesteps = last_part(task.timesteps, settings.climb)
    if len(timesteps) == 1:
        return
    steps, place = len(timesteps) - 1, None
    if settings.control == "prompt-to-prompt":
        controls, place = word_controls(task, settings, steps)
    elif settings.control == "plug-and-play":
        controls = feature_controls(task, settings, steps)
    else:
        controls = mutual_controls(task, settings, steps)
    inversion = DDIMInversion(iterations=settings.inversion_iterations)
    code = yield from task.invert(inversion, timesteps)
    yield from decode_beside_source(
        task,
        code,
        Branch(task.source, task.empty),
        Branch(task.target, task.empty, task.guidance_scale),
        controls,
        guided_steps=settings.guided_steps,
        corrected=True,
        place=place,
    )
