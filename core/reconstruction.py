"""The reconstruction check: how well a swap's inversion gives the picture back, before any edit.

An inverted picture is walked down again under its own words. What is lost on that way is lost to
every edit that starts from the same inversion. No torch here.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.request import Mask, Pixels
from core.settings import ConceptEdit, NullTextSettings, SwapSettings

POOR_DB = 25.0
"""Below this the loss shows at a glance: a root mean square error of 14 levels in 255, about what
a strong JPEG leaves; edits start from 30 dB and more."""

_NOTHING_CHANGED: dict[str, object] = {
    "weights": {},
    "blend_words": (),
    "object_words": (),
    "edits": (ConceptEdit(prompt="a picture", scale=0.0),),
    "target_model": "",
    "draws": 1,
    "guided_steps": 1.0,
}
"""What the settings that change something, or say where, are for the way back."""

_STRIP = 256  # rows that are compared at once


@dataclass(frozen=True, eq=False)
class Reconstruction:
    """How a rebuilt picture differs from the picture.

    psnr: in dB, inside the mask if there was one; infinite when all values are equal.
    difference: uint8 HxW, the mean over the channels, in 8-bit levels, rounded up.
    """

    psnr: float
    difference: NDArray[np.uint8]

    @property
    def is_poor(self) -> bool:
        return self.psnr < POOR_DB


def rebuilding(settings: SwapSettings, guidance_scale: float) -> tuple[SwapSettings, float]:
    """The settings and the guidance under which the method's walk leads back to the picture.

    To be run from the source prompt to the source prompt. The guidance is the one that the source's
    own walk has: the method's source guidance scale, for null-text inversion the edit's, whose
    prompts are optimised for it, else 1 (off).
    """
    fields = type(settings).model_fields
    plain = {name: value for name, value in _NOTHING_CHANGED.items() if name in fields}
    if not isinstance(settings, NullTextSettings):
        guidance_scale = getattr(settings, "source_guidance_scale", 1.0)
    return settings.model_copy(update=plain), guidance_scale


def measure(picture: Pixels, rebuilt: Pixels, mask: Mask | None = None) -> Reconstruction:
    """Compare two pictures of one size and depth, HxWx3 uint8 or uint16.

    mask: HxW; where it is 0 the picture was kept anyway, and does not count.
    """
    top = float(np.iinfo(picture.dtype).max)
    difference = np.zeros(picture.shape[:2], np.uint8)
    squared, count = 0.0, 0
    for start in range(0, picture.shape[0], _STRIP):
        rows = slice(start, start + _STRIP)
        gap = np.abs(picture[rows].astype(np.float32) - rebuilt[rows]) / top
        difference[rows] = np.ceil(gap.mean(axis=2) * 255)
        inside = gap if mask is None else gap[mask[rows] > 0]
        squared += float(np.square(inside, dtype=np.float64).sum())
        count += inside.size
    psnr = 10 * math.log10(count / squared) if squared else math.inf
    return Reconstruction(psnr, difference)
