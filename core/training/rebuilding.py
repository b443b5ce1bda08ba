"""Pictures through a first stage and back: the loss of that, and how it is judged afterwards."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from core.models.first_stage import decode, encode, has_codebook
from core.training.batches import to_pictures, to_tensor, write_sheet
from core.training.codebook import perplexity
from core.training.datasets.bank import Bank
from core.training.loop import Losses
from core.training.perceptual import cropped, perceptual_distance

KL_WEIGHT = 1e-6
PERCEPTUAL_WEIGHT = 2.0
"""Makes the perceptual distance about as large as L1 (`core.training.perceptual`)."""


@dataclass(frozen=True, eq=False)
class Rebuilt:
    """Pictures after the first stage.

    pixels [N, 3, H, W] float32; regulariser: its share of the loss. latents, codes: with a
    codebook, what was rounded, float32 [N, C, h, w], and to which entries.
    """

    pixels: torch.Tensor
    regulariser: torch.Tensor
    latents: torch.Tensor | None = None
    codes: torch.Tensor | None = None


def rebuild(model: Any, pixels: torch.Tensor, noise: torch.Generator) -> Rebuilt:
    """Through encoder, regulariser and decoder, with gradients."""
    half = torch.autocast(pixels.device.type, torch.bfloat16)
    if not has_codebook(model):
        with half:
            posterior = model.encode(pixels).latent_dist
            found = model.decode(posterior.sample(noise)).sample
        kl = posterior.kl().float().mean() / pixels[0].numel()
        return Rebuilt(found.float(), KL_WEIGHT * kl)
    with half:
        latents = model.encode(pixels).latents
    latents = latents.float()
    rounded, regulariser, (*_, codes) = model.quantize(latents)
    with half:
        found = model.decode(rounded, force_not_quantize=True).sample
    return Rebuilt(found.float(), regulariser, latents, codes)


def losses(rebuilt: Rebuilt, pixels: torch.Tensor, tower: Any, place: tuple[int, int]) -> Losses:
    """loss = reconstruction + regulariser, reconstruction = L1 + perceptual distance; PSNR in dB.

    place: where the crops begin that the distance is taken on (`cropped`).
    """
    error = rebuilt.pixels - pixels
    l1 = error.abs().mean()
    shown = [cropped(tower, one, *place) for one in (rebuilt.pixels, pixels)]
    looks = perceptual_distance(tower, *shown).mean()
    reconstruction = l1 + PERCEPTUAL_WEIGHT * looks
    return {
        "loss": reconstruction + rebuilt.regulariser,
        "reconstruction": reconstruction,
        "l1": l1,
        "looks": looks,
        "psnr": 10 * torch.log10(4 / error.square().mean()),
    }


@torch.no_grad()
def evaluate(model: Any, bank: Bank, sheet: Path | None = None) -> dict[str, float]:
    """Mean PSNR in dB on the first 64 whole pictures of `bank`; a sheet of 8 pairs if asked.

    With a codebook also the share of its entries that they use, and its perplexity.
    """
    pictures = np.asarray(bank.pictures[:64])
    rebuilt, codes = [], []
    for start in range(0, len(pictures), 16):
        latents = encode(model, to_tensor(pictures[start : start + 16], model.device))
        rebuilt.append(to_pictures(decode(model, latents)))
        if has_codebook(model):
            plain = latents / model.config.scaling_factor
            codes.append(model.quantize(plain)[2][2])
    result = np.concatenate(rebuilt)
    squared = np.square(result.astype(np.float64) - pictures).mean(axis=(1, 2, 3))
    if sheet is not None:
        first = min(8, len(pictures))
        write_sheet(sheet, np.concatenate([pictures[:first], result[:first]]), first)
    figures = {"psnr": float(np.mean(10 * np.log10(255.0**2 / np.maximum(squared, 1e-3))))}
    if codes:
        entries = model.config.num_vq_embeddings
        every = torch.cat(codes)
        figures |= {
            "codes_used": len(every.unique()) / entries,
            "perplexity": perplexity(every, entries),
        }
    return figures
