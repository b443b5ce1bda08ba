"""Settings of the methods that fill a mask, or the room around a picture."""

from pydantic import Field

from core.settings.base import Job, PictureSettings

MAX_EXTENSION = 20_000


class FillingSettings(PictureSettings):
    """What the methods that fill something share: a walk whose known part is held."""

    job = Job.FILL
    batches = True

    strength: float = Field(
        default=1.0,
        ge=0.0,
        le=1.0,
        description="How much of the old content goes: 0 keeps it, 1 forgets it.",
    )
    eta: float = Field(
        default=1.0, ge=0.0, le=1.0, description="Fresh noise per step: 0 is DDIM, 1 is DDPM."
    )

    def network_steps(self, steps: int) -> int:
        return round(self.strength * steps)


class MaskedFillSettings(FillingSettings):
    """Fill the mask; the rest is held at its own noise level at every step."""

    name = "masked-fill"
    title = "Fill"
    paper = "Avrahami et al. 2023 (Blended Latent Diffusion); Lugmayr et al. 2022 (RePaint), eq. 8"


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


class ExtendSettings(FillingSettings):
    """Continue the picture beyond its edges."""

    job = Job.EXTEND
    name = "extend"
    title = "Extend"
    paper = "Avrahami et al. 2023 (Blended Latent Diffusion), from a mirrored beginning"

    left: int = Field(default=0, ge=0, le=MAX_EXTENSION, description="New pixels on the left.")
    right: int = Field(default=0, ge=0, le=MAX_EXTENSION, description="New pixels on the right.")
    top: int = Field(default=0, ge=0, le=MAX_EXTENSION, description="New pixels above.")
    bottom: int = Field(default=0, ge=0, le=MAX_EXTENSION, description="New pixels below.")
