"""Which kind of model a folder holds, told from its UNet's configuration; without torch."""

import math
from pathlib import Path
from typing import Literal

from core.models.config_file import read_json

Family = Literal["stable-diffusion", "pixel-diffusion"]

PARTS: dict[Family, tuple[str, ...]] = {
    "stable-diffusion": ("unet", "vae", "text_encoder"),
    "pixel-diffusion": ("unet",),
}
"""The networks that a model of the family holds."""


def patch_of(channels: int) -> int:
    """p of a pixel model's UNet that reads `channels` = 3 * p^2; 0 where that is not so."""
    patch = math.isqrt(max(channels, 0) // 3)
    return patch if channels == 3 * patch**2 else 0


def family_of(folder: Path) -> Family:
    """By the class that the configuration names; a file that tells nothing counts as the first."""
    try:
        named = read_json(folder / "unet" / "config.json").get("_class_name")
    except (OSError, ValueError, AttributeError):
        named = None
    return "pixel-diffusion" if named == "UNet2DModel" else "stable-diffusion"
