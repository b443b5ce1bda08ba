"""MasaCtrl: the target asks, the source answers, so that poses change and looks stay.

Cao et al. 2023, section 3.2, eq. 6 (mutual self-attention): from a step (4 of 50) and a layer (10
of 16) on, the target's self-attention keeps its queries and takes keys and values from the source.
The first steps and the encoder stay free, so that the target's words can lay the picture out. With
`object_words` a thing draws on itself alone, and the rest on the rest (“mask-guided mutual
self-attention”, `core.attention.objects`); its masks come from the words' cross-attention.
"""

import math
from collections.abc import Iterator, Sequence
from typing import cast

from core.attention.control import Control, Site
from core.attention.from_source import SelfAttentionFromSource
from core.attention.objects import ObjectFromSource
from core.attention.store import AttentionStore
from core.attention.word_alignment import cut, tokens_in_each
from core.errors import RequestError
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
    controls = mutual_controls(task, settings, len(timesteps) - 1)
    inversion = DDIMInversion(iterations=settings.inversion_iterations)
    code = yield from task.invert(inversion, timesteps)
    yield from decode_beside_source(
        task,
        code,
        Branch(task.source, task.empty),
        Branch(task.target, task.empty, task.guidance_scale),
        controls,
        guided_steps=settings.guided_steps,
    )


def mutual_controls(task: Task, settings: MutualSettings, steps: int) -> Sequence[Control]:
    """MasaCtrl's control for a walk of `steps`; it acts to the end.

    Raises RequestError for an object word that is in neither prompt, or if one prompt has none.
    """
    acting = range(round(settings.mutual_start * steps), steps)

    def deep(site: Site) -> bool:
        return site.order >= math.floor(settings.mutual_depth * site.count)

    if not settings.object_words:
        return [SelfAttentionFromSource(acting, "key-value", where=deep)]
    source = cut(task.model.tokenizer, task.source_prompt)
    target = cut(task.model.tokenizer, task.target_prompt)
    tokens = tokens_in_each(settings.object_words, source, target)
    for prompt, found in zip((source, target), tokens.values(), strict=True):
        if not found:
            words = ", ".join(settings.object_words)
            raise RequestError(
                f"no object word ({words}) is in “{prompt.prompt}”; give the word that each "
                "prompt has for the thing."
            )
    height, width = task.clean.shape[-2:]
    store = AttentionStore(range(steps), (height, width))
    return [store, ObjectFromSource(acting, deep, store, tokens, settings.object_threshold)]
