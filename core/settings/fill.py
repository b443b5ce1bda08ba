"""Settings of the methods that fill a mask, or the room around a picture."""

from itertools import pairwise
from typing import Self

from pydantic import Field

from core.settings.base import Job, PictureSettings

MAX_EXTENSION = 20_000
SHARPENING = 0.4


class FillingSettings(PictureSettings):
    """What the methods that fill something share: a walk whose known part is held."""

    job = Job.FILL
    batches = True

    blend: int = Field(
        default=0,
        ge=0,
        le=256,
        description="Width in pixels of the band around the mask that blends.",
    )
    strength: float = Field(
        default=1.0,
        ge=0.0,
        le=1.0,
        description="How much of the old content goes: 0 keeps it, 1 forgets it.",
    )
    eta: float = Field(
        default=1.0, ge=0.0, le=1.0, description="Fresh noise per step: 0 is DDIM, 1 is DDPM."
    )

    detail: int = Field(
        default=1,
        ge=1,
        le=8,
        description="Size in the model's own to which large parts are sharpened, tile by tile; "
        "1 = never.",
    )

    def network_steps(self, steps: int) -> int:
        return round(self.strength * steps)

    @property
    def begins_empty(self) -> bool:
        """Whether the model is not shown what is under the mask: its traces lie around it too."""
        return self.strength == 1.0

    @property
    def forgets(self) -> float:
        """How far the old content's finest detail is given up: not at all up to strength .25, all
        of it from .5. It would draw the outline of what is gone."""
        return min(max(4 * self.strength - 1, 0.0), 1.0)

    @property
    def sharpening(self) -> Self:
        """The settings of the walk that sharpens what was painted small."""
        return self.model_copy(update={"strength": min(self.strength, SHARPENING), "detail": 1})


class MaskedFillSettings(FillingSettings):
    """Fill the mask; the rest is held at its own noise level at every step."""

    name = "masked-fill"
    title = "Fill"
    paper = "Avrahami et al. 2023 (Blended Latent Diffusion); Lugmayr et al. 2022 (RePaint), eq. 8"


class RePaintSettings(FillingSettings):
    """Every few steps back to noise and down again, so that fill and surroundings agree."""

    name = "repaint"
    title = "Fill, back and forth"
    paper = "Lugmayr et al. 2022 (RePaint), Algorithm 1"

    jump_length: int = Field(
        default=10, ge=1, le=100, description="Steps that each way back to noise goes (j)."
    )
    resamplings: int = Field(
        default=10, ge=1, le=50, description="Times that each stretch is walked (r)."
    )

    def network_steps(self, steps: int) -> int:
        return self.downward(super().network_steps(steps))

    def downward(self, steps: int) -> int:
        """Steps down of a walk of `steps` with its jumps."""
        places = positions(steps, self.jump_length, self.resamplings)
        return sum(later < earlier for earlier, later in pairwise(places))


def positions(steps: int, length: int, times: int) -> list[int]:
    """Where a walk with jumps stands, counted in steps from the clean end: from `steps` down to 0.

    Each time that it comes to a multiple of `length`, if it has not been there `times` - 1 times,
    it goes `length` steps back up (RePaint, section 4.2 and appendix B).
    """
    jumps = dict.fromkeys(range(0, steps - length, length), times - 1)
    places = [steps]
    while places[-1] > 0:
        here = places[-1] - 1
        places.append(here)
        if jumps.get(here, 0) > 0:
            jumps[here] -= 1
            places.extend(range(here + 1, here + length + 1))
    return places


class DifferentialSettings(FillingSettings):
    """A soft mask is a strength for each pixel: grey parts are let go later than white ones."""

    name = "differential"
    title = "Soft fill"
    paper = "Levin and Fried 2023 (Differential Diffusion), Algorithm 1"


class InpaintingSettings(FillingSettings):
    """A model that was trained to inpaint is shown the mask and its surroundings."""

    name = "inpainting"
    title = "Inpainting model"
    paper = "Rombach et al. 2022 (Latent Diffusion), section 4.5; Nichol et al. 2022 (GLIDE)"
    needs = ("inpainting",)

    eta: float = Field(
        default=0.0, ge=0.0, le=1.0, description="Fresh noise per step: 0 is DDIM, 1 is DDPM."
    )


class RemoveSettings(FillingSettings):
    """Take what is under the mask away: the surroundings alone say what is there instead."""

    name = "remove"
    title = "Remove"
    paper = "Meng et al. 2022 (SDEdit), Algorithm 3, from a membrane over the mask"
    says = False

    strength: float = Field(
        default=0.8,
        ge=0.0,
        le=1.0,
        description="How freely the gap is painted; low values stay near the colours around it.",
    )

    @property
    def begins_empty(self) -> bool:
        return True


class ExtendSettings(FillingSettings):
    """Continue the picture beyond its edges."""

    job = Job.EXTEND
    name = "extend"
    title = "Extend"
    paper = "Avrahami et al. 2023 (Blended Latent Diffusion), from a mirrored beginning"

    blend: int = Field(
        default=4,
        ge=0,
        le=256,
        description="Width in pixels of the band around the mask that blends.",
    )
    strength: float = Field(
        default=0.8,
        ge=0.0,
        le=1.0,
        description="How far it may leave the mirrored picture: 0 keeps that, 1 forgets it.",
    )
    eta: float = Field(
        default=0.0, ge=0.0, le=1.0, description="Fresh noise per step: 0 is DDIM, 1 is DDPM."
    )
    left: int = Field(default=0, ge=0, le=MAX_EXTENSION, description="New pixels on the left.")
    right: int = Field(default=0, ge=0, le=MAX_EXTENSION, description="New pixels on the right.")
    top: int = Field(default=0, ge=0, le=MAX_EXTENSION, description="New pixels above.")
    bottom: int = Field(default=0, ge=0, le=MAX_EXTENSION, description="New pixels below.")
