"""What a model can be asked to do, told from its configuration: cheap, and without torch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core.models.config_file import read_json
from core.models.family import family_of, patch_of

Beside = Literal["", "mask", "small-picture", "segmentation"]
"""What a network reads beside the noisy latents: nothing; a mask and what lies around it; a picture
of fewer pixels, that it is to enlarge; which class of thing lies where."""


@dataclass(frozen=True)
class Abilities:
    """What the methods' needs are held against (`core.methods.why_not`).

    prediction: what the network predicts, "flow" for rectified flows.
    prompts: it is told a prompt; pixel models are not.
    words: it attends to the prompt's words, so that each has its places in the picture.
    decoder: such layers, with self-attention beside them, are on its way up.
    beside: what it is shown beside the noisy latents.
    """

    prediction: str
    words: bool
    decoder: bool
    beside: Beside = ""
    prompts: bool = True

    @property
    def inpaints(self) -> bool:
        """It was made for inpainting."""
        return self.beside == "mask"

    @property
    def enlarges(self) -> bool:
        """It was made to enlarge a picture, and can do nothing else."""
        return self.beside == "small-picture"


def abilities_of(
    unet: Mapping[str, Any], prediction: str, classes: Sequence[str] = ()
) -> Abilities:
    """By a UNet's configuration (diffusers' config.json) and what it predicts.

    classes: of a segmentation, where the model's folder names them (`read_classes`).
    """
    up = unet.get("up_block_types") or ()
    others = [*(unet.get("down_block_types") or ()), unet.get("mid_block_type") or ""]
    decoder = any("CrossAttn" in kind for kind in up)
    words = decoder or any("CrossAttn" in kind for kind in others)
    return Abilities(prediction, words, decoder, beside_of(unet, classes) or "")


def beside_of(unet: Mapping[str, Any], classes: Sequence[str] = ()) -> Beside | None:
    """What a UNet reads beside latents, by how many channels; None where it cannot be told.

    A mask and masked latents are 1 + C channels (Rombach et al. 2022). A small picture is 3 p^2, p
    by p of its pixels to a latent's, and its noise is told as a class is, as Stable Diffusion's
    upscaler has it (with p = 1).
    """
    reads, gives = unet.get("in_channels"), unet.get("out_channels")
    if not isinstance(reads, int) or not isinstance(gives, int):
        return None
    more = reads - gives
    if more == 0:
        return ""
    if classes:
        return "segmentation" if more == len(classes) else None
    if more == gives + 1:
        return "mask"
    told = unet.get("class_embed_type") == "timestep" or unet.get("num_class_embeds")
    return "small-picture" if told and patch_of(more) else None


CLASSES_FILE = "segmentation/classes.json"


def read_classes(folder: Path) -> tuple[str, ...]:
    """The classes of a segmentation that a model's folder names, in their channels' order."""
    try:
        found = read_json(folder / CLASSES_FILE)
    except (OSError, ValueError):
        return ()
    return tuple(str(name) for name in found) if isinstance(found, list) else ()


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
        return abilities_of(unet, prediction, read_classes(folder))
    except (OSError, ValueError, AttributeError, TypeError):
        return None


def prediction_name(scheduler: Mapping[str, Any]) -> str:
    """What diffusers' scheduler configuration says that the network predicts."""
    if "FlowMatch" in scheduler.get("_class_name", ""):
        return "flow"
    return scheduler.get("prediction_type", "epsilon")
