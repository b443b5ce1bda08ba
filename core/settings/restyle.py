"""Settings of the methods that repaint a picture by one prompt."""

from pydantic import Field

from core.settings.base import Job, PictureSettings


class SDEditSettings(PictureSettings):
    """Noise the picture part of the way, denoise it under the prompt."""

    job = Job.RESTYLE
    also = (Job.SWAP, Job.FILL)
    name = "sdedit"
    title = "Repaint from noise"
    batches = True
    paper = "Meng et al. 2022 (SDEdit), Algorithm 2"

    strength: float = Field(
        default=0.5,
        ge=0.0,
        le=1.0,
        description="How far the picture is dissolved: 0 keeps it, 1 is free.",
    )
    repeats: int = Field(default=1, ge=1, le=10, description="Times the whole round is run (K).")
    eta: float = Field(
        default=0.0, ge=0.0, le=1.0, description="Fresh noise per step: 0 is DDIM, 1 is DDPM."
    )

    def network_steps(self, steps: int) -> int:
        return self.repeats * round(self.strength * steps)
