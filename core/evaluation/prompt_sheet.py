"""Pictures from held-out prompts, one seed each, none picked, on one sheet."""

import cv2
import numpy as np
from numpy.typing import NDArray

from core.evaluation.sample_sheet import finish
from core.models.latent_model import LatentModel
from core.request import EditRequest
from core.settings import GenerationSettings
from core.training.choices import World
from core.training.datasets.captions import Language, caption
from core.training.datasets.worlds import sample

COLUMNS = 8


def language_of(index: int) -> Language:
    """Every fourth prompt is Korean."""
    return "ko" if index % 4 == 3 else "en"


def held_out_prompts(count: int, world: World = "rich") -> list[str]:
    """Captions of a world's first `count` held-out scenes of seed 1; every fourth is in Korean."""
    said = []
    for index in range(count):
        scene = sample(world, np.random.default_rng([1, index]), "held_out")
        said.append(caption(scene, language_of(index)))
    return said


def draw_prompt(
    model: LatentModel, prompt: str, seed: int, *, steps: int, guidance_scale: float
) -> NDArray[np.uint8]:
    """One picture from nothing but a prompt, RGB uint8, of the model's own size."""
    request = EditRequest(
        GenerationSettings(),
        target_prompt=prompt,
        steps=steps,
        guidance_scale=guidance_scale,
        seed=seed,
        model=model.name,
    )
    return np.asarray(finish(request, model).picture, np.uint8)


def draw_prompts(
    model: LatentModel,
    count: int,
    *,
    steps: int,
    guidance_scale: float,
    world: World = "rich",
) -> tuple[NDArray[np.uint8], list[str]]:
    """The sheet, RGB uint8, row by row, and the prompts in its order."""
    said = held_out_prompts(count, world)
    cells = []
    for seed, prompt in enumerate(said):
        picture = draw_prompt(model, prompt, seed, steps=steps, guidance_scale=guidance_scale)
        framed = cv2.copyMakeBorder(picture, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=[255] * 3)
        cells.append(np.asarray(framed, np.uint8))
    cells += [np.full_like(cells[0], 255)] * (-len(cells) % COLUMNS)
    rows = [np.hstack(cells[start : start + COLUMNS]) for start in range(0, len(cells), COLUMNS)]
    return np.vstack(rows), said
