"""A model that was trained to enlarge: it reads the small picture beside x.

Rombach et al. 2022 (Latent Diffusion), section 4.4, with noise in the small picture whose level the
network is told (Ho et al. 2022, cascaded diffusion, section 4.1), as in Stable Diffusion's
upscaler. What was measured is the small picture itself, so nothing guides the walk; the finish
(`core.restoration.run`) makes the result explain it.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import torch
from torch.nn import functional

from core.errors import RequestError
from core.models.beside import small_picture
from core.models.family import patch_of
from core.models.tiled import tiled
from core.restoration.degradations import Downsampling
from core.restoration.task import RestorationTask
from core.restoration.tiling import ONE_PIECE
from core.sampling.guidance import classifier_free
from core.sampling.noise import fresh_noise
from core.sampling.solvers import State, ddim
from core.settings import UpscaleSettings


def upscale(task: RestorationTask) -> Iterator[State]:
    """Yield the states of the walk. Raises RequestError for what else was done to the picture."""
    settings = cast(UpscaleSettings, task.settings)
    model = task.model
    patch = patch_of(model.network.config.in_channels - model.latent_channels)
    _require_scale(settings, model.factor // patch, model.name)
    height, width = (side * patch for side in task.clean.shape[-2:])
    small = 2 * task.measurement.y - 1
    # Outside the picture, where the model's grid goes on, its border does.
    missing = (0, width - small.shape[-1], 0, height - small.shape[-2])
    small = functional.pad(small, missing, mode="replicate")
    level = torch.tensor([settings.noise_level], device=small.device)
    shown = small_picture(small, level, patch, fresh_noise(small, task.generator))
    wanted, unwanted = (
        replace(one, beside=shown, level=level) for one in (task.target, task.empty)
    )
    if max(task.clean.shape[-2:]) * model.factor > ONE_PIECE * model.native_size:
        model = tiled(model)
    guidance = task.guidance_scale if task.prompted else 1.0
    yield from ddim(
        classifier_free(model, wanted if task.prompted else unwanted, unwanted, guidance),
        model.path,
        task.noise(),
        task.timesteps,
        eta=settings.eta,
        generator=task.generator,
    )


def _require_scale(settings: UpscaleSettings, scale: int, name: str) -> None:
    done = settings.degradations
    if len(done) == 1 and isinstance(done[0], Downsampling) and done[0].factor == scale:
        return
    told = ", ".join(one.title.lower() for one in done)
    if len(done) == 1 and isinstance(done[0], Downsampling):
        told += f" ({done[0].factor} times)"
    raise RequestError(
        f"{name or 'this model'} undoes a small size, {scale} times, and nothing else, not {told}; "
        "choose that, or the method dps."
    )
