"""A second model that leads a picture back: what the two must share, and how its states come home.

Two models share the space of the noise when their latents have one shape. A point between noise and
picture means the same to both only where their first stages and schedules agree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import torch

from core.errors import RequestError
from core.methods.task import Task
from core.models.latent_model import Conditioning, LatentModel
from core.sampling.solvers import State


def in_model(task: Task, name: str) -> Task:
    """The task in the terms of another model: its labels, the target prompt in its words.

    Raises RequestError if its latents have another shape.
    """
    mine, other = task.model, task.model.load_other(name)
    shapes = [f"{m.latent_channels} channels at 1/{m.factor} of the side" for m in (mine, other)]
    if shapes[0] != shapes[1]:
        raise RequestError(
            f"the latents of {other.name} have {shapes[1]} and those of {mine.name} {shapes[0]}, "
            "so that one cannot read the other's noise; choose a model of the same shape."
        )
    states = other.encode_prompts([task.target_prompt, ""])
    target, empty = (Conditioning(part) for part in states.hidden.split(1))
    return replace(task, model=other, target=target, empty=empty)


def one_first_stage(task: Task, other: LatentModel) -> bool:
    """Whether both models see the same picture in the task's latents."""
    if other is task.model:
        return True
    return torch.allclose(task.model.decode(task.clean), other.decode(task.clean), atol=1e-2)


def one_schedule(
    mine: LatentModel, upper: Sequence[float], other: LatentModel, lower: Sequence[float]
) -> bool:
    """Whether two walks pass the same noise levels."""
    pairs = zip(upper, lower, strict=True)
    return all(abs(mine.path.alpha(t) - other.path.alpha(s)) < 1e-3 for t, s in pairs)


def brought_home(
    task: Task, there: Task, walk: Iterator[State], one_stage: bool
) -> Iterator[State]:
    """The other model's states as the first one's, its evaluations counted with the first one's."""
    mine, other = task.model, there.model
    counted = other.network_evaluations

    def moved(latents: torch.Tensor) -> torch.Tensor:
        return mine.encode(other.decode(latents).clamp(-1, 1))

    for found in walk:
        mine.network_evaluations += other.network_evaluations - counted
        counted = other.network_evaluations
        if not one_stage:
            x = found.x
            if found.step == found.steps:
                x = moved(x) if task.mask is None else torch.lerp(task.clean, moved(x), task.mask)
            found = replace(found, x=x, x0=moved(found.x0))
        yield found
