"""A bank: many rendered scenes with captions, on disk, ready for training.

    pictures.npy    uint8 [count, size, size, 3]
    captions.jsonl  one line a picture: {"en": [2 captions], "ko": [2 captions], "scene": {...}}
    bank.json       what the bank was built from; written last, so its presence means "complete"

Scene number i depends on the seed and i alone: not on the number of workers, nor on interruptions.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from core.errors import DataError
from core.training.choices import World
from core.training.datasets.captions import LANGUAGES, caption
from core.training.datasets.objects import ObjectLibrary, catalogue
from core.training.datasets.rendering import render
from core.training.datasets.scenes import Scene, scene_from_json, scene_to_json
from core.training.datasets.split import Split
from core.training.datasets.worlds import sample

CHUNK = 2000
CAPTIONS_PER_LANGUAGE = 2
FORMAT = 1

PICTURES_FILE = "pictures.npy"
CAPTIONS_FILE = "captions.jsonl"
PLAN_FILE = "bank.json"
PARTS_FOLDER = "parts"

Report = Callable[[int, int], None]


@dataclass(frozen=True)
class BankPlan:
    """What a bank is built from; two banks of one plan are equal."""

    count: int
    size: int
    seed: int
    split: Split
    format: int = FORMAT
    world: World = "plain"


@dataclass(frozen=True, eq=False)
class Bank:
    """A complete bank.

    pictures: read-only uint8 [count, size, size, 3], mapped from disk.
    records: per picture its line of captions.jsonl.
    """

    plan: BankPlan
    pictures: NDArray[np.uint8]
    records: Sequence[dict[str, Any]]

    @property
    def captions(self) -> Sequence[dict[str, Any]]:
        """Per picture {"en": [captions], "ko": [captions]}; the first of each is the plainest."""
        return self.records

    @cached_property
    def object_names(self) -> list[tuple[str, ...]]:
        """Per picture the object_ids that it shows, from left to right."""
        return [
            tuple(placement["object_id"] for placement in record["scene"]["placements"])
            for record in self.records
        ]

    @property
    def known_objects(self) -> list[str]:
        """The object_ids that training may show, in the catalogue's order."""
        return [key for key, spec in catalogue().items() if not spec.unseen]

    def scene(self, index: int) -> Scene:
        """The scene that a picture shows."""
        return scene_from_json(self.records[index]["scene"])


def scene_of(plan: BankPlan, index: int, library: ObjectLibrary) -> tuple[Scene, dict[str, Any]]:
    """Scene number `index` of a bank, and its line of captions."""
    rng = np.random.default_rng([plan.seed, index])
    scene = sample(plan.world, rng, plan.split, library)
    record: dict[str, Any] = {}
    for language in LANGUAGES:
        plain = caption(scene, language, rng, "plain", library.specs)
        varied = [
            caption(scene, language, rng, specs=library.specs)
            for _ in range(CAPTIONS_PER_LANGUAGE - 1)
        ]
        record[language] = [plain, *varied]
    record["scene"] = scene_to_json(scene)
    return scene, record


def build_bank(
    folder: Path,
    count: int,
    size: int,
    seed: int,
    library: ObjectLibrary,
    split: Split = "train",
    workers: int = 1,
    report: Report | None = None,
    world: World = "plain",
) -> Bank:
    """Renders `count` scenes of size x size pixels into `folder`, or goes on where it stopped.

    workers: processes; 1 = this one.
    report: called with (pictures done, count) now and then; None prints a line to stderr.
    world: what the scenes may hold (`worlds.py`).
    Raises DataError when the folder holds a bank of another plan.
    """
    plan = BankPlan(count, size, seed, split, world=world)
    if (folder / PLAN_FILE).exists():
        bank = load_bank(folder)
        if bank.plan != plan:
            raise DataError(f"{folder} holds another bank; choose another folder or delete it")
        return bank
    report = _print_progress if report is None else report
    parts = _prepare(folder, plan)
    starts = [start for start in range(0, count, CHUNK) if not _part(parts, start).exists()]
    done = count - sum(min(CHUNK, count - start) for start in starts)
    report(done, count)
    for start in _render_chunks(parts, plan, starts, library, workers):
        done += min(CHUNK, count - start)
        report(done, count)
    _finish(folder, parts, plan)
    return load_bank(folder)


