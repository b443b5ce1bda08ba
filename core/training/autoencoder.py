"""The first stage: a KL autoencoder that turns pictures into latents of factor 8.

Rombach et al. 2022 (latent diffusion), section 3.1, without the adversarial part: L1 and squared
error, and a KL term of weight 1e-6 towards a unit Gaussian. Trained on random crops, which costs a
fraction of whole pictures and teaches the same local code.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from diffusers import AutoencoderKL

from core.training.batches import to_tensor
from core.training.datasets.bank import Bank
from core.training.loop import Losses, Run, Schedule, for_each_minutes

KL_WEIGHT = 1e-6
# A posterior of standard deviation exp(-3) at the start: with 1 the decoder sees noise only and
# stalls at the mean picture.
INITIAL_LOG_VARIANCE = -6.0


@dataclass(frozen=True)
class Preset:
    """Widths per level (the last is the coarsest), channels of the latents, and the batches."""

    widths: tuple[int, ...]
    latent_channels: int
    groups: int
    crop: int
    batch: int
    schedule: Schedule


PRESETS = {
    # Four groups: one channel per group would erase colour.
    "cpu": Preset((24, 48, 96, 128), 8, 4, 64, 12, Schedule(4e-4, warmup=200)),
    "gpu": Preset((64, 128, 256, 256), 4, 8, 128, 64, Schedule(3e-4, warmup=500)),
}


def build(preset: Preset) -> Any:
    """An untrained autoencoder of factor 2^(levels - 1) = 8."""
    levels = len(preset.widths)
    network: Any = AutoencoderKL
    model = network(
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D",) * levels,
        up_block_types=("UpDecoderBlock2D",) * levels,
        block_out_channels=preset.widths,
        layers_per_block=1,
        latent_channels=preset.latent_channels,
        norm_num_groups=preset.groups,
        mid_block_add_attention=False,
        scaling_factor=1.0,
    )
    with torch.no_grad():
        model.quant_conv.bias[preset.latent_channels :] = INITIAL_LOG_VARIANCE
        model.quant_conv.weight[preset.latent_channels :] *= 0.1
    return model.to(memory_format=torch.channels_last)


def losses(model: Any, pixels: torch.Tensor) -> Losses:
    """L1 + squared error per value, and KL, for pixels [N, 3, H, W] in [-1, 1]."""
    with torch.autocast(pixels.device.type, torch.bfloat16):
        posterior = model.encode(pixels).latent_dist
        rebuilt = model.decode(posterior.sample()).sample
    error = rebuilt.float() - pixels
    l1, squared = error.abs().mean(), error.square().mean()
    kl = posterior.kl().float().mean() / pixels[0].numel()
    return {"loss": l1 + squared + KL_WEIGHT * kl, "l1": l1, "psnr": 10 * torch.log10(4 / squared)}


def random_crops(
    bank: Bank, rng: np.random.Generator, batch: int, crop: int, device: torch.device
) -> torch.Tensor:
    """Crops [batch, 3, crop, crop] in [-1, 1] of random pictures and places, half flipped."""
    count, height, width = bank.pictures.shape[:3]
    pixels = np.empty((batch, crop, crop, 3), np.uint8)
    for i, index in enumerate(rng.integers(count, size=batch)):
        top = rng.integers(height - crop + 1)
        left = rng.integers(width - crop + 1)
        patch = bank.pictures[index, top : top + crop, left : left + crop]
        pixels[i] = patch[:, ::-1] if rng.random() < 0.5 else patch
    return to_tensor(pixels, device).to(memory_format=torch.channels_last)


def train(
    out: Path,
    bank: Bank,
    held_out: Bank,
    preset_name: str,
    *,
    minutes: float,
    resume: bool,
    device: torch.device,
    seed: int = 0,
) -> dict[str, float]:
    """Train in `out`, export the EMA weights to `out/vae` and return the held-out figures."""
    preset = PRESETS[preset_name]
    model = build(preset)
    run = Run(out, model, preset.schedule, minutes=minutes, resume=resume, device=device)
    rng = np.random.default_rng([seed, run.step])
    report = for_each_minutes(run, 5.0, lambda: _report(run, model, held_out))
    for _ in run:
        run.update(losses(model, random_crops(bank, rng, preset.batch, preset.crop, device)))
        report()
    with run.averaged():
        _set_scaling_factor(model, bank, device)
        figures = evaluate(model, held_out, out / "samples.png")
        figures |= {"steps": run.step, "seed": seed}
        model.save_pretrained(out / "vae")
    (out / "figures.json").write_text(json.dumps(figures, indent=2) + "\n")
    return figures


@torch.no_grad()
def evaluate(model: Any, bank: Bank, sheet: Path | None = None) -> dict[str, float]:
    """Mean PSNR in dB on the first 64 whole pictures of `bank`; a sheet of 8 pairs if asked."""
    device = model.device
    pictures = np.asarray(bank.pictures[:64])
    rebuilt = []
    for start in range(0, len(pictures), 16):
        pixels = to_tensor(pictures[start : start + 16], device)
        output = model.decode(model.encode(pixels).latent_dist.mode()).sample
        rebuilt.append(((output.clamp(-1, 1) + 1) * 127.5).round().byte().cpu())
    result = torch.cat(rebuilt).permute(0, 2, 3, 1).numpy()
    squared = np.square(result.astype(np.float64) - pictures).mean(axis=(1, 2, 3))
    if sheet is not None:
        rows = [np.hstack(list(pictures[:8])), np.hstack(list(result[:8]))]
        cv2.imwrite(str(sheet), np.vstack(rows)[..., ::-1])
    return {"psnr": float(np.mean(10 * np.log10(255.0**2 / np.maximum(squared, 1e-3))))}


@torch.no_grad()
def _set_scaling_factor(model: Any, bank: Bank, device: torch.device) -> None:
    """Scale latents to unit standard deviation (section G of the paper)."""
    pixels = to_tensor(np.asarray(bank.pictures[:256:2]), device)
    modes = [model.encode(part).latent_dist.mode() for part in pixels.split(16)]
    deviation = torch.cat(modes).square().mean().sqrt().item()
    model.register_to_config(scaling_factor=round(1.0 / deviation, 6))
    if not math.isfinite(deviation) or deviation == 0.0:
        raise ValueError("the latents have no spread")


def _report(run: Run, model: Any, held_out: Bank) -> None:
    with run.averaged():
        figures = evaluate(model, held_out, run.folder / "samples.png")
    print(f"held-out PSNR {figures['psnr']:.2f} dB at step {run.step}", flush=True)
