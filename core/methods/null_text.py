"""Null-text inversion with Prompt-to-Prompt.

Mokady et al. 2023, section 3: the picture is inverted without guidance, then an unconditional
embedding is optimised for each step so that the guided walk under the source prompt follows the way
back (`core.inversion.null_text`). The edit runs with these embeddings and attention control.
"""

from collections.abc import Iterator
from typing import cast

from core.inversion.kinds import NullTextInversion
from core.methods.decoding import decode_beside_source
from core.methods.prompt_to_prompt import word_controls
from core.methods.task import Task
from core.models.latent_model import Conditioning
from core.sampling.branches import Branch
from core.sampling.path import last_part
from core.sampling.solvers import State
from core.settings import NullTextSettings


def null_text(task: Task) -> Iterator[State]:
    """Yield the states up, of the optimisation, and down; nothing at inversion strength 0."""
    settings = cast(NullTextSettings, task.settings)
    timesteps = last_part(task.timesteps, settings.climb)
    if len(timesteps) == 1:
        return
    controls, place = word_controls(task, settings, len(timesteps) - 1)
    inversion = NullTextInversion(task.guidance_scale, inner_steps=settings.inner_steps)
    code = yield from task.invert(inversion, timesteps)
    nulls = {t: Conditioning(hidden) for t, hidden in code.nulls.items()}
    source = Branch(task.source, nulls, task.guidance_scale)
    target = Branch(task.target, nulls, task.guidance_scale)
    yield from decode_beside_source(
        task, code, source, target, controls, guided_steps=settings.guided_steps, place=place
    )
