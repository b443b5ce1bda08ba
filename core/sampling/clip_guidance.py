"""Guidance by a CLIP that was trained on noised pictures.

Nichol et al. 2022 (GLIDE), section 2.4: the gradient of the dot product of picture and caption,
taken at x_t. A CLIP that only knows clean pictures gives there what changes the noise, so this one
is told how noisy x_t is. Its towers are transformers' CLIPModel, whose configuration tells the two
channels more.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch.nn import functional

from core.sampling.path import Path

CHANNELS = 5
"""Of what the image tower reads: the picture, and alpha and sigma everywhere alike. The two say
what a time label says, and mean the same on every path."""


def is_noise_aware(clip: Any) -> bool:
    """Whether this CLIPModel was trained on noised pictures."""
    return clip.config.vision_config.num_channels == CHANNELS


def tower_input(x: torch.Tensor, alpha: torch.Tensor, sigma: torch.Tensor) -> torch.Tensor:
    """What the image tower reads: [N, 5, H, W]. x [N, 3, H, W] = alpha * x0 + sigma * eps; alpha,
    sigma [N]."""
    levels = torch.stack([alpha, sigma], dim=1).to(x)
    return torch.cat([x, levels[:, :, None, None].expand(-1, -1, *x.shape[-2:])], dim=1)


def clip_agreement(
    clip: Any, caption: torch.Tensor, path: Path
) -> Callable[[torch.Tensor, float], torch.Tensor]:
    """(x [N, 3, H, W], t) -> how well x_t fits the caption, [N], for `guidance.classifier`.

    clip: a noise-aware CLIPModel, frozen. caption: its embedding [D] or [1, D], of any length. The
    unit vectors' product times the model's own scale, which is log p(caption | x_t) but for what
    all captions share. H and W: multiples of the tower's patch.
    """
    wanted = functional.normalize(caption.reshape(1, -1).float(), dim=-1)
    scale = clip.logit_scale.detach().exp().float()

    def log_probability(x: torch.Tensor, t: float) -> torch.Tensor:
        rows = x.new_ones(len(x))
        read = tower_input(x, path.alpha(t) * rows, path.sigma(t) * rows)
        other = x.shape[-1] != clip.config.vision_config.image_size
        seen = clip.vision_model(pixel_values=read, interpolate_pos_encoding=other)
        found = clip.visual_projection(seen.pooler_output).float()
        return scale * (functional.normalize(found, dim=-1) * wanted).sum(dim=-1)

    return log_probability
