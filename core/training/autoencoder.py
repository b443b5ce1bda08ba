"""The first stage: an autoencoder that turns pictures into latents of factor f = 2^m.

Rombach et al. 2022 (latent diffusion), section 3.1 and appendix G. The regulariser is a KL term of
weight 1e-6 towards a unit Gaussian, or a codebook (van den Oord et al. 2017) whose entries follow
the latents and draw them, four to one. The loss is L1, a perceptual distance, the regulariser and,
once the rest has settled, a patch discriminator's judgement under an adaptive weight. Trained on
random crops, which costs a fraction of whole pictures and teaches the same local code.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderKL, VQModel
from torch import nn

from core.errors import TrainingError
from core.models.family import class_of, first_stage_of
from core.models.first_stage import encode, has_codebook, load_first_stage
from core.training.adversarial import PatchDiscriminator, adversarial_loss, balance, opponent_loss
from core.training.batches import to_tensor
from core.training.choices import Kind
from core.training.codebook import CodebookCare
from core.training.datasets.bank import Bank
from core.training.loop import Run, RunOptions, Schedule, for_each_minutes
from core.training.perceptual import load_tower
from core.training.rebuilding import evaluate, losses, rebuild

# A posterior of standard deviation exp(-3) at the start: with 1 the decoder sees noise only and
# stalls at the mean picture.
INITIAL_LOG_VARIANCE = -6.0
CONFIG_FILE = "config.json"


@dataclass(frozen=True)
class Preset:
    """Widths per level (a coarser one repeats the last), the latents' channels, and the batches.

    entries: of a codebook. judge: width and levels of the discriminator. judge_from: the share of
    the minutes after which it takes part; 1: never.
    """

    widths: tuple[int, ...]
    latent_channels: int
    groups: int
    crop: int
    batch: int
    schedule: Schedule
    entries: int = 1024
    judge: tuple[int, int] = (32, 2)
    judge_from: float = 0.5


PRESETS = {
    # Four groups: one channel per group would erase colour.
    "cpu": Preset((24, 48, 96, 128), 8, 4, 64, 12, Schedule(4e-4, warmup=200)),
    "gpu": Preset(
        (64, 128, 256, 256), 4, 8, 128, 64, Schedule(3e-4, warmup=500), 8192, judge=(64, 3)
    ),
}


@dataclass(frozen=True)
class Design:
    """What the preset leaves open. channels: of the latents; 0 = the preset's, meant for f = 8."""

    kind: Kind = Kind.KL
    factor: int = 8
    channels: int = 0

    def __post_init__(self) -> None:
        if self.factor not in (2, 4, 8, 16, 32):
            raise TrainingError(f"factor is {self.factor}; choose 2, 4, 8, 16 or 32.")


