"""`sfumato invert`, and the code that `sfumato edit --code` brings along."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core.console import complain, load_model, say
from core.errors import RequestError
from core.imaging.image import load
from core.imaging.mask import load_mask
from core.models.library import ModelLibrary
from core.options import (
    DeviceOption,
    DtypeOption,
    ModelOption,
    PictureArgument,
    SetOption,
    StepsOption,
    pairs,
    settings_for,
)
from core.request import EditRequest
from core.settings import AutoSettings, DDIMSwapSettings, Job

if TYPE_CHECKING:
    from core.inversion.offered import OfferedCode
    from core.inversion.record import Record
    from core.models.latent_model import LatentModel

SUFFIX = ".safetensors"


def invert(
    picture: PictureArgument,
    out: Annotated[Path, typer.Option(help="Where to write the code: a .safetensors file.")],
    source: Annotated[str, typer.Option(help="What the picture shows.")] = "",
    method: Annotated[
        str, typer.Option(help="The swap method that will use the code; not auto.")
    ] = DDIMSwapSettings.name,
    mask: Annotated[
        Path | None, typer.Option(help="The mask of the edit: it decides what the model sees.")
    ] = None,
    inversion_strength: Annotated[
        float | None, typer.Option(help="How far to climb; 1 = all the way to noise.")
    ] = None,
    steps: StepsOption = EditRequest.steps,
    guidance_scale: Annotated[
        float, typer.Option(help="Of the edit; null-text is optimised for it.")
    ] = EditRequest.guidance_scale,
    seed: Annotated[int, typer.Option(help="Of the noise that some methods draw.")] = 0,
    model: ModelOption = EditRequest.model,
    device: DeviceOption = "auto",
    dtype: DtypeOption = "auto",
    extra: SetOption = None,
) -> None:
    """Invert a picture once, for `sfumato edit --code`; give that the same settings."""
    from core.inversion.record import write_record

    if out.suffix != SUFFIX or out.is_dir() or not out.parent.is_dir():
        raise RequestError(f"{out} is no place for a code; name a {SUFFIX} file in a folder.")
    if method == AutoSettings.name:
        raise RequestError("auto chooses by the target, which no code knows; name another method.")
    values = pairs(extra)
    if inversion_strength is not None:
        values["inversion_strength"] = inversion_strength
    shown = load(picture)
    request = EditRequest(
        settings=settings_for(Job.SWAP, values, method),
        picture=shown.pixels,
        mask=None if mask is None else load_mask(mask, shown.size),
        source_prompt=source,
        target_prompt=source.strip() or "anything",  # which no inversion asks for
        steps=steps,
        guidance_scale=guidance_scale,
        seed=seed,
        model=model,
    )
    loaded = load_model(ModelLibrary(), model, device, dtype)
    before = loaded.network_evaluations
    record = inversion_of(request, loaded)
    write_record(out, record)
    say(str(out))
    work = loaded.network_evaluations - before
    say(f"{record.size / 1e3:.0f} kB, {work} network evaluations, {request.settings.name}")


def inversion_of(request: EditRequest, model: "LatentModel") -> "Record":
    """The code that the request's method would make: the edit is run to its first step down.

    Raises RequestError for a method that inverts nothing.
    """
    from core import events
    from core.inversion.offered import LastKept
    from core.run import run_edit

    kept = LastKept()
    with closing(run_edit(request, model, kept)) as stream:
        for event in stream:
            if isinstance(event, events.Progress) and event.phase == "sample":
                break
    if kept.last is None:
        raise RequestError(
            f"{request.settings.name} inverts nothing here; choose another --method, or a "
            "strength above 0."
        )
    return kept.last


def offered(code: Path) -> "OfferedCode":
    """The code of a file for the next edit; complains where it does not fit."""
    from core.inversion.offered import OfferedCode

    if not code.is_file():
        raise RequestError(f"there is no file {code}; make it with `sfumato invert`.")
    return OfferedCode(code, complain)


def mount(app: typer.Typer) -> None:
    """Give `app` the command."""
    app.command()(invert)
