"""CycleDiffusion: encode the picture as the noise of every step, decode it under other words.

Wu and De la Torre 2023, Algorithm 1 and section 4.3: z = DPM-Encoder(x | source) without guidance,
result = decode(z | target) with it. The same noise in every step keeps what the words do not touch.
With `attention` Prompt-to-Prompt's control works on top (section 4.3, “cross attention control”).
"""

from collections.abc import Iterator
from typing import cast

from core.inversion.kinds import DPMEncoding
from core.methods.decoding import decode_beside_source
from core.methods.prompt_to_prompt import word_controls
from core.methods.task import Task
from core.sampling.branches import Branch
from core.sampling.path import last_part
from core.sampling.solvers import State
from core.settings import CycleDiffusionSettings


def cycle_diffusion(task: Task) -> Iterator[State]:
    """Yield the states of encoding and decoding; nothing at inversion strength 0."""
    settings = cast(CycleDiffusionSettings, task.settings)
    timesteps = last_part(task.timesteps, settings.climb)
    if len(timesteps) == 1:
        return
    controls, place = (), None
    if settings.attention:
        controls, place = word_controls(task, settings, len(timesteps) - 1)
    code = yield from task.invert(DPMEncoding(eta=settings.eta), timesteps)
    source = Branch(task.source, task.empty)
    target = Branch(task.target, task.empty, task.guidance_scale)
    yield from decode_beside_source(task, code, source, target, controls, place=place)
