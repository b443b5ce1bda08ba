"""CycleDiffusion: encode the picture as the noise of every step, decode it under other words.

Wu and De la Torre 2023, Algorithm 1 and section 4.3: z = DPM-Encoder(x | source) without guidance,
result = decode(z | target) with it. The same noise in every step keeps what the words do not touch.
The target may be another model (unpaired translation): the code by one domain's model, decoded by
that of the other, with or without words.
With `attention` Prompt-to-Prompt's control works on top (section 4.3, “cross attention control”).
The code is random; of several draws the one of the best directional CLIP similarity is the result
(`core.evaluation.directional_clip`).
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import RequestError
from core.evaluation.directional_clip import Tower, ranked, tower_of
from core.inversion.kinds import DPMEncoding
from core.methods.decoding import decode_beside_source
from core.methods.prompt_to_prompt import word_controls
from core.methods.second_model import brought_home, in_model, one_first_stage, one_schedule
from core.methods.task import Task
from core.sampling.branches import Branch
from core.sampling.path import last_part
from core.sampling.solvers import State
from core.settings import CycleDiffusionSettings


def cycle_diffusion(task: Task) -> Iterator[State]:
    """Yield the states of encoding and decoding, draw after draw, the best draw's end last.

    Nothing at inversion strength 0. Raises RequestError if there is nothing to rank draws by or if
    the second model does not fit, ModelError if it cannot be had.
    """
    settings = cast(CycleDiffusionSettings, task.settings)
    timesteps = last_part(task.timesteps, settings.climb)
    if len(timesteps) == 1:
        return
    there = _second(task, settings, timesteps) if settings.target_model else task
    tower = tower_of(task.model) if settings.draws > 1 else None
    ends: list[State] = []
    while len(ends) < settings.draws:
        with closing(_draw(task, there, settings, timesteps)) as states:
            for found in states:
                if found.phase == "sample" and found.step == found.steps:
                    ends.append(found)
                if len(ends) < settings.draws:
                    yield found
    yield ends[0] if tower is None else ends[_best(task, tower, ends)]


def _second(task: Task, settings: CycleDiffusionSettings, timesteps: Sequence[float]) -> Task:
    """The task in the terms of the second model, which must be one of the first's family."""
    there = in_model(task, settings.target_model)
    mine, other = task.model, there.model
    if settings.attention and other is not mine:
        raise RequestError(
            "the words of one model cannot look where those of another look; leave the attention "
            "control off, or the second model out."
        )
    downward = last_part(there.timesteps, settings.climb)
    alike = one_first_stage(task, other) and one_schedule(mine, timesteps, other, downward)
    if not alike or list(timesteps) != downward:
        raise RequestError(
            f"{mine.name} and {other.name} have unlike first stages or schedules, so that one "
            "cannot read the other's steps; choose two models of one family, or the method ddib."
        )
    return there


def _draw(
    task: Task, there: Task, settings: CycleDiffusionSettings, timesteps: Sequence[float]
) -> Generator[State, None, None]:
    """Encode and decode once, with fresh noise; `there` is the task of the model that decodes."""
    controls, place = (), None
    if settings.attention:
        controls, place = word_controls(task, settings, len(timesteps) - 1)
    code = yield from task.invert(DPMEncoding(eta=settings.eta), timesteps)
    source = Branch(task.source, task.empty)
    target = Branch(there.target, there.empty, there.guidance_scale)
    down = decode_beside_source(
        there, code, source, target, controls, guided_steps=settings.guided_steps, place=place
    )
    yield from down if there.model is task.model else brought_home(task, there, down, True)


def _best(task: Task, tower: Tower, ends: Sequence[State]) -> int:
    """The number of the draw that changed the picture most nearly as the words changed."""
    before, *after = (_picture(task, x) for x in (task.clean, *(end.x for end in ends)))
    return ranked(tower, before, after, task.source_prompt, task.target_prompt)[0][0]


@torch.no_grad()
def _picture(task: Task, latents: torch.Tensor) -> NDArray[np.uint8]:
    """RGB uint8 [H, W, 3], as the first stage sees it."""
    pixels = (task.model.decode(latents)[0].clamp(-1, 1) + 1) * 127.5
    return pixels.round().to(torch.uint8).permute(1, 2, 0).cpu().numpy()
