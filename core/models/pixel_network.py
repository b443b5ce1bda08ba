"""How a pixel network is asked: an unconditional UNet on pixels, or on blocks of pixels.

A UNet of 3 * p^2 channels reads p x p pixels as one place. p follows from its configuration, so
that the folder stays an ordinary UNet2DModel's.
"""

from typing import Any

import torch
from torch.nn.functional import pixel_shuffle, pixel_unshuffle

from core.models.family import patch_of


def predict(unet: Any, x: torch.Tensor, t: float | torch.Tensor) -> torch.Tensor:
    """The network's output at pixels x [N, 3, H, W] and label t, of the shape of x."""
    patch = patch_of(unet.config.in_channels)
    blocks = pixel_unshuffle(x, patch) if patch > 1 else x
    output = unet(blocks, t).sample
    return pixel_shuffle(output, patch) if patch > 1 else output
