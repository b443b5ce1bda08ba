"""The starter models out of the packages, command after command, in the time that there is.

Each part has its share of the minutes. What is finished is not made again, and what was stopped
goes on, so the same command leads on after an interruption.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from core.training import autoencoder, clip, latent_diffusion, pixel_diffusion
from core.training.assemble import assemble
from core.training.choices import Conditioning, World
from core.training.datasets.bank import build_bank
from core.training.datasets.objects import open_library
from core.training.datasets.single_objects import open_single_objects
from core.training.loop import RunOptions

SHARES = {
    "clip": 0.15,
    "autoencoder": 0.2,
    "denoiser": 0.3,
    "inpaint": 0.1,
    "upscale": 0.1,
    "pixels": 0.15,
}
"""Of the minutes, in this order; each is the name of a run's folder."""
HELD_OUT = 500
SCENES_A_MINUTE = 600
"""More scenes than this are not looked at often enough in the time to be worth drawing."""


def train_starter(
    out: Path,
    preset: str,
    options: RunOptions,
    scenes: int,
    side: int,
    packages: Path | None = None,
    world: World = "rich",
) -> list[Path]:
    """The models' folders, in `out/models`, after `options.minutes` of training in all.

    They are starter, starter-inpaint, starter-upscale and starter-pixels. scenes, side: of the bank
    at the most, and in pixels; a short training gets fewer scenes. packages: folder with the
    tarballs; None brings them. world: of the scenes. Raises DataError, TrainingError.
    """
    library = open_library(packages)
    count = min(scenes, max(HELD_OUT, round(SCENES_A_MINUTE * options.minutes)))
    bank, workers = out / "bank", os.cpu_count() or 1
    seen = build_bank(bank / "train", count, side, 2026, library, "train", workers, world=world)
    held_out = build_bank(bank / "held-out", HELD_OUT, side, 1, library, "held_out", world=world)
    towers, stage = out / "clip", out / "autoencoder" / "vae"

    def run(name: str, train: Callable[[RunOptions], object]) -> None:
        minutes = SHARES[name] * options.minutes
        if (out / name / "figures.json").exists():
            print(f"{name} is there", flush=True)
            return
        print(f"{name}: {minutes:.1f} min", flush=True)
        train(replace(options, minutes=minutes, resume=True))

    def denoiser(name: str, conditioning: Conditioning, own: RunOptions) -> None:
        latent_diffusion.train(
            out / name,
            seen,
            stage,
            towers,
            latent_diffusion.PRESETS[preset],
            own,
            aim=latent_diffusion.Aim(conditioning),
            start_from=None if conditioning is Conditioning.TEXT else out / "denoiser",
            objects=lambda: library,
            kept=bank,
            held_out=held_out,
        )

    run("clip", lambda own: clip.train(towers, seen, held_out, clip.PRESETS[preset], own))
    chosen = autoencoder.PRESETS[preset]
    run(
        "autoencoder",
        lambda own: autoencoder.train(stage.parent, seen, held_out, towers, chosen, own),
    )
    run("denoiser", partial(denoiser, "denoiser", Conditioning.TEXT))
    run("inpaint", partial(denoiser, "inpaint", Conditioning.INPAINT))
    run("upscale", partial(denoiser, "upscale", Conditioning.UPSCALE))
    objects, plain = open_single_objects(packages), pixel_diffusion.PRESETS[preset]
    run("pixels", lambda own: pixel_diffusion.train(out / "pixels", objects, plain, own))
    models = out / "models"
    for name, part in (
        ("starter", "denoiser"),
        ("starter-inpaint", "inpaint"),
        ("starter-upscale", "upscale"),
    ):
        assemble(stage, towers, out / part, models / name, with_clip=name == "starter")
    pixels = models / "starter-pixels"
    shutil.copytree(out / "pixels" / "model", pixels, dirs_exist_ok=True)
    return [models / "starter", models / "starter-inpaint", models / "starter-upscale", pixels]
