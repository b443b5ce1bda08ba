"""Settings of the methods that fill a mask."""

from pydantic import Field

from core.settings.base import Job, PictureSettings


class MaskedFillSettings(PictureSettings):
    """Fill the mask; the rest is held at its own noise level at every step."""

    job = Job.FILL
    name = "masked-fill"
    title = "Fill"
    paper = "Avrahami et al. 2023 (Blended Latent Diffusion); Lugmayr et al. 2022 (RePaint), eq. 8"

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
