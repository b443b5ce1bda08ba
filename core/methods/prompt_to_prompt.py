"""Prompt-to-Prompt: say other words, and let them look where the old ones looked.

Hertz et al. 2022, Algorithm 1 and section 3.2. The picture is inverted under the source prompt,
then source and target walk down in one batch. For the first steps the target's cross-attention maps
are the source's, word by word (replace, refine), times a weight (re-weight), and its self-attention
maps are the source's where they are small. `blend_words` confine the edit to where these words look
(local blend).
"""

from collections.abc import Iterator, Sequence
from typing import cast

from core.attention.control import Control
from core.attention.from_source import SelfAttentionFromSource
from core.attention.store import AttentionStore
from core.attention.word_alignment import align, cut, token_weights, tokens_in_each
from core.attention.words import WordPlace, WordsFromSource
from core.inversion.kinds import DDIMInversion
from core.methods.decoding import decode_beside_source, first_share
from core.methods.task import Task
from core.sampling.branches import Branch
from core.sampling.path import last_part
from core.sampling.solvers import State
from core.settings import PromptToPromptSettings, WordSettings


def prompt_to_prompt(task: Task) -> Iterator[State]:
    """Yield the states up and down; nothing at inversion strength 0."""
    settings = cast(PromptToPromptSettings, task.settings)
    timesteps = last_part(task.timesteps, settings.climb)
    if len(timesteps) == 1:
        return
    controls, place = word_controls(task, settings, len(timesteps) - 1)
    inversion = DDIMInversion(iterations=settings.inversion_iterations)
    code = yield from task.invert(inversion, timesteps)
    source = Branch(task.source, task.empty, settings.source_guidance_scale)
    target = Branch(task.target, task.empty, task.guidance_scale)
    yield from decode_beside_source(
        task, code, source, target, controls, guided_steps=settings.guided_steps, place=place
    )


def word_controls(
    task: Task, settings: WordSettings, steps: int
) -> tuple[Sequence[Control], WordPlace | None]:
    """Prompt-to-Prompt's controls for a walk of `steps`, and the place of the blend words if any.

    Raises RequestError for a word that is in neither prompt.
    """
    length, device = task.target.hidden.shape[1], task.clean.device
    source = cut(task.model.tokenizer, task.source_prompt)
    target = cut(task.model.tokenizer, task.target_prompt)
    controls: list[Control] = [
        WordsFromSource(
            first_share(settings.cross_steps, steps),
            align(source, target, length, replace=settings.replaced_words == "replace").to(device),
            token_weights(target, settings.weights, length).to(device),
        ),
        SelfAttentionFromSource(
            first_share(settings.self_steps, steps),
            "query-key",
            largest=settings.self_resolution**2,
            unguided=False,
        ),
    ]
    if not settings.blend_words:
        return controls, None
    height, width = task.clean.shape[-2:]
    store = AttentionStore(range(steps), (height, width))
    place = WordPlace(
        store,
        tokens_in_each(settings.blend_words, source, target),
        settings.blend_threshold,
        round(settings.blend_start * steps),
    )
    return [*controls, store], place
