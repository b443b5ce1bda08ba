"""`sfumato edit` with several pictures or targets: a result for each pair, in one folder."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from core import events
from core.console import complain, progress_bar, save_result, say, show
from core.errors import RequestError, SfumatoError
from core.imaging.image import Picture
from core.request import EditRequest

if TYPE_CHECKING:
    from core.models.latent_model import LatentModel

LONGEST_NAME = 60


@dataclass(frozen=True)
class Wanted:
    """One result: of which picture, under which words, in which file."""

    picture: Path
    words: str
    file: Path


def edit_all(
    pictures: Sequence[Path],
    targets: Sequence[str],
    out: Path | None,
    request_for: Callable[[Path, str], tuple[EditRequest, Picture]],
    load_model: Callable[[], "LatentModel"],
) -> None:
    """Make every result that `out` does not hold yet, picture after picture.

    What fails is told and the rest is made. Raises RequestError without a folder, typer.Exit with
    the last error's code.
    """
    if out is None or (not out.is_dir() and (out.suffix or out.exists())):
        raise RequestError("several results need a folder; give --out FOLDER.")
    wanted = [one for one in results(pictures, targets, out) if not _is_there(one)]
    if not wanted:
        return
    model = load_model()
    out.mkdir(parents=True, exist_ok=True)
    failures: list[SfumatoError] = []
    running: list[tuple[Wanted, Picture]] = []

    def failed(one: Wanted, error: SfumatoError) -> None:
        failures.append(error)
        complain(f"{one.file.name}: {error}")

    def requests() -> Iterator[EditRequest]:
        for one in wanted:
            try:
                request, picture = request_for(one.picture, one.words)
            except SfumatoError as error:
                failed(one, error)
                continue
            running[:] = [(one, picture)]
            yield request

    from core.batch import run_batch

    with progress_bar() as bar, closing(run_batch(requests(), model)) as stream:
        whole = bar.add_task("Pictures", total=len(wanted))
        task = bar.add_task("Starting", total=None)
        for _, event in stream:
            ((one, picture),) = running
            if isinstance(event, events.Progress):
                show(bar, task, event)
            elif isinstance(event, events.Notice):
                complain(f"{one.file.name}: {event.message}")
            elif isinstance(event, events.Finished):
                save_result(event, picture, one.file)
                say(str(one.file))
                bar.advance(whole)
            elif isinstance(event, SfumatoError):
                failed(one, event)
                bar.advance(whole)
    if failures:
        raise typer.Exit(failures[-1].exit_code)


def results(pictures: Sequence[Path], targets: Sequence[str], folder: Path) -> list[Wanted]:
    """All pairs, a picture's in a row, named the same whenever they are asked for again."""
    stems = _distinct([picture.stem for picture in pictures])
    words = _distinct([_as_name(target) for target in targets])
    return [
        Wanted(picture, target, folder / f"{stem}-{said}.png")
        for picture, stem in zip(pictures, stems, strict=True)
        for target, said in zip(targets, words, strict=True)
    ]


def _is_there(one: Wanted) -> bool:
    if one.file.exists():
        say(f"{one.file} is there already; skipped")
        return True
    return False


def _as_name(target: str) -> str:
    """Words as a part of a file's name: letters and digits of any script, and hyphens."""
    return re.sub(r"[\W_]+", "-", target.lower())[:LONGEST_NAME].strip("-") or "edit"


def _distinct(names: Sequence[str]) -> list[str]:
    """The names, with -2, -3, ... where one came before."""
    given: list[str] = []
    for name in names:
        number, free = 2, name
        while free in given:
            free, number = f"{name}-{number}", number + 1
        given.append(free)
    return given