def load_bank(folder: Path) -> Bank:
    """Opens a complete bank. Raises DataError when it is incomplete or damaged."""
    try:
        plan = BankPlan(**json.loads((folder / PLAN_FILE).read_text(encoding="utf-8")))
        lines = (folder / CAPTIONS_FILE).read_text(encoding="utf-8").splitlines()
        pictures = np.load(folder / PICTURES_FILE, mmap_mode="r", allow_pickle=False)
        records = [json.loads(line) for line in lines]
    except (OSError, ValueError, TypeError) as error:
        raise DataError(f"{folder} holds no complete bank ({error}); build it again") from error
    shape = (plan.count, plan.size, plan.size, 3)
    if pictures.shape != shape or len(records) != plan.count or plan.format != FORMAT:
        raise DataError(f"the bank in {folder} is damaged; delete it and build it again")
    return Bank(plan, pictures, records)


def _prepare(folder: Path, plan: BankPlan) -> Path:
    """The folder for unfinished work, emptied unless it belongs to the same plan."""
    parts = folder / PARTS_FOLDER
    note = parts / PLAN_FILE
    if note.exists() and (parts / PICTURES_FILE).exists():
        started = json.loads(note.read_text(encoding="utf-8"))
        if started == asdict(plan):
            return parts
    shutil.rmtree(parts, ignore_errors=True)
    parts.mkdir(parents=True)
    shape = (plan.count, plan.size, plan.size, 3)
    open_memmap(parts / PICTURES_FILE, mode="w+", dtype=np.uint8, shape=shape).flush()
    _write(note, json.dumps(asdict(plan)))
    return parts


def _render_chunks(
    parts: Path, plan: BankPlan, starts: list[int], library: ObjectLibrary, workers: int
) -> Iterator[int]:
    """Renders the chunks that begin at `starts`; yields each when it is on disk."""
    if workers <= 1 or len(starts) <= 1:
        for start in starts:
            yield _render_chunk(parts, plan, start, library)
        return
    context = get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(starts)), context, _keep_library, (library,)) as pool:
        jobs = [pool.submit(_render_chunk, parts, plan, start) for start in starts]
        try:
            for job in jobs:
                yield job.result()
        finally:
            pool.shutdown(cancel_futures=True)


_worker_library: ObjectLibrary | None = None


def _keep_library(library: ObjectLibrary) -> None:
    """Runs once in each worker process."""
    global _worker_library
    _worker_library = library


def _render_chunk(
    parts: Path, plan: BankPlan, start: int, library: ObjectLibrary | None = None
) -> int:
    library = _worker_library if library is None else library
    assert library is not None
    pictures = open_memmap(parts / PICTURES_FILE, mode="r+")
    lines = []
    for index in range(start, min(start + CHUNK, plan.count)):
        scene, record = scene_of(plan, index, library)
        pictures[index] = render(scene, library, plan.size)
        lines.append(json.dumps(record, ensure_ascii=False) + "\n")
    pictures.flush()
    _write(_part(parts, start), "".join(lines))
    return start


def _part(parts: Path, start: int) -> Path:
    return parts / f"{start:09d}.jsonl"


def _finish(folder: Path, parts: Path, plan: BankPlan) -> None:
    texts = [
        _part(parts, start).read_text(encoding="utf-8") for start in range(0, plan.count, CHUNK)
    ]
    _write(folder / CAPTIONS_FILE, "".join(texts))
    (parts / PICTURES_FILE).replace(folder / PICTURES_FILE)
    _write(folder / PLAN_FILE, json.dumps(asdict(plan)))
    shutil.rmtree(parts)


def _write(path: Path, text: str) -> None:
    """Writes the whole file or leaves the old one."""
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _print_progress(done: int, count: int) -> None:
    ending = "\n" if done == count else ""
    print(f"\rscenes {done}/{count}", end=ending, file=sys.stderr, flush=True)
