"""One frozen settings class per method: what a user may turn, with ranges, defaults and help.

No torch here: the window and the command line build their controls from these classes, and a
method is looked up by the type of its settings (`core.methods`).
"""

import math
from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.restoration.degradations import Degradation, Missing, OutsideFrame


class Job(StrEnum):
    """What the user wants done to the picture."""

    GENERATE = "generate"
    FILL = "fill"
    SWAP = "swap"
    RESTYLE = "restyle"
    RESTORE = "restore"


class Settings(BaseModel):
    """Base of all methods' settings. Subclasses name their job, their method and its paper."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    job: ClassVar[Job]
    name: ClassVar[str]
    title: ClassVar[str]
    paper: ClassVar[str]

    def network_steps(self, steps: int) -> int:
        """Network steps of the whole edit when a full path has `steps`; a forecast and a total."""
        return steps


class PictureSettings(Settings):
    """Base of the settings of methods that change a picture, and so may have a mask."""

    blend: int = Field(
        default=4,
        ge=0,
        le=256,
        description="Width in pixels of the band around the mask that blends.",
    )


class GenerationSettings(Settings):
    """A picture from a prompt alone."""

    job = Job.GENERATE
    name = "generation"
    title = "Generate"
    paper = "Ho et al. 2020 (DDPM); Song et al. 2021 (DDIM)"

    eta: float = Field(
        default=0.0, ge=0.0, le=1.0, description="Fresh noise per step: 0 is DDIM, 1 is DDPM."
    )


class SDEditSettings(PictureSettings):
    """Noise the picture part of the way, denoise it under the prompt."""

    job = Job.RESTYLE
    name = "sdedit"
    title = "Repaint from noise"
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


class DDIMSwapSettings(PictureSettings):
    """Invert the picture under its own prompt, decode it under another."""

    job = Job.SWAP
    name = "ddim-swap"
    title = "Invert and swap"
    paper = "Song et al. 2021 (DDIM), section 4.3; Su et al. 2023 (DDIB)"

    inversion_strength: float = Field(
        default=0.5, ge=0.0, le=1.0, description="0 reproduces the picture, 1 leaves it free."
    )
    inversion_label: Literal["next", "current"] = Field(
        default="next",
        description="Which time label the network sees while inverting: that of the noisier end "
        "of the step (null-text, Plug-and-Play) or of the cleaner one (DiffusionCLIP).",
    )

    def network_steps(self, steps: int) -> int:
        return 2 * round(self.inversion_strength * steps)


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


class RestorationSettings(Settings):
    """Base of the settings of methods that undo what was done to a picture."""

    job = Job.RESTORE

    degradations: tuple[Degradation, ...] = Field(
        min_length=1, max_length=8, description="What was done to the picture, in this order."
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
    finish: bool = Field(
        default=True,
        description="At the end, change as little as explains the picture to within the noise.",
    )

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
    )
    gluing: float = Field(
        default=0.1,
        ge=0.0,
        le=10.0,
        description="Weight of staying near what the encoder gives; 0 is off.",
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
    paper = "Song et al. 2023 (PiGDM), eq. 7"

    variance: float = Field(
        default=1.0,
        gt=0.0,
        le=100.0,
        description="Variance of the model's pictures or latents, in its own units; 1 is the "
        "paper's.",
    )
