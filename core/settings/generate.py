"""Settings of the methods that make a picture from words alone."""

from pydantic import Field

from core.settings.base import Job, Settings


class GenerationSettings(Settings):
    """A picture from a prompt alone."""

    job = Job.GENERATE
    name = "generation"
    title = "Generate"
    batches = True
    paper = "Ho et al. 2020 (DDPM); Song et al. 2021 (DDIM)"

    eta: float = Field(
        default=0.0, ge=0.0, le=1.0, description="Fresh noise per step: 0 is DDIM, 1 is DDPM."
    )
