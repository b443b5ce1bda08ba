"""What a model can be asked to do, told from its configuration: cheap, and without torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.models.config_file import read_json
from core.models.family import family_of


@dataclass(frozen=True)
class Abilities:
    """What the methods' needs are held against (`core.methods.why_not`).

    prediction: what the network predicts, "flow" for rectified flows.
    prompts: it is told a prompt; pixel models are not.
    words: it attends to the prompt's words, so that each has its places in the picture.
    decoder: such layers, with self-attention beside them, are on its way up.
    inpaints: it is shown a mask and what lies around it, beside the noisy latents.
    """

    prediction: str
    words: bool
    decoder: bool
    inpaints: bool = False
    prompts: bool = True


def abilities_of(unet: Mapping[str, Any], prediction: str) -> Abilities:
    """By a UNet's configuration (diffusers' config.json) and what it predicts."""
    up = unet.get("up_block_types") or ()
    others = [*(unet.get("down_block_types") or ()), unet.get("mid_block_type") or ""]
    decoder = any("CrossAttn" in kind for kind in up)
    words = decoder or any("CrossAttn" in kind for kind in others)
    reads, gives = unet.get("in_channels"), unet.get("out_channels")
    inpaints = isinstance(reads, int) and isinstance(gives, int) and reads == 2 * gives + 1
    return Abilities(prediction, words, decoder, inpaints)


def pixel_abilities(prediction: str) -> Abilities:
    """Of a model on pixels: it denoises, and is told nothing."""
    return Abilities(prediction, words=False, decoder=False, prompts=False)


def read_abilities(folder: Path) -> Abilities | None:
    """By the files of a model's folder; None where they cannot be read, which loading will tell."""
    try:
        unet, scheduler = (
            read_json(folder / part)
            for part in ("unet/config.json", "scheduler/scheduler_config.json")
        )
        prediction = prediction_name(scheduler)
        if family_of(folder) == "pixel-diffusion":
            return pixel_abilities(prediction)
        return abilities_of(unet, prediction)
    except (OSError, ValueError, AttributeError, TypeError):
        return None


def prediction_name(scheduler: Mapping[str, Any]) -> str:
    """What diffusers' scheduler configuration says that the network predicts."""
    if "FlowMatch" in scheduler.get("_class_name", ""):
        return "flow"
    return scheduler.get("prediction_type", "epsilon")
