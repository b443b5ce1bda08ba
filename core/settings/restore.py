"""Settings of the methods that undo what was done to a picture."""

import math

from pydantic import Field

from core.restoration.degradations import (
    Degradation,
    Downsampling,
    GaussianBlur,
    Missing,
    OutsideFrame,
)
from core.settings.base import Job, PictureSettings, Settings


class RestorationSettings(PictureSettings):
    """Base of the settings of methods that undo what was done to a picture.

    A request's mask says which pixels are missing, if a degradation asks for it; else that only
    there is to be restored.
    """

    job = Job.RESTORE

    degradations: tuple[Degradation, ...] = Field(
        default=(GaussianBlur(),),
        min_length=1,
        max_length=8,
        description="What was done to the picture, in this order.",
    )
    noise: float = Field(
        default=0.0,
        ge=0.0,
        le=1.0,
        description="Standard deviation of the picture's noise, black to white being 0 to 1.",
    )
    samples: int = Field(default=1, ge=1, le=64, description="How many restorations to make.")
    eta: float = Field(
        default=1.0, ge=0.0, le=1.0, description="Fresh noise per step: 0 is DDIM, 1 is DDPM."
    )
    average: bool = Field(
        default=False,
        description="The result is the mean of the restorations, which is nearest on average; else "
        "it is the first.",
    )
    finish: bool = Field(
        default=True,
        description="At the end, change as little as explains the picture to within the noise.",
    )

    @property
    def mask_is_missing(self) -> bool:
        """Whether a mask says what is missing, and not where to restore."""
        return any(isinstance(one, Missing) and one.pattern == "mask" for one in self.degradations)

    def network_steps(self, steps: int) -> int:
        return self.samples * steps


class DPSSettings(RestorationSettings):
    """Every step moves down the gradient of the distance to the picture."""

    name = "dps"
    title = "Posterior sampling (DPS)"
    paper = "Chung et al. 2023 (DPS), Algorithm 1; Rout et al. 2023 (PSLD) for the gluing"

    zeta: float | None = Field(
        default=None,
        gt=0.0,
        le=1000.0,
        description="How far each step moves; by default the paper's: 0.5 for what is missing, "
        "0.3 otherwise, in 1000 steps, and more in fewer.",
        json_schema_extra={"usual": 5},
    )
    gluing: float = Field(
        default=0.1,
        ge=0.0,
        le=10.0,
        description="Weight of staying near what the encoder gives; 0 is off.",
        json_schema_extra={"usual": 1},
    )

    def step_size(self, steps: int) -> float:
        """zeta, or the paper's for these degradations (its appendix D), times (1000 / steps)^1/2.

        The paper's holds for its 1000 steps; each of a few has to go farther.
        """
        if self.zeta is not None:
            return self.zeta
        gone = any(isinstance(one, Missing | OutsideFrame) for one in self.degradations)
        return (0.5 if gone else 0.3) * math.sqrt(1000 / steps)


class PiGDMSettings(RestorationSettings):
    """The picture's likelihood with its full covariance guides every step."""

    name = "pigdm"
    title = "Posterior sampling (PiGDM)"
    paper = "Song et al. 2023 (PiGDM), eq. 7; Chung et al. 2022 (CCDF) for a strength below 1"

    strength: float = Field(
        default=1.0,
        gt=0.0,
        le=1.0,
        description="Share of the walk that is gone: 1 starts from noise, as the paper; less "
        "from a smooth picture that explains this one, so that fewer steps do.",
    )
    variance: float = Field(
        default=1.0,
        gt=0.0,
        le=100.0,
        description="Variance of the model's pictures or latents, in its own units; 1 is the "
        "paper's.",
        json_schema_extra={"usual": 4},
    )

    def walked(self, steps: int) -> int:
        """How many of a whole walk's steps are gone, at least one."""
        return max(1, round(self.strength * steps))

    def network_steps(self, steps: int) -> int:
        return self.samples * self.walked(steps)


class UpscaleSettings(RestorationSettings):
    """A model that was trained to enlarge draws what a small picture may have been."""

    needs = ("enlarging",)
    name = "upscale"
    title = "Enlarge (latent diffusion)"
    paper = "Rombach et al. 2022 (Latent Diffusion), section 4.4"

    degradations: tuple[Degradation, ...] = Field(
        default=(Downsampling(),),
        min_length=1,
        max_length=8,
        description="What was done to the picture, in this order.",
    )
    noise_level: int = Field(
        default=20,
        ge=0,
        le=350,
        description="Noise put into the small picture: the more, the freer is what is drawn.",
    )


class EnlargeSettings(Settings):
    """A network that was trained to enlarge does so at once; no diffusion model is asked."""

    job = Job.RESTORE
    says = False
    name = "realesrgan"
    title = "Enlarge (Real-ESRGAN)"
    paper = "Wang et al. 2021 (Real-ESRGAN)"

    upscaler: str = Field(
        default="realesrgan-x4plus",
        description="realesrgan-x4plus for photographs, realesrgan-x4plus-anime for drawings, or a "
        "safetensors file.",
    )
    factor: int = Field(default=4, ge=2, le=4, description="How many times larger.")
    tile: int = Field(
        default=192,
        ge=64,
        le=2048,
        description="Side in pixels of what is enlarged at once; less takes less memory.",
    )

    def network_steps(self, steps: int) -> int:
        return 1
