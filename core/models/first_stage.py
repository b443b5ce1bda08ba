"""The first stage of a latent model: an autoencoder with a KL term, or one with a codebook.

Rombach et al. 2022, section 3.1. Latents are scaled by the stage's own factor to about unit
variance. With a codebook they are those before it: the decoder rounds them to its entries, so the
codebook counts as a part of the decoder ("the quantisation layer is absorbed", section 3.1).
"""

from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, VQModel

from core.models.family import class_of

FOLDERS = ("vae", "vqvae")
"""What the part is called in Stable Diffusion's and in latent diffusion's layout."""


def load_first_stage(folder: Path, **options: Any) -> Any:
    """The network in `folder`, of the class that its configuration names, untrained parts never.

    options: as diffusers' from_pretrained takes them.
    """
    kind: Any = VQModel if class_of(folder) == "VQModel" else AutoencoderKL
    return kind.from_pretrained(folder, local_files_only=True, **options)


def has_codebook(network: Any) -> bool:
    """Whether the decoder rounds latents to the entries of a codebook."""
    return isinstance(network, VQModel)


def encode(network: Any, pixels: torch.Tensor) -> torch.Tensor:
    """Pixels [N, 3, H, W] in [-1, 1] -> scaled latents [N, C, h, w], float32.

    The posterior's mode, or what the codebook has not rounded yet.
    """
    found = network.encode(pixels.to(network.dtype))
    latents = found.latents if has_codebook(network) else found.latent_dist.mode()
    return (latents.float() - _shift(network)) * network.config.scaling_factor


def decode(network: Any, latents: torch.Tensor) -> torch.Tensor:
    """Scaled latents [N, C, h, w] -> pixels [N, 3, H, W], float32, about [-1, 1], not clipped."""
    plain = latents / network.config.scaling_factor + _shift(network)
    return network.decode(plain.to(network.dtype)).sample.float()


def latent_channels(network: Any) -> int:
    """C of the latents."""
    width = network.config.get("vq_embed_dim") if has_codebook(network) else None
    return int(width or network.config.latent_channels)


def factor(network: Any) -> int:
    """Pixels per latent pixel."""
    return 2 ** (len(network.config.block_out_channels) - 1)


def _shift(network: Any) -> float:
    return getattr(network.config, "shift_factor", None) or 0.0
