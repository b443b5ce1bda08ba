"""What the command line shows while it works, and what it says at the end."""

import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from core import events
from core.errors import RequestError, SamplingError
from core.events import Finished
from core.imaging.image import Picture, save
from core.imaging.writing import format_for

if TYPE_CHECKING:
    from core.inversion.cache import InversionCache
    from core.models.latent_model import LatentModel
    from core.models.library import ModelLibrary
    from core.request import EditRequest

_PHASES: dict[events.Phase, str] = {
    "encode": "Encoding",
    "invert": "Inverting",
    "sample": "Sampling",
    "decode": "Decoding",
}


def say(text: str) -> None:
    """One line on standard output, as it is."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """One line on standard error."""
    sys.stderr.write(" ".join(text.split()) + "\n")
    sys.stderr.flush()


def load_model(library: "ModelLibrary", name: str, device: str, dtype: str) -> "LatentModel":
    """The model, with a spinner while it loads (only where someone watches)."""
    console = Console(stderr=True)
    if not console.is_terminal:
        return library.load(name, device, dtype)
    with console.status(f"Loading {name}"):
        return library.load(name, device, dtype)


def run(
    request: "EditRequest", model: "LatentModel", inversions: "InversionCache | None" = None
) -> Finished:
    """The edit with a progress bar on standard error. Ctrl+C ends it within one step."""
    return run_all(request, model, inversions)[-1]


def run_all(
    request: "EditRequest", model: "LatentModel", inversions: "InversionCache | None" = None
) -> list[Finished]:
    """As `run`; the results of all variations."""
    from core.run import run_edit

    bar = progress_bar()
    with bar, closing(run_edit(request, model, inversions)) as stream:
        return _watch(stream, bar)


def progress_bar() -> Progress:
    """A bar on standard error, where someone watches."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def show(bar: Progress, task: TaskID, event: events.Progress) -> None:
    """Put the edit's progress on the task's bar."""
    bar.update(task, description=_PHASES[event.phase], completed=event.step, total=event.steps)


def save_result(finished: Finished, source: Picture | None, target: Path) -> None:
    """Save the picture with its recipe, which tells where the source lies."""
    from core.recipe import with_input_path

    recipe = with_input_path(finished.recipe, source.path if source else None, target)
    save(target, finished.picture, like=source, recipe=recipe)


def _watch(stream: Iterable[events.EditEvent], bar: Progress) -> list[Finished]:
    task, found = bar.add_task("Starting", total=None), []
    for event in stream:
        if isinstance(event, events.Progress):
            show(bar, task, event)
        elif isinstance(event, events.Notice):
            complain(event.message)
        elif isinstance(event, Finished):
            found.append(event)
    if not found:
        raise SamplingError(
            "the edit ended without a result. Run it again, or with another method."
        )
    return found


def summary(finished: Finished, model: "LatentModel") -> list[str]:
    """The lines after an edit: time, work, and what the mask promised."""
    lines = [
        f"{finished.seconds:.1f} s, {finished.network_evaluations} network evaluations, "
        f"seed {finished.request.seed}, {model.name} on {model.device} "
        f"in {str(model.dtype).removeprefix('torch.')}"
    ]
    if finished.changed_outside is not None:
        lines.append(
            f"{finished.changed_outside} pixels changed outside the mask and its blend band"
        )
    return lines


def checked_out(out: Path, source: Path | None) -> Path:
    """`out` if a result can be saved there, known before the long work. Raises SfumatoError."""
    format_for(out)
    if not out.parent.is_dir():
        raise RequestError(f"the folder {out.parent} does not exist; make it or change --out.")
    if out.is_dir():
        raise RequestError(f"{out} is a folder; give --out a file's name.")
    if source is not None and out.resolve() == source.resolve():
        raise RequestError(f"{out.name} is the picture itself; choose another name for --out.")
    return out


def free_name(wanted: Path) -> Path:
    """`wanted`, or the first of wanted-2, wanted-3, ... that no file has."""
    number, name = 2, wanted
    while name.exists():
        name = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
        number += 1
    return name
