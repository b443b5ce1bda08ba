"""Several edits in one go: what there is to make, in which files, and the making of it."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from core import events
from core.console import complain, progress_bar, save_result, say, show
from core.edit_spec import EditSpec
from core.errors import RequestError, SfumatoError
from core.imaging.image import Picture
from core.imaging.writing import format_for
from core.request import EditRequest

if TYPE_CHECKING:
    from core.models.latent_model import LatentModel

LONGEST_NAME = 60
SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".gif"),
    *(".sfumato", ".ora", ".psd"),
)


@dataclass(frozen=True)
class Wanted:
    """One edit and the files of its results, one for each variation."""

    spec: EditSpec
    files: tuple[Path, ...]

    @property
    def label(self) -> str:
        return self.files[0].name


def edit_all(wanted: Sequence[Wanted], load_model: Callable[[str], "LatentModel"]) -> None:
    """Make every result that is not there yet, one edit after the other.

    What fails is told and the rest is made; a run that was stopped goes on where it stood. Raises
    typer.Exit with the last error's code.
    """
    missing = [one for one in wanted if not _is_there(one)]
    failures: list[SfumatoError] = []
    with progress_bar() as bar:
        whole = bar.add_task("Pictures", total=len(missing))
        step = bar.add_task("Starting", total=None)

        def failed(one: Wanted, error: SfumatoError) -> None:
            failures.append(error)
            complain(f"{one.label}: {error}")
            bar.advance(whole)

        for name, group in groupby(missing, key=lambda one: one.spec.model):
            model, running = load_model(name), _Running(failed)
            from core.batch import run_batch

            with closing(run_batch(running.requests(list(group)), model)) as stream:
                for _, event in stream:
                    one = running.one
                    if isinstance(event, events.Progress):
                        show(bar, step, event)
                    elif isinstance(event, events.Notice):
                        complain(f"{one.label}: {event.message}")
                    elif isinstance(event, events.Finished):
                        if running.save(event):
                            bar.advance(whole)
                    elif isinstance(event, SfumatoError):
                        failed(one, event)
    if failures:
        raise typer.Exit(failures[-1].exit_code)


class _Running:
    """The edit that the batch is at, its picture, and which of its results come next."""

    def __init__(self, failed: Callable[[Wanted, SfumatoError], None]) -> None:
        self._failed = failed

    def requests(self, wanted: Sequence[Wanted]) -> Iterator[EditRequest]:
        """Read the pictures one by one, as the batch asks for them."""
        for one in wanted:
            try:
                request, picture = one.spec.request()
                for file in one.files:
                    file.parent.mkdir(parents=True, exist_ok=True)
            except SfumatoError as error:
                self._failed(one, error)
                continue
            self.one, self._picture, self._left = one, picture, list(one.files)
            yield request

    def save(self, finished: events.Finished) -> bool:
        """Save one result; whether it was the edit's last."""
        file = self._left.pop(0)
        save_result(finished, self._picture, file)
        say(str(file))
        return not self._left

    one: Wanted
    _picture: Picture
    _left: list[Path]


def results(specs: Sequence[EditSpec], folder: Path) -> list[Wanted]:
    """All edits with their files, named the same whenever they are asked for again.

    An edit that names its file has that one; others are called after their picture and their words
    (or their job), with -2, -3, ... where several are called the same. Raises RequestError where
    two name one file, or where a file's suffix is none that results are saved as.
    """
    pictures = list(dict.fromkeys(spec.picture for spec in specs))
    stems = dict(zip(pictures, _distinct([path.stem for path in pictures]), strict=True))
    named: dict[Path, list[EditSpec]] = {picture: [] for picture in pictures}
    for spec in specs:
        named[spec.picture].append(spec)
    words = {
        id(spec): text
        for group in named.values()
        for spec, text in zip(group, _distinct([_said(one) for one in group]), strict=True)
    }
    found: list[Wanted] = []
    taken: set[Path] = set()
    for spec in specs:
        file = spec.out or folder / f"{stems[spec.picture]}-{words[id(spec)]}.png"
        format_for(file)
        files = variation_files(file, spec.variations)
        for one in files:
            place = one.resolve()
            if place in taken or place == spec.picture.resolve():
                raise RequestError(f"{one} would be written twice; choose other names.")
            taken.add(place)
        found.append(Wanted(spec, files))
    return found


def variation_files(file: Path, count: int) -> tuple[Path, ...]:
    """`file` itself for one result, else file-1, file-2, ..."""
    if count == 1:
        return (file,)
    numbers = range(1, count + 1)
    return tuple(file.with_name(f"{file.stem}-{number}{file.suffix}") for number in numbers)


def pictures_in(paths: Sequence[Path]) -> list[Path]:
    """The files, and the pictures in those that are folders, by name. Raises RequestError."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(one for one in path.iterdir() if one.suffix.lower() in SUFFIXES)
        if not inside:
            raise RequestError(f"{path.name} holds no pictures; choose another folder.")
        found += inside
    return found


def _is_there(one: Wanted) -> bool:
    """Whether all of its results are; those that were left incomplete are made again."""
    if all(file.exists() for file in one.files):
        for file in one.files:
            say(f"{file} is there already; skipped")
        return True
    return False


def _said(spec: EditSpec) -> str:
    """The words as a part of a file's name: letters and digits of any script, and hyphens."""
    text = re.sub(r"[\W_]+", "-", spec.target.lower())[:LONGEST_NAME].strip("-")
    return text or (spec.job.value if not spec.target else "edit")


def _distinct(names: Sequence[str]) -> list[str]:
    """The names, with -2, -3, ... where one came before."""
    given: list[str] = []
    for name in names:
        number, free = 2, name
        while free in given:
            free, number = f"{name}-{number}", number + 1
        given.append(free)
    return given
