"""One frozen settings class per method: what a user may turn, with ranges, defaults and help.

No torch here: the window and the command line build their controls from these classes, and a
method is looked up by the type of its settings (`core.methods`).
"""

import math
from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field


class Job(StrEnum):
    """What the user wants done to the picture."""

    GENERATE = "generate"
    FILL = "fill"
    SWAP = "swap"
    RESTYLE = "restyle"


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

    @property
    def climb(self) -> float:
        """The share of the path that is climbed, in [0, 1]: the root of the inversion strength.

        On the lower half of a path the noise hides detail but not what a thing is, so an even
        scale would change nothing below its middle.
        """
        return math.sqrt(self.inversion_strength)

    def network_steps(self, steps: int) -> int:
        return 2 * round(self.climb * steps)


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
