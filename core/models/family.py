"""Which kind of model a folder holds, told from its UNet's configuration; without torch."""

import math
from pathlib import Path
from typing import Literal

from core.models.config_file import read_json

Family = Literal["stable-diffusion", "pixel-diffusion"]


def parts_of(folder: Path) -> tuple[str, ...]:
    """The networks that a model of the folder's family holds."""
    if family_of(folder) == "pixel-diffusion":
        return ("unet",)
    return ("unet", first_stage_of(folder), "text_encoder")


def first_stage_of(folder: Path) -> str:
    """What the folder calls its first stage: "vqvae" as in latent diffusion's layout, or "vae"."""
    alone = (folder / "vqvae").is_dir() and not (folder / "vae").is_dir()
    return "vqvae" if alone else "vae"


def patch_of(channels: int) -> int:
    """p of a pixel model's UNet that reads `channels` = 3 * p^2; 0 where that is not so."""
    patch = math.isqrt(max(channels, 0) // 3)
    return patch if channels == 3 * patch**2 else 0


def class_of(folder: Path) -> str | None:
    """The class that the configuration of a network's folder names; None where it tells none."""
    try:
        named = read_json(folder / "config.json").get("_class_name")
    except (OSError, ValueError, AttributeError):
        return None
    return named if isinstance(named, str) else None


def family_of(folder: Path) -> Family:
    """By its UNet's class; a file that tells nothing counts as the first."""
    return "pixel-diffusion" if class_of(folder / "unet") == "UNet2DModel" else "stable-diffusion"
