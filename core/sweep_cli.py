"""`sfumato sweep`: one swap at several strengths and guidance scales, on a contact sheet."""

from pathlib import Path
from typing import Annotated, Any

import typer

from core.console import checked_out, free_name, load_model, run, save_result, say
from core.errors import RequestError
from core.imaging.image import load, save
from core.imaging.mask import load_mask
from core.models.library import ModelLibrary
from core.options import (
    DeviceOption,
    DtypeOption,
    MaskOption,
    ModelOption,
    PictureArgument,
    SetOption,
    StepsOption,
    pairs,
    settings_for,
)
from core.request import EditRequest
from core.settings import Job


def mount(app: typer.Typer) -> None:
    """Give `app` the command."""
    app.command()(sweep)


def sweep(
    picture: PictureArgument,
    target: Annotated[str, typer.Option(help="What it should become.")],
    source: Annotated[str, typer.Option(help="What the picture shows.")] = "",
    strengths: Annotated[
        str, typer.Option(help="Inversion strengths, 0 = the same picture, 1 = free.")
    ] = "0,.25,.5,.75,1",
    guidance_scales: Annotated[
        str, typer.Option(help="Guidance scales, a row each; 1 = without guidance.")
    ] = f"{EditRequest.guidance_scale:g}",
    method: Annotated[str, typer.Option(help="A swap method, by its paper's name.")] = "auto",
    mask: MaskOption = None,
    steps: StepsOption = EditRequest.steps,
    seed: Annotated[int, typer.Option(help="One for all.")] = EditRequest.seed,
    model: ModelOption = EditRequest.model,
    device: DeviceOption = "auto",
    dtype: DtypeOption = "auto",
    extra: SetOption = None,
    out: Annotated[Path | None, typer.Option(help="The sheet to write.")] = None,
    cells: Annotated[
        Path | None, typer.Option(help="Folder for the single results, with their recipes.")
    ] = None,
) -> None:
    """Run a swap at every strength and guidance scale; put the results on one sheet."""
    from core.sweep import grid, sweep_sheet

    original = load(picture)
    request = EditRequest(
        settings_for(Job.SWAP, pairs(extra), method),
        picture=original.pixels,
        mask=None if mask is None else load_mask(mask, original.size),
        source_prompt=source,
        target_prompt=target,
        steps=steps,
        seed=seed,
        model=model,
    )
    rows = grid(
        request, _numbers("--strengths", strengths), _numbers("--guidance-scales", guidance_scales)
    )
    sheet = checked_out(out or free_name(picture.with_name(f"{picture.stem}-sweep.png")), picture)
    if cells is not None:
        cells.mkdir(parents=True, exist_ok=True)
    loaded = load_model(ModelLibrary(), model, device, dtype)
    results: list[list[Any]] = []
    for row in rows:
        results.append([])
        for cell in row:
            finished = run(cell.request, loaded)
            results[-1].append(finished.picture)
            place = f"strength {cell.inversion_strength:g}, guidance {cell.guidance_scale:g}"
            cost = f"{finished.network_evaluations} network evaluations"
            say(f"{place}: {finished.seconds:.1f} s, {cost}")
            if cells is not None:
                name = f"{picture.stem}-{cell.inversion_strength:g}-{cell.guidance_scale:g}.png"
                file = free_name(cells / name)
                save_result(finished, original, file)
    save(sheet, sweep_sheet(rows, results), mark_ai=True)
    say(str(sheet))


def _numbers(option: str, text: str) -> list[float]:
    """Numbers with commas between. Raises RequestError."""
    try:
        return [float(part) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise RequestError(f"{option} {text} is not understood; write it as .25,.5,1.") from error
