"""`sfumato train ...`: one command for each part of the starter model, each limited in time.

sfumato train data                       the captioned scenes (once; kept in the user's cache)
sfumato train clip --out C               text and image towers, and the tokenizer
sfumato train autoencoder --out A --clip C                     first stage
sfumato train denoiser --out D --vae A/vae --clip C
sfumato train assemble --vae A/vae --clip C --denoiser D --out MODEL
sfumato train starter --out S            all of these, one after the other, within --minutes

Members that begin with a model's weights, and models that need none of the others:

sfumato train denoiser --conditioning inpaint --start-from MODEL ...
sfumato train clip --noised --out N      towers that guide the pixel model
sfumato train pixels --out P             the pixel model; --domain animals or food
"""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import platformdirs
import typer

import resources
from core.errors import TrainingError
from core.training.choices import Conditioning, Domain, Kind, Prediction, Weighting, World

if TYPE_CHECKING:
    from core.training.datasets.bank import Bank
    from core.training.loop import RunOptions

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
RateOption = Annotated[
    float | None, typer.Option(min=0, help="Highest learning rate; default: the preset's.")
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
    clip: Annotated[
        Path | None,
        typer.Option(help="OUT of `train clip`, for the perceptual loss; else the starter's."),
    ] = None,
    kind: Annotated[Kind, typer.Option(help="A KL term, or a codebook (VQ).")] = Kind.KL,
    factor: Annotated[int, typer.Option(help="Pixels per latent: 2, 4, 8, 16 or 32.")] = 8,
    channels: Annotated[int, typer.Option(min=0, help="Of latents; 0 = the preset's.")] = 0,
    judge_from: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Share of the minutes before the discriminator; 1: never."),
    ] = None,
    start_from: Annotated[
        Path | None, typer.Option(help="A model or first stage that a new run goes on from.")
    ] = None,
    decoder_only: Annotated[
        bool, typer.Option("--decoder-only", help="Leave the latents as --start-from has them.")
    ] = False,
    preset: PresetOption = "cpu",
    minutes: MinutesOption = 40.0,
    resume: ResumeOption = False,
    threads: ThreadsOption = 0,
    bank: BankOption = None,
    learning_rate: RateOption = None,
    seed: SeedOption = 0,
) -> None:
    """Train the first stage; leaves OUT/vae, samples.png, curve.png, figures.json."""
    options = _options(minutes, resume, threads, seed, learning_rate)
    from core.training import autoencoder as trainer

    chosen = trainer.PRESETS[_known(preset)]
    figures = trainer.train(
        out,
        *_banks(bank, preset),
        clip or Path(resources.__file__).parent / "models" / "starter",
        chosen if judge_from is None else replace(chosen, judge_from=judge_from),
        options,
        design=trainer.Design(kind, factor, channels),
        start_from=start_from,
        decoder_only=decoder_only,
    )
    _tell(out / "vae", figures)


@app.command()
def clip(
    out: OutOption,
    noised: Annotated[
        bool, typer.Option("--noised", help="On noised pictures, to guide the pixel model.")
    ] = False,
    start_from: Annotated[
        Path | None, typer.Option(help="A model or run whose words and towers a new run goes on.")
    ] = None,
    preset: PresetOption = "cpu",
    minutes: MinutesOption = 30.0,
    resume: ResumeOption = False,
    threads: ThreadsOption = 0,
    bank: BankOption = None,
    learning_rate: RateOption = None,
    seed: SeedOption = 0,
) -> None:
    """Train the text and image towers; leaves OUT/clip, OUT/tokenizer, figures.json."""
    options = _options(minutes, resume, threads, seed, learning_rate)
    from core.training import clip as trainer

    chosen = trainer.PRESETS[_known(preset)]
    scenes, held_out = _banks(bank, preset)
    figures = trainer.train(
        out, scenes, held_out, chosen, options, noised=noised, start_from=start_from
    )
    _tell(out / "clip", figures)


