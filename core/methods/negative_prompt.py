"""Negative-prompt inversion with Prompt-to-Prompt: null-text inversion without optimising.

Miyake et al. 2023, section 4: the embedding that null-text inversion looks for is near the source
prompt's own, so that one is put in the empty prompt's place. Under the source prompt guidance then
cancels out, e_s + w (e_s - e_s), and the walk is plain DDIM reconstruction; the target is led from
the source's words to its own.
"""

from collections.abc import Iterator
from typing import cast

from core.inversion.kinds import DDIMInversion
from core.methods.decoding import decode_beside_source
from core.methods.prompt_to_prompt import word_controls
from core.methods.task import Task
from core.sampling.branches import Branch
from core.sampling.path import last_part
from core.sampling.solvers import State
from core.settings import NegativePromptSettings


def negative_prompt(task: Task) -> Iterator[State]:
    """Yield the states up and down; nothing at inversion strength 0."""
    settings = cast(NegativePromptSettings, task.settings)
    timesteps = last_part(task.timesteps, settings.climb)
    if len(timesteps) == 1:
        return
    controls, place = word_controls(task, settings, len(timesteps) - 1)
    inversion = DDIMInversion(iterations=settings.inversion_iterations)
    code = yield from task.invert(inversion, timesteps)
    source = Branch(task.source, task.source)
    target = Branch(task.target, task.source, task.guidance_scale)
    yield from decode_beside_source(
        task, code, source, target, controls, guided_steps=settings.guided_steps, place=place
    )
