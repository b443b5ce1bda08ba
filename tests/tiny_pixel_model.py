"""A small random pixel model, for tests: the true class, few weights."""

from pathlib import Path
from typing import Any

import torch
from diffusers import DDPMScheduler, UNet2DModel


def write_tiny_pixel_model(folder: Path, *, patch: int = 2, seed: int = 0) -> Path:
    """Write the model to `folder` and return it: 16 pixels a side, read in blocks of `patch`."""
    torch.manual_seed(seed)
    network: Any = UNet2DModel
    unet = network(
        sample_size=16 // patch,
        in_channels=3 * patch**2,
        out_channels=3 * patch**2,
        down_block_types=("DownBlock2D", "AttnDownBlock2D"),
        up_block_types=("AttnUpBlock2D", "UpBlock2D"),
        block_out_channels=(16, 32),
        layers_per_block=1,
        attention_head_dim=16,
        norm_num_groups=8,
    )
    scheduler: Any = DDPMScheduler
    unet.save_pretrained(folder / "unet")
    scheduler(timestep_spacing="trailing").save_pretrained(folder / "scheduler")
    return folder
