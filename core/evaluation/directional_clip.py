"""Directional CLIP similarity: did the picture change as the words did?

S(x, x', c, c') = cos(I(x') - I(x), T(c') - T(c)) with the unit embeddings I of pictures and T of
texts (Gal et al. 2022, StyleGAN-NADA, eq. 3, as a score; Wu and De la Torre 2023, section 4.3, by
which CycleDiffusion ranks its draws).
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from core.errors import RequestError
from core.evaluation.clip_score import ClipScore
from core.models.latent_model import LatentModel


class Tower(Protocol):
    """What is asked of a CLIP: unit embeddings [N, D] (`ClipScore`)."""

    def pictures(self, pictures: Sequence[NDArray[np.uint8]]) -> torch.Tensor: ...

    def texts(self, texts: Sequence[str]) -> torch.Tensor: ...


def similarities(
    tower: Tower,
    before: NDArray[np.uint8],
    after: Sequence[NDArray[np.uint8]],
    source_prompt: str,
    target_prompt: str,
) -> list[float]:
    """S of each picture in `after`, in [-1, 1]; 0 where picture or words did not change.

    before, after: RGB uint8 HxWx3.
    """
    seen = tower.pictures([before, *after])
    said = tower.texts([source_prompt, target_prompt])
    return functional.cosine_similarity(seen[1:] - seen[:1], said[1:] - said[:1]).tolist()


def ranked(
    tower: Tower,
    before: NDArray[np.uint8],
    after: Sequence[NDArray[np.uint8]],
    source_prompt: str,
    target_prompt: str,
) -> list[tuple[int, float]]:
    """(number in `after`, S), best first; equals stay in their order."""
    found = similarities(tower, before, after, source_prompt, target_prompt)
    return sorted(enumerate(found), key=lambda one: -one[1])


def tower_of(model: LatentModel) -> ClipScore:
    """The CLIP in the model's folder. Raises RequestError if it has none."""
    if model.folder is None or not (model.folder / "clip").is_dir():
        raise RequestError(
            f"{model.name or 'this model'} has no CLIP tower (a clip folder), by which several "
            "draws are ranked; set draws to 1, or choose the starter model."
        )
    return ClipScore(model.folder)
