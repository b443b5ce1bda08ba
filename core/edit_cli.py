"""`sfumato edit`: one picture or many, from options or from a file of jobs."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from core import options
from core.batch_cli import Wanted, edit_all, pictures_in, results, variation_files
from core.console import (
    checked_out,
    complain,
    free_name,
    load_model,
    run_all,
    save_result,
    say,
    summary,
)
from core.edit_spec import EditJob, EditSpec, spec_from
from core.errors import RequestError
from core.imaging.image import Picture
from core.inversion import cli as inversion
from core.jobs_file import read_jobs
from core.models.library import ModelLibrary
from core.models.members import doer
from core.request import EditRequest

_PIXELS = "extend: new pixels on this side."


def mount(app: typer.Typer) -> None:
    """Give `app` the command."""
    app.command()(edit)


def edit(
    pictures: Annotated[
        list[Path] | None,
        typer.Argument(help="Pictures, documents (.sfumato, .ora, .psd) or folders; they stay."),
    ] = None,
    job: Annotated[
        EditJob | None,
        typer.Option(help="Fill a mask, remove what is under it, extend, swap prompts, restyle."),
    ] = None,
    method: Annotated[
        str, typer.Option(help="How, by the paper's name; for swap auto by default.")
    ] = "",
    mask: Annotated[
        Path | None,
        typer.Option(
            help="A picture of the same size: white = edit, black = keep; or a folder of "
            "masks with the pictures' names."
        ),
    ] = None,
    source: Annotated[str, typer.Option(help="What the picture shows (for swap).")] = "",
    target: Annotated[
        list[str] | None,
        typer.Option(help="What it should become (for swap); several = a result for each."),
    ] = None,
    prompt: Annotated[
        str, typer.Option(help="What there should be (for fill, extend, restyle).")
    ] = "",
    inversion_strength: Annotated[
        float | None, typer.Option(help="swap: 0 = the same picture, 1 = free.")
    ] = None,
    strength: Annotated[
        float | None, typer.Option(help="fill, restyle: 0 keeps the old content, 1 forgets it.")
    ] = None,
    left: Annotated[int, typer.Option(min=0, help=_PIXELS)] = 0,
    right: Annotated[int, typer.Option(min=0, help=_PIXELS)] = 0,
    top: Annotated[int, typer.Option(min=0, help=_PIXELS)] = 0,
    bottom: Annotated[int, typer.Option(min=0, help=_PIXELS)] = 0,
    ratio: Annotated[
        str, typer.Option(help="extend: to this shape, as 16:9, 9:16, A4 or phone.")
    ] = "",
    steps: options.StepsOption = EditRequest.steps,
    guidance_scale: options.GuidanceOption = EditRequest.guidance_scale,
    seed: options.SeedOption = EditRequest.seed,
    variations: Annotated[
        int, typer.Option(help="Results of each edit, 1 to 16; with seeds one after the other.")
    ] = EditRequest.variations,
    model: options.ModelOption = EditRequest.model,
    device: options.DeviceOption = "auto",
    dtype: options.DtypeOption = "auto",
    extra: options.SetOption = None,
    code: Annotated[
        Path | None, typer.Option(help="swap: the picture's code, from `sfumato invert`.")
    ] = None,
    jobs: Annotated[
        Path | None,
        typer.Option(
            help="Many edits, a JSON object a line with these options' names; paths are seen from "
            "the file. Results that are there are skipped, so a stopped run goes on."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Where to save: .png (with recipe), ...; a folder for several results."),
    ] = None,
) -> None:
    """Edit pictures: nothing outside the mask and its blend band changes."""
    targets = target or [prompt]
    if prompt and targets != [prompt]:
        raise RequestError("--prompt and --target say two things; give one of them.")
    given: dict[str, Any] = {
        "method": method,
        "mask": mask,
        "source": source,
        "inversion_strength": inversion_strength,
        "strength": strength,
        "left": left,
        "right": right,
        "top": top,
        "bottom": bottom,
        "ratio": ratio,
        "steps": steps,
        "guidance_scale": guidance_scale,
        "seed": seed,
        "variations": variations,
        "model": model,
        "settings": options.pairs(extra),
    }
    if jobs is not None:
        if pictures or code is not None or len(targets) > 1:
            raise RequestError("--jobs names its own pictures and words; leave the others out.")
        if job is not None:
            given["job"] = job
        specs = read_jobs(jobs, {**given, "target": targets[0]})
        _make_all(results(specs, _folder(out) if out else jobs.parent), device, dtype)
        return
    if not pictures:
        raise typer.BadParameter("name a picture, or give --jobs FILE.", param_hint="PICTURES")
    if job is None:
        raise typer.BadParameter("say what to do.", param_hint="--job")
    files = pictures_in(pictures)
    specs = [
        spec_from({**given, "picture": file, "job": job, "target": words}, "the command")
        for file in files
        for words in targets
    ]
    if len(specs) == 1 and files == pictures:
        _make_one(specs[0], out, device, dtype, code)
        return
    if code is not None:
        raise RequestError("--code is one picture's and goes with one target; leave it out.")
    if out is None:
        raise RequestError("several results need a folder; give --out FOLDER.")
    _make_all(results(specs, _folder(out)), device, dtype)


def run_and_save(
    request: EditRequest,
    source: Picture | None,
    target: Path,
    device: str,
    dtype: str,
    code: Path | None = None,
) -> None:
    """Run the edit, save its result (several with numbers in their names), say what was done."""
    inversions = None if code is None else inversion.offered(code)
    library = ModelLibrary()
    name = doer(type(request.settings), request.model, library.find())
    model = load_model(library, name, device, dtype)
    found = run_all(request, model, inversions)
    for finished, file in zip(found, variation_files(target, len(found)), strict=True):
        save_result(finished, source, file)
        say(str(file))
        for line in summary(finished, model):
            say(line)
    if inversions is not None and inversions.unused:
        complain(f"--code was not needed: {request.settings.name} inverted nothing.")


def _make_one(spec: EditSpec, out: Path | None, device: str, dtype: str, code: Path | None) -> None:
    request, shown = spec.request()
    default = free_name(spec.picture.with_name(f"{spec.picture.stem}-{spec.job.value}.png"))
    run_and_save(request, shown, checked_out(out or default, spec.picture), device, dtype, code)


def _make_all(wanted: list[Wanted], device: str, dtype: str) -> None:
    library = ModelLibrary()
    models = library.find()
    wanted = [replace(one, spec=one.spec.addressed(models)) for one in wanted]
    edit_all(wanted, lambda name: load_model(library, name, device, dtype))


def _folder(out: Path) -> Path:
    if not out.is_dir() and (out.suffix or out.exists()):
        raise RequestError("several results need a folder; give --out FOLDER.")
    return out
