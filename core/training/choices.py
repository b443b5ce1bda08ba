"""What the commands let one choose; no torch and no OpenCV, so that their help is there at once."""

from enum import StrEnum
from typing import Literal

World = Literal["plain", "rich"]
"""What scenes may hold; `core.training.datasets.worlds` tells."""


class Kind(StrEnum):
    """How a first stage keeps its latents from growing without bound: a KL term, or a codebook."""

    KL = "kl"
    VQ = "vq"


class Conditioning(StrEnum):
    """What the denoiser is told besides its label and the prompt."""

    TEXT = "text"
    INPAINT = "inpaint"
    UPSCALE = "upscale"
    SEGMENTATION = "segmentation"


class Prediction(StrEnum):
    """What the denoiser gives back."""

    EPSILON = "epsilon"
    V = "v"

    @property
    def of_diffusers(self) -> Literal["epsilon", "v_prediction"]:
        """What a scheduler's configuration calls it."""
        return "v_prediction" if self is Prediction.V else "epsilon"


class Weighting(StrEnum):
    """The weight of the squared error of x0 at each noise level.

    SIMPLE: of the predicted quantity as it is: SNR for epsilon (DDPM's L_simple), SNR + 1 for v.
    MIN_SNR: min(SNR, 5), Hang et al.'s.
    MIN_SNR_PLUS_1: min(SNR + 1, 5): the plain v loss, bounded at the clean end alone. Unlike
        MIN_SNR it does not forget the noisy end, where a cosine path decides what a thing is.
    """

    SIMPLE = "simple"
    MIN_SNR = "min-snr"
    MIN_SNR_PLUS_1 = "min-snr-plus-1"


class Domain(StrEnum):
    """What the pixel model is to know. Animals and food do not overlap."""

    ALL = "all"
    ANIMALS = "animals"
    FOOD = "food"
