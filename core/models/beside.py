"""What a network is shown beside the noisy latents, as channels at the latents' size.

Rombach et al. 2022, sections 4.3.2, 4.4 and 4.5: a mask with the latents of what lies around it, a
small picture, or a segmentation. Training and editing make them here, so that both mean the same.
"""

from collections.abc import Callable

import torch
from torch.nn import functional

from core.sampling.path import linear_alpha_bars

MOST_NOISE = 350
"""The highest level of noise in a small picture, of 1000, as Stable Diffusion's upscaler has it."""


def masked(
    encode: Callable[[torch.Tensor], torch.Tensor], pixels: torch.Tensor, mask: torch.Tensor
) -> torch.Tensor:
    """Mask and masked latents: [N, 1 + C, h, w].

    encode: the first stage. pixels [N, 3, H, W] in [-1, 1]. mask [N, 1, H, W]: from a half on it is
    1, what is to be painted; there the picture is blanked with mid-grey. A latent's place is masked
    if any of its pixels is.
    """
    away = mask >= 0.5
    latents = encode(pixels.masked_fill(away, 0.0))
    factor = away.shape[-1] // latents.shape[-1]
    return torch.cat([functional.max_pool2d(away.to(latents), factor), latents], dim=1)


def small_picture(
    pixels: torch.Tensor, level: torch.Tensor, patch: int, noise: torch.Tensor
) -> torch.Tensor:
    """A small picture, noised: [N, 3 p^2, h / p, w / p].

    pixels, noise [N, 3, h, w], pixels in [-1, 1]; level [N], labels 0 to `MOST_NOISE` of DDPM's
    noise (Ho et al. 2022, cascaded diffusion, section 4.1: noise makes it a hint and not a truth).
    patch: p; each latent's place reads p x p pixels, so nothing of the small picture is lost.
    """
    bar = linear_alpha_bars().to(pixels)[level].view(-1, 1, 1, 1)
    return functional.pixel_unshuffle(bar.sqrt() * pixels + (1 - bar).sqrt() * noise, patch)


def segmentation(shares: torch.Tensor, factor: int) -> torch.Tensor:
    """How much of each latent's place each class covers: [N, K, H / factor, W / factor].

    shares [N, K, H, W] in [0, 1]. The paper brings the map to the latents' size by pooling and a
    1 x 1 convolution; the UNet's own first convolution, which reads this, holds the latter.
    """
    return functional.avg_pool2d(shares, factor)
