"""Plug-and-Play: the source's features and self-attention under the target's words.

Tumanyan et al. 2023, section 4 and Algorithm 1. The picture is inverted finely; on the way down the
source walks along the inverted points themselves, and its decoder's features (for the first 80 % of
the steps) and its self-attention's queries and keys (for the first 50 %) replace the target's, in
the guided and in the unguided row alike.
"""

from collections.abc import Iterator, Sequence
from typing import cast

from core.attention.control import Control
from core.attention.from_source import (
    FeaturesFromSource,
    SelfAttentionFromSource,
    after_features,
)
from core.inversion.kinds import DDIMInversion
from core.methods.decoding import decode_beside_source, first_share
from core.methods.task import Task
from core.sampling.branches import Branch
from core.sampling.path import last_part
from core.sampling.solvers import State
from core.settings import FeatureSettings, PlugAndPlaySettings


def plug_and_play(task: Task) -> Iterator[State]:
    """Yield the states up and down; nothing at inversion strength 0."""
    settings = cast(PlugAndPlaySettings, task.settings)
    timesteps = last_part(task.timesteps, settings.climb)
    if len(timesteps) == 1:
        return
    controls = feature_controls(task, settings, len(timesteps) - 1)
    inversion = DDIMInversion(
        substeps=settings.inversion_substeps, iterations=settings.inversion_iterations
    )
    code = yield from task.invert(inversion, timesteps)
    yield from decode_beside_source(
        task,
        code,
        Branch(task.source, task.empty),
        Branch(task.target, task.empty, task.guidance_scale),
        controls,
        guided_steps=settings.guided_steps,
        corrected=True,
    )


def feature_controls(task: Task, settings: FeatureSettings, steps: int) -> Sequence[Control]:
    """Plug-and-Play's controls for a walk of `steps`. Raises RequestError without a decoder."""
    return [
        FeaturesFromSource(first_share(settings.feature_steps, steps)),
        SelfAttentionFromSource(
            first_share(settings.query_steps, steps),
            "query-key",
            where=after_features(task.model.network),
        ),
    ]