@app.command()
def denoiser(
    out: OutOption,
    vae: Annotated[Path, typer.Option(help="The first stage: OUT/vae of `train autoencoder`.")],
    clip: Annotated[Path, typer.Option(help="OUT of `train clip`.")],
    conditioning: Annotated[
        Conditioning, typer.Option(help="What it reads besides the prompt.")
    ] = Conditioning.TEXT,
    prediction: Annotated[Prediction, typer.Option(help="What it predicts.")] = Prediction.V,
    loss: Annotated[
        Weighting | None,
        typer.Option(
            help="Weight of the noise levels; default: min-snr-plus-1 for v, else simple."
        ),
    ] = None,
    scale: Annotated[int, typer.Option(help="upscale: how many times larger, 2 or 4.")] = 4,
    start_from: Annotated[
        Path | None,
        typer.Option(
            help="A model or run whose unet and text_encoder a new run begins with; a unet for "
            "text is widened for what else it shall read."
        ),
    ] = None,
    preset: PresetOption = "cpu",
    minutes: MinutesOption = 60.0,
    resume: ResumeOption = False,
    threads: ThreadsOption = 0,
    bank: BankOption = None,
    learning_rate: RateOption = None,
    seed: SeedOption = 0,
    packages: PackagesOption = None,
) -> None:
    """Train the latent denoiser with its text tower.

    Leaves OUT/unet, OUT/text_encoder, OUT/scheduler, samples.png and figures.json.
    """
    options = _options(minutes, resume, threads, seed, learning_rate)
    from core.training import latent_diffusion as trainer
    from core.training.datasets.objects import open_library

    plain = Weighting.MIN_SNR_PLUS_1 if prediction is Prediction.V else Weighting.SIMPLE
    scenes, held_out = _banks(bank, preset)
    figures = trainer.train(
        out,
        scenes,
        vae,
        clip,
        trainer.PRESETS[_known(preset)],
        options,
        aim=trainer.Aim(conditioning, prediction, loss or plain, scale),
        start_from=start_from,
        objects=lambda: open_library(packages),
        kept=_bank_folder(bank, preset),
        held_out=held_out,
    )
    _tell(out / "unet", figures)


@app.command()
def pixels(
    out: OutOption,
    domain: Annotated[Domain, typer.Option(help="What it is to know.")] = Domain.ALL,
    start_from: Annotated[
        Path | None, typer.Option(help="A pixel model that a new run begins with.")
    ] = None,
    preset: PresetOption = "cpu",
    minutes: MinutesOption = 80.0,
    resume: ResumeOption = False,
    threads: ThreadsOption = 0,
    learning_rate: RateOption = None,
    seed: SeedOption = 0,
    packages: PackagesOption = None,
) -> None:
    """Train the pixel model (a DDPM at 64 px); leaves OUT/model, samples.png, curve.png."""
    options = _options(minutes, resume, threads, seed, learning_rate)
    from core.training import pixel_diffusion as trainer
    from core.training.datasets.single_objects import open_single_objects

    library = open_single_objects(packages, domain)
    chosen = trainer.PRESETS[_known(preset)]
    figures = trainer.train(out, library, chosen, options, domain, start_from)
    _tell(out / "model", figures)


@app.command()
def starter(
    out: Annotated[Path, typer.Option(help="Of all runs; the models will be in OUT/models.")],
    preset: PresetOption = "cpu",
    minutes: Annotated[float, typer.Option(min=0.2, help="Of training, for all parts.")] = 300.0,
    threads: ThreadsOption = 0,
    scenes: ScenesOption = 0,
    packages: PackagesOption = None,
    world: WorldOption = "rich",
    learning_rate: RateOption = None,
    seed: SeedOption = 0,
) -> None:
    """Make the starter models out of the packages; goes on where it was stopped."""
    options = _options(minutes, True, threads, seed, learning_rate)
    from core.training.starter import train_starter

    count, side = BANKS[_known(preset)]
    for model in train_starter(out, preset, options, scenes or count, side, packages, world):
        typer.echo(str(model))


@app.command()
def assemble(
    vae: Annotated[Path, typer.Option(help="OUT/vae of `train autoencoder`.")],
    clip: Annotated[Path, typer.Option(help="OUT of `train clip`.")],
    denoiser: Annotated[Path, typer.Option(help="OUT of `train denoiser`.")],
    out: Annotated[Path, typer.Option(help="The model's folder; must not exist or be a model.")],
    member: Annotated[
        bool, typer.Option("--member", help="Leave CLIP out, which the family's first model has.")
    ] = False,
) -> None:
    """Put the parts together as one model folder in Stable Diffusion layout, in float16."""
    from core.training.assemble import assemble as build

    build(vae, clip, denoiser, out, with_clip=not member)
    typer.echo(str(out))


def _options(
    minutes: float, resume: bool, threads: int, seed: int, learning_rate: float | None
) -> "RunOptions":
    """Set the threads and choose the device, before and after torch comes in."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import torch

    from core.training.loop import RunOptions

    torch.set_num_threads(threads or os.cpu_count() or 1)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return RunOptions(minutes, resume, device, seed, learning_rate=learning_rate)


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
