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

import torch
from diffusers import DDPMScheduler, UNet2DModel

from core.models.pixel_network import predict
from core.sampling.denoiser import clipped, from_network
from core.sampling.path import VariancePreserving
from core.sampling.solvers import ddim
from core.training.attention import quick_attention
from core.training.batches import to_pictures, to_tensor, write_sheet
from core.training.beginning import load_weights
from core.training.choices import Domain, Prediction, Weighting
from core.training.datasets.objects import ObjectLibrary
from core.training.datasets.single_objects import (
    held_out_pictures,
    is_held_out,
    training_batch,
)
from core.training.loop import Run, RunOptions, Schedule, for_each_minutes
from core.training.objective import Objective

SIDE, PATCH, LABELS = 64, 2, 1000
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
        num_train_timesteps=LABELS,
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


def objective(device: torch.device) -> Objective:
    """L_simple on DDPM's path."""
    bars = scheduler_config().alphas_cumprod.to(device)
    return Objective(Prediction.EPSILON, Weighting.SIMPLE, bars)


def errors(
    unet: Any, ddpm: Objective, pixels: torch.Tensor, t: torch.Tensor, eps: torch.Tensor
) -> torch.Tensor:
    """L_simple, one number for each picture. pixels, eps [N, 3, H, W]; t [N] integers."""
    x = ddpm.noised(pixels, t, eps)
    with torch.autocast(pixels.device.type, torch.bfloat16), quick_attention(pixels.device):
        output = predict(unet, x, t)
    return ddpm.errors(output, pixels, t, eps)


def train(
    out: Path,
    library: ObjectLibrary,
    preset: Preset,
    options: RunOptions,
    domain: Domain = Domain.ALL,
    start_from: Path | None = None,
) -> dict[str, float]:
    """Train in `out` on the library's objects; leave the EMA weights as the model `out/model`.

    domain: of the objects. start_from: a model or run whose unet a new run begins with. Returns
    steps, seed and the held-out loss. samples.png and validation.csv are written as it runs.
    Raises TrainingError as `Run` does.
    """
    torch.manual_seed(options.seed)
    unet = build(preset)
    if start_from is not None:
        load_weights(type(unet), unet, start_from / "unet")
    setup = {} if domain is Domain.ALL else {"domain": str(domain)}
    run = Run(out, unet, preset.schedule, options, muon_without=ADAMW_LAYERS, setup=setup)
    known = [name for name in library.specs if not is_held_out(name)]
    ddpm = objective(options.device)
    judge = _Judge(library, ddpm)
    report = for_each_minutes(run, 15.0, lambda: judge.look(run, unet))
    for _ in run:
        rng, noise = run.chance()
        batch = training_batch(known, library, rng, preset.batch, SIDE)
        pixels = to_tensor(batch, options.device)
        t = torch.from_numpy(rng.integers(LABELS, size=preset.batch)).to(options.device)
        eps = torch.randn(pixels.shape, generator=noise).to(options.device)
        run.update({"loss": errors(unet, ddpm, pixels, t, eps).mean()})
        report()
    judge.look(run, unet)
    with run.averaged():
        export(unet, out / "model")
    figures = {
        "steps": float(run.step),
        "seed": float(options.seed),
        "held_out_loss": judge.loss,
    }
    (out / "figures.json").write_text(json.dumps(figures, indent=2) + "\n")
    return figures


def export(unet: Any, folder: Path) -> None:
    """Write the model in float16: unet and scheduler, which `core.models` reads."""
    copy.deepcopy(unet).half().save_pretrained(folder / "unet")
    scheduler_config().save_pretrained(folder / "scheduler")


class _Judge:
    """The held-out loss at fixed labels and noise, and samples at fixed noise."""

    def __init__(self, library: ObjectLibrary, ddpm: Objective) -> None:
        held = sum(is_held_out(name) for name in library.specs)
        pictures = held_out_pictures(library, min(JUDGED, held), SIDE)
        self.pixels = to_tensor(pictures, ddpm.alpha_bars.device)
        self.objective = ddpm
        self.path = VariancePreserving(ddpm.alpha_bars.double().cpu(), spacing="trailing")
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
                found = errors(unet, self.objective, self.pixels, t, eps)
                total += float(found.mean()) / 10
            x = torch.randn(32, 3, SIDE, SIDE, generator=generator).to(device)

            plain = from_network(lambda x, t: predict(unet, x, t), "epsilon", self.path)
            walk = self.path.timesteps(SAMPLE_STEPS)
            with torch.autocast(device.type, torch.bfloat16):
                for state in ddim(
                    clipped(plain, self.path), self.path, x, walk, eta=1.0, generator=generator
                ):
                    x = state.x
        write_sheet(run.folder / "samples.png", to_pictures(x), 8)
        run.note_held_out(total)
        self.loss = total
