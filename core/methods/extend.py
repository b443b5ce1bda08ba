"""Extend: fill the new room around a picture, from the picture's mirrored continuation.

Blended Latent Diffusion (Avrahami et al. 2023), Algorithm 1, as for any other mask; what differs is
the canvas (`core.imaging.canvas`).
"""

from collections.abc import Iterator
from typing import cast

from core.methods.masked_fill import walk
from core.methods.task import Task
from core.sampling.denoiser import of_model
from core.sampling.solvers import State
from core.settings import ExtendSettings


def extend(task: Task) -> Iterator[State]:
    """Yield the states of the walk. Without a prompt the picture alone is continued."""
    settings = cast(ExtendSettings, task.settings)
    prompted = bool(task.target_prompt.strip())
    denoise = task.towards_target() if prompted else of_model(task.model, task.empty)
    return walk(task, denoise, settings.strength, settings.eta)
