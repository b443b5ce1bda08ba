"""How different two pictures look to an image tower: a distance that can be trained on.

LPIPS (Zhang et al. 2018, equation 1) on the features of a CLIP image tower: the states of every
patch after every layer, each brought to unit length, their squared distance, the mean over patches
and layers. LPIPS weighs channels by judgements of people, which we do not have; its authors found
that networks without those weights agree with people nearly as well. All layers count alike: the
early ones see edges and colour, the late ones what it is.

On the starter's tower, for held-out scenes rebuilt by its first stage, it is .012 where L1 is .031;
for a blur of 5 pixels .019 and .029; for noise of deviation .1 .012 and .080; for two unlike
pictures 1.5. So it asks for edges, and hardly for grain.
"""

from pathlib import Path
from typing import Any

import torch
from torch.nn import functional
from transformers import CLIPModel

from core.errors import TrainingError
from core.sampling.clip_guidance import is_noise_aware


def perceptual_distance(tower: Any, first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """[N], each in [0, 4]; 0 = the same. first, second [N, 3, H, W] in [-1, 1].

    tower: transformers' CLIP vision model. Sides other than its own are multiples of its patch.
    """
    found = tower(
        pixel_values=torch.cat([first, second]),
        output_hidden_states=True,
        interpolate_pos_encoding=first.shape[-1] != tower.config.image_size,
    )
    patches = torch.stack(found.hidden_states[1:])[:, :, 1:].float()  # the first is not of a place
    one, other = functional.normalize(patches, dim=-1).chunk(2, dim=1)
    return (one - other).square().sum(dim=-1).mean(dim=(0, 2))


def load_tower(clip_folder: Path) -> Any:
    """The frozen image tower of `clip_folder`/clip, in float32. Raises TrainingError."""
    if not (clip_folder / "clip").is_dir():
        raise TrainingError(
            f"{clip_folder} has no clip folder; run `sfumato train clip` first and give its "
            "folder as --clip."
        )
    clip: Any = CLIPModel.from_pretrained(
        clip_folder / "clip", dtype=torch.float32, local_files_only=True
    )
    if is_noise_aware(clip):
        raise TrainingError(
            f"the clip of {clip_folder} is for noised pictures; give one of `sfumato train clip` "
            "without --noised."
        )
    return clip.vision_model.requires_grad_(False).eval()


def cropped(tower: Any, pictures: torch.Tensor, top: int, left: int) -> torch.Tensor:
    """One patch less of [N, C, H, W] each way, from (top, left) on, both below the tower's patch.

    A distance on a crop that moves from step to step has no grid; one on a fixed grid leaves it.
    """
    patch = tower.config.patch_size
    height, width = pictures.shape[-2] - patch, pictures.shape[-1] - patch
    return pictures[..., top : top + height, left : left + width]
