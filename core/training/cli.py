"""`sfumato train ...`: one command for each part of the starter model, each limited in time.

sfumato train data                       the captioned scenes (once; kept in the user's cache)
sfumato train autoencoder --out A        first stage
sfumato train clip --out C               text and image towers, and the tokenizer
sfumato train denoiser --out D --vae A/vae --clip C
sfumato train assemble --vae A/vae --clip C --denoiser D --out MODEL
sfumato train pixels --out P             the pixel model, which needs none of the others
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import platformdirs
import typer

from core.errors import TrainingError
from core.training.datasets.worlds import World

if TYPE_CHECKING:
    import torch

    from core.training.datasets.bank import Bank

app = typer.Typer(no_args_is_help=True, help="Train the parts of a starter model.")

# Scenes for training and their side in pixels, per preset.
BANKS = {"cpu": (40_000, 128), "gpu": (200_000, 256)}
HELD_OUT = 500

PresetOption = Annotated[str, typer.Option(help="cpu: two cores, 128 px. gpu: one card, 256 px.")]
MinutesOption = Annotated[float, typer.Option(min=0.05, help="Stop after so many minutes.")]
OutOption = Annotated[Path, typer.Option(help="Folder of this run.")]
ResumeOption = Annotated[bool, typer.Option(help="Go on where the run in the folder stopped.")]
ThreadsOption = Annotated[int, typer.Option(min=0, help="CPU threads; 0 = all cores.")]
BankOption = Annotated[
    Path | None, typer.Option(help="Folder of the scenes; default: the user's cache.")
]
ScenesOption = Annotated[int, typer.Option(min=0, help="Scenes to make; 0 = the preset's.")]
PackagesOption = Annotated[
    Path | None, typer.Option(help="Folder with the npm tarballs, when already at hand.")
]
WorldOption = Annotated[
    World, typer.Option(help="plain: things on grounds. rich: also places, light, colours, depth.")
]
SeedOption = Annotated[int, typer.Option(min=0, help="Fixes data order and noise.")]


@app.command()
def data(
    preset: PresetOption = "cpu",
    bank: BankOption = None,
    scenes: ScenesOption = 0,
    packages: PackagesOption = None,
    world: WorldOption = "rich",
) -> None:
    """Compose and render the scenes that the other commands learn from."""
    from core.training.datasets.bank import build_bank
    from core.training.datasets.objects import open_library

    count, side = BANKS[_known(preset)]
    folder = _bank_folder(bank, preset)
    library = open_library(packages)
    workers = os.cpu_count() or 1
    count = scenes or count
    build_bank(folder / "train", count, side, 2026, library, "train", workers, world=world)
    build_bank(folder / "held-out", HELD_OUT, side, 1, library, "held_out", world=world)
    typer.echo(str(folder))


@app.command()
def autoencoder(
    out: OutOption,
    preset: PresetOption = "cpu",
    minutes: MinutesOption = 40.0,
    resume: ResumeOption = False,
    threads: ThreadsOption = 0,
    bank: BankOption = None,
    seed: SeedOption = 0,
) -> None:
    """Train the first stage; leaves OUT/vae, samples.png, curve.png, figures.json."""
    device = _prepare(threads)
    from core.training import autoencoder as trainer

    banks = _banks(bank, preset)
    figures = trainer.train(
        out, *banks, preset, minutes=minutes, resume=resume, device=device, seed=seed
    )
    _tell(out / "vae", figures)


@app.command()
def clip(
    out: OutOption,
    preset: PresetOption = "cpu",
    minutes: MinutesOption = 30.0,
    resume: ResumeOption = False,
    threads: ThreadsOption = 0,
    bank: BankOption = None,
    seed: SeedOption = 0,
) -> None:
    """Train the text and image towers; leaves OUT/clip, OUT/tokenizer, figures.json."""
    device = _prepare(threads)
    from core.training import clip as trainer

    banks = _banks(bank, preset)
    figures = trainer.train(
        out, *banks, preset, minutes=minutes, resume=resume, device=device, seed=seed
    )
    _tell(out / "clip", figures)


@app.command()
def denoiser(
    out: OutOption,
    vae: Annotated[Path, typer.Option(help="The first stage: OUT/vae of `train autoencoder`.")],
    clip: Annotated[Path, typer.Option(help="OUT of `train clip`.")],
    start_from: Annotated[
        Path | None,
        typer.Option(help="A model or run whose unet and text_encoder a new run begins with."),
    ] = None,
    preset: PresetOption = "cpu",
    minutes: MinutesOption = 60.0,
    resume: ResumeOption = False,
    threads: ThreadsOption = 0,
    bank: BankOption = None,
    seed: SeedOption = 0,
) -> None:
    """Train the latent denoiser with its text tower.

    Leaves OUT/unet, OUT/text_encoder, OUT/scheduler, samples.png and figures.json.
    """
    device = _prepare(threads)
    from core.training import latent_diffusion as trainer

    scenes, _ = _banks(bank, preset)
    figures = trainer.train(
        out,
        scenes,
        vae,
        clip,
        preset,
        minutes=minutes,
        resume=resume,
        device=device,
        seed=seed,
        start_from=start_from,
    )
    _tell(out / "unet", figures)


@app.command()
def pixels(
    out: OutOption,
    preset: PresetOption = "cpu",
    minutes: MinutesOption = 80.0,
    resume: ResumeOption = False,
    threads: ThreadsOption = 0,
    seed: SeedOption = 0,
    packages: PackagesOption = None,
) -> None:
    """Train the pixel model (a DDPM at 64 px); leaves OUT/model, samples.png, curve.png."""
    device = _prepare(threads)
    from core.training import pixel_diffusion as trainer
    from core.training.datasets.single_objects import open_single_objects

    figures = trainer.train(
        out,
        open_single_objects(packages),
        _known(preset),
        minutes=minutes,
        resume=resume,
        device=device,
        seed=seed,
    )
    _tell(out / "model", figures)


@app.command()
def assemble(
    vae: Annotated[Path, typer.Option(help="OUT/vae of `train autoencoder`.")],
    clip: Annotated[Path, typer.Option(help="OUT of `train clip`.")],
    denoiser: Annotated[Path, typer.Option(help="OUT of `train denoiser`.")],
    out: Annotated[Path, typer.Option(help="The model's folder; must not exist or be a model.")],
) -> None:
    """Put the parts together as one model folder in Stable Diffusion layout, in float16."""
    from core.training.assemble import assemble as build

    build(vae, clip, denoiser, out)
    typer.echo(str(out))


def _prepare(threads: int) -> "torch.device":
    """Set the threads and choose the device, before and after torch comes in."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import torch

    torch.set_num_threads(threads or os.cpu_count() or 1)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _bank_folder(bank: Path | None, preset: str) -> Path:
    cache = Path(platformdirs.user_cache_dir("sfumato")) / "datasets"
    return bank or cache / f"scenes-{preset}"


def _banks(bank: Path | None, preset: str) -> "tuple[Bank, Bank]":
    """The scenes to learn from and the held-out ones."""
    from core.training.datasets.bank import load_bank

    folder = _bank_folder(bank, _known(preset))
    return load_bank(folder / "train"), load_bank(folder / "held-out")


def _known(preset: str) -> str:
    if preset not in BANKS:
        raise TrainingError(f"there is no preset {preset}; choose {' or '.join(BANKS)}.")
    return preset


def _tell(folder: Path, figures: dict[str, float]) -> None:
    shown = "  ".join(f"{name} {value:.4g}" for name, value in figures.items())
    typer.echo(f"{folder}: {shown}")
