"""The pixel model: a DDPM without words on single objects.

Ho et al. 2020: T = 1000, linear betas from 1e-4 to 0.02, epsilon prediction, L_simple (equation
14). The network reads the picture as blocks of 2 x 2 pixels, 12 channels at half the side: an
orthogonal change of order, which keeps the noise's law and leaves out the level that costs most.
"""

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from diffusers import DDPMScheduler, UNet2DModel

from core.models.pixel_network import predict
from core.sampling.denoiser import clipped, from_network
from core.sampling.path import VariancePreserving
from core.sampling.solvers import ddim
from core.training.batches import to_tensor
from core.training.datasets.objects import ObjectLibrary
from core.training.datasets.single_objects import (
    held_out_pictures,
    is_held_out,
    training_batch,
)
from core.training.loop import Losses, Run, Schedule, for_each_minutes

SIDE, PATCH = 64, 2
ADAMW_LAYERS = ("conv_in", "conv_out")
JUDGED = 48
"""Held-out pictures that the validation loss is taken on, at ten labels each."""
SAMPLE_STEPS = 60


@dataclass(frozen=True)
class Preset:
    """Widths per level, resnets per level, channels per attention head, batch and schedule."""

    widths: tuple[int, ...]
    layers: int
    head: int
    groups: int
    batch: int
    schedule: Schedule


PRESETS = {
    "cpu": Preset((64, 96, 128), 1, 32, 16, 32, Schedule(8e-4, 200, 0.35, ema_decay=0.998)),
    "gpu": Preset((128, 192, 256), 2, 32, 32, 256, Schedule(5e-4, 500, 0.35, ema_decay=0.9995)),
}


def scheduler_config() -> Any:
    """DDPM's noise schedule, as a diffusers configuration."""
    return DDPMScheduler(
        num_train_timesteps=1000,
        beta_start=1e-4,
        beta_end=0.02,
        beta_schedule="linear",
        timestep_spacing="trailing",
        prediction_type="epsilon",
    )


def build(preset: Preset) -> Any:
    """An untrained UNet with self-attention at the coarsest level."""
    others = len(preset.widths) - 1
    network: Any = UNet2DModel
    return network(
        sample_size=SIDE // PATCH,
        in_channels=3 * PATCH**2,
        out_channels=3 * PATCH**2,
        down_block_types=("DownBlock2D",) * others + ("AttnDownBlock2D",),
        up_block_types=("AttnUpBlock2D",) + ("UpBlock2D",) * others,
        block_out_channels=preset.widths,
        layers_per_block=preset.layers,
        attention_head_dim=preset.head,
        norm_num_groups=preset.groups,
    ).to(memory_format=torch.channels_last)


def loss(
    unet: Any, alpha_bars: torch.Tensor, pixels: torch.Tensor, t: torch.Tensor, eps: torch.Tensor
) -> torch.Tensor:
    """L_simple, one number for each picture. pixels, eps [N, 3, H, W]; t [N] integers."""
    bar = alpha_bars[t].view(-1, 1, 1, 1)
    x = bar.sqrt() * pixels + (1 - bar).sqrt() * eps
    with torch.autocast(pixels.device.type, torch.bfloat16):
        output = predict(unet, x, t)
    return (output.float() - eps).square().mean(dim=(1, 2, 3))


def train(
    out: Path,
    library: ObjectLibrary,
    preset_name: str,
    *,
    minutes: float,
    resume: bool,
    device: torch.device,
    seed: int = 0,
    max_steps: int | None = None,
) -> dict[str, float]:
    """Train in `out`; leave the EMA weights as the model `out/model`.

    Returns steps, seed and the held-out loss. samples.png and validation.csv are written as it
    runs. Raises TrainingError as `Run` does.
    """
    preset = PRESETS[preset_name]
    scheduler = scheduler_config()
    alpha_bars = scheduler.alphas_cumprod.to(device)
    torch.manual_seed(seed)
    unet = build(preset)
    run = Run(
        out,
        unet,
        preset.schedule,
        minutes=minutes,
        resume=resume,
        max_steps=max_steps,
        device=device,
        muon_without=ADAMW_LAYERS,
    )
    known = [name for name in library.specs if not is_held_out(name)]
    judge = _Judge(library, scheduler, device)
    report = for_each_minutes(run, 15.0, lambda: judge.look(run, unet))
    for step in run:
        # Seeded anew at every step, so that a resumed run goes on as if it had not stopped.
        rng = np.random.default_rng([seed, step])
        generator = torch.Generator().manual_seed(seed * 1_000_003 + step)
        pixels = to_tensor(training_batch(known, library, rng, preset.batch, SIDE), device)
        t = torch.from_numpy(rng.integers(len(alpha_bars), size=preset.batch)).to(device)
        eps = torch.randn(pixels.shape, generator=generator).to(device)
        losses: Losses = {"loss": loss(unet, alpha_bars, pixels, t, eps).mean()}
        run.update(losses)
        report()
    judge.look(run, unet)
    with run.averaged():
        export(unet, out / "model")
    figures = {"steps": float(run.step), "seed": float(seed), "held_out_loss": judge.loss}
    (out / "figures.json").write_text(json.dumps(figures, indent=2) + "\n")
    return figures


def export(unet: Any, folder: Path) -> None:
    """Write the model in float16: unet and scheduler, which `core.models` reads."""
    copy.deepcopy(unet).half().save_pretrained(folder / "unet")
    scheduler_config().save_pretrained(folder / "scheduler")


class _Judge:
    """The held-out loss at fixed labels and noise, and samples at fixed noise."""

    def __init__(self, library: ObjectLibrary, scheduler: Any, device: torch.device) -> None:
        held = sum(is_held_out(name) for name in library.specs)
        pictures = held_out_pictures(library, min(JUDGED, held), SIDE)
        self.pixels = to_tensor(pictures, device)
        self.alpha_bars = scheduler.alphas_cumprod.to(device)
        self.path = VariancePreserving(scheduler.alphas_cumprod.double(), spacing="trailing")

        self.loss = float("nan")

    @torch.no_grad()
    def look(self, run: Run, unet: Any) -> None:
        """Take the loss, write `samples.png` (4 rows of 8), add a line to `validation.csv`."""
        device = self.pixels.device
        generator = torch.Generator().manual_seed(7)
        with run.averaged():
            total = 0.0
            for label in range(50, 1000, 100):
                t = torch.full((len(self.pixels),), label, device=device)
                eps = torch.randn(self.pixels.shape, generator=generator).to(device)
                total += float(loss(unet, self.alpha_bars, self.pixels, t, eps).mean()) / 10
            x = torch.randn(32, 3, SIDE, SIDE, generator=generator).to(device)

            plain = from_network(lambda x, t: predict(unet, x, t), "epsilon", self.path)
            walk = self.path.timesteps(SAMPLE_STEPS)
            with torch.autocast(device.type, torch.bfloat16):
                for state in ddim(
                    clipped(plain, self.path), self.path, x, walk, eta=1.0, generator=generator
                ):
                    x = state.x
        pixels = ((x.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy()
        rows = [np.hstack(list(row)) for row in pixels.reshape(4, 8, SIDE, SIDE, 3)]
        cv2.imwrite(str(run.folder / "samples.png"), np.vstack(rows)[..., ::-1])
        with (run.folder / "validation.csv").open("a") as file:
            file.write(f"{run.step},{total:.6f}\n")
        print(f"held-out loss {total:.5f} at step {run.step}", flush=True)
        self.loss = total