def build(preset: Preset, design: Design | None = None) -> Any:
    """An untrained autoencoder: diffusers' AutoencoderKL or VQModel."""
    design = design or Design()
    levels = design.factor.bit_length()
    widths = (*preset.widths, *(preset.widths[-1],) * levels)[:levels]
    channels = design.channels or preset.latent_channels
    kind: Any = VQModel if design.kind is Kind.VQ else AutoencoderKL
    more = {"num_vq_embeddings": preset.entries} if design.kind is Kind.VQ else {}
    model = kind(
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D",) * levels,
        up_block_types=("UpDecoderBlock2D",) * levels,
        block_out_channels=widths,
        layers_per_block=1,
        latent_channels=channels,
        norm_num_groups=preset.groups,
        mid_block_add_attention=False,
        scaling_factor=1.0,
        **more,
    )
    if design.kind is Kind.KL:
        with torch.no_grad():
            model.quant_conv.bias[channels:] = INITIAL_LOG_VARIANCE
            model.quant_conv.weight[channels:] *= 0.1
    return model


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
    clip_folder: Path,
    preset: Preset,
    options: RunOptions,
    *,
    design: Design | None = None,
    start_from: Path | None = None,
    decoder_only: bool = False,
) -> dict[str, float]:
    """Train in `out`, export the EMA weights to `out/vae` and return the held-out figures.

    clip_folder: whose clip/ holds the image tower of the perceptual distance. start_from: a model
    folder, or a first stage's, whose network and weights a new run begins with; a resumed run goes
    on with its own. decoder_only: the latents stay what they are, and a denoiser of them fits on.
    Raises TrainingError as `Run` does, and where a folder is not what it should.
    """
    torch.manual_seed(options.seed)
    model = _network(out, preset, design, start_from, options.resume)
    if decoder_only:
        if start_from is None:
            raise TrainingError("a decoder alone has nothing to decode; give --start-from as well.")
        model.requires_grad_(False)
        model.decoder.requires_grad_(True)
        model.post_quant_conv.requires_grad_(True)
    else:
        model.register_to_config(scaling_factor=1.0)
    tower = load_tower(clip_folder).to(options.device)
    care = None if decoder_only or not has_codebook(model) else CodebookCare(model.quantize)
    run = Run(
        out,
        model if care is None else nn.ModuleDict({"stage": model, "care": care}),
        preset.schedule,
        options,
        opponent=PatchDiscriminator(*preset.judge),
        setup={"trained": "decoder"} if decoder_only else None,
    )
    model.save_config(out)
    fresh = run.step == 0 and start_from is None
    report = for_each_minutes(run, 5.0, lambda: _report(run, model, held_out))
    for _ in run:
        rng, noise = run.chance()
        pixels = random_crops(bank, rng, preset.batch, preset.crop, options.device)
        if care is not None and fresh:
            with torch.no_grad():
                care.begin(model.encode(pixels).latents, rng)
            fresh = False
        rebuilt = rebuild(model, pixels, noise)
        place = rng.integers(tower.config.patch_size, size=2).tolist()
        found = losses(rebuilt, pixels, tower, place)
        begun = run.opponent_steps > 0 or run.done >= preset.judge_from
        judged = begun and preset.judge_from < 1.0  # a last step may end when the time is over
        if judged:
            push = adversarial_loss(run.opponent(rebuilt.pixels))
            weight = balance(found["reconstruction"], push, model.decoder.conv_out.weight)
            found["loss"] = found["loss"] + weight * push
        if care is not None:
            assert rebuilt.codes is not None
            assert rebuilt.latents is not None
            settled = run.done > 1 - preset.schedule.decay_share
            found["used"] = care.look(rebuilt.codes, rebuilt.latents, rng, revive=not settled)
        run.update(found | {"opponent": torch.tensor(math.nan)})
        if judged:
            real, fake = run.opponent(pixels), run.opponent(rebuilt.pixels.detach())
            run.update_opponent({"opponent": opponent_loss(real, fake)})
        report()
    with run.averaged():
        if not decoder_only:
            _set_scaling_factor(model, bank)
        figures = evaluate(model, held_out, out / "samples.png")
        figures |= {"steps": run.step, "seed": options.seed}
        model.save_pretrained(out / "vae")
    (out / "figures.json").write_text(json.dumps(figures, indent=2) + "\n")
    return figures


def _network(
    out: Path, preset: Preset, design: Design | None, start_from: Path | None, resume: bool
) -> Any:
    """The run's own network where it is resumed, another's to go on from, or a new one."""
    if resume and (out / CONFIG_FILE).exists():
        kind: Any = VQModel if class_of(out) == "VQModel" else AutoencoderKL
        model = kind.from_config(kind.load_config(out / CONFIG_FILE))
    elif start_from is not None:
        folder = start_from / first_stage_of(start_from)
        folder = folder if folder.is_dir() else start_from
        if class_of(folder) not in ("AutoencoderKL", "VQModel"):
            raise TrainingError(
                f"{start_from} holds no first stage; choose a model's folder or one's own."
            )
        model = load_first_stage(folder, torch_dtype=torch.float32)
    else:
        model = build(preset, design)
    if has_codebook(model):
        # diffusers' older form weighs the two the other way round than the paper.
        model.quantize.legacy = False
    return model.to(memory_format=torch.channels_last)


@torch.no_grad()
def _set_scaling_factor(model: Any, bank: Bank) -> None:
    """Scale latents to unit standard deviation (section G of the paper)."""
    model.register_to_config(scaling_factor=1.0)
    pictures = np.asarray(bank.pictures[:256:2])
    parts = [pictures[start : start + 16] for start in range(0, len(pictures), 16)]
    latents = [encode(model, to_tensor(part, model.device)) for part in parts]
    deviation = torch.cat(latents).square().mean().sqrt().item()
    if not math.isfinite(deviation) or deviation == 0.0:
        raise TrainingError("the latents have no spread; train from new, at a lower rate.")
    model.register_to_config(scaling_factor=round(1.0 / deviation, 6))


def _report(run: Run, model: Any, held_out: Bank) -> None:
    with run.averaged():
        figures = evaluate(model, held_out, run.folder / "samples.png")
    print(f"held-out PSNR {figures['psnr']:.2f} dB at step {run.step}", flush=True)
