"""Which kind of model a folder holds, told from its UNet's configuration; without torch."""

import json
import math
from pathlib import Path
from typing import Literal

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
        config = json.loads((folder / "unet" / "config.json").read_text("utf-8"))
        named = config.get("_class_name")
    except (OSError, ValueError, AttributeError, RecursionError):
        named = None
    return "pixel-diffusion" if named == "UNet2DModel" else "stable-diffusion"
