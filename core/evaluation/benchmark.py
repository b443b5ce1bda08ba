"""Runs every registered edit method on edits with known answers, and keeps what came out.

    plan.json          what all results have in common; another plan needs another folder
    results.jsonl      one line for each edit and settings, written as soon as it is known
    pictures/          the results, by the same key

A killed run goes on where it stopped. The same edit with the same settings is run once: Auto's rows
are those of the methods that it chose.
"""

import hashlib
import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, cast

import numpy as np
from pydantic import ValidationError

from core.errors import RequestError, SamplingError
from core.evaluation.clip_score import ClipScore
from core.evaluation.edit_figures import EditFigures, measure
from core.evaluation.known_edits import KnownEdit, Pixels, known_edit
from core.evaluation.results_file import RESULTS_FILE, open_folder, read_results
from core.evaluation.sample_sheet import finish
from core.imaging.image import load, save
from core.methods import settings_types
from core.methods.auto import choose, family_of
from core.models.latent_model import LatentModel, Prediction
from core.request import EditRequest
from core.settings import AutoSettings, Job, PictureSettings
from core.settings.strength import with_inversion_strength
from core.training.choices import World
from core.training.datasets.objects import ObjectLibrary

FORMAT = 2
BASELINE = "ddim-swap"


@dataclass(frozen=True)
class Plan:
    """What all results of a folder have in common.

    side: of the pictures, in pixels. world: of their scenes.
    """

    model: str
    fingerprint: str
    seed: int
    steps: int
    guidance_scale: float
    side: int
    world: World = "rich"
    format: int = FORMAT


@dataclass(frozen=True)
class Variant:
    """A method with its settings. label: the method's name, and what is not its default."""

    label: str
    settings: PictureSettings


@dataclass(frozen=True)
class Result:
    """One edit by one variant. error: why there is none, in words; else figures and costs.

    evaluations: pictures that the network evaluated; seconds: of the whole edit.
    """

    edit: int
    key: str
    figures: EditFigures | None = None
    evaluations: int = 0
    seconds: float = 0.0
    error: str = ""

    @property
    def picture(self) -> str:
        """The name of its file in the folder of pictures."""
        return f"{self.edit:04d}-{self.key}.png"


def swap_methods() -> dict[str, type[PictureSettings]]:
    """Every registered method that can be asked to swap, Auto among them, by name."""
    return {
        name: cast(type[PictureSettings], kind)
        for name, kind in settings_types().items()
        if Job.SWAP in (kind.job, *kind.also)
    }


def variants(
    names: str, strengths: Sequence[float] = (), more: Sequence[str] = ()
) -> list[Variant]:
    """The methods of `names` ("all", or some with commas between) as they are by default.

    strengths: inversion strengths to try each of them at as well. more: further variants, as
    "direct-inversion control=masactrl". Raises RequestError.
    """
    known = swap_methods()
    chosen = list(known) if names == "all" else [name.strip() for name in names.split(",")]
    found: list[Variant] = []
    for name in chosen:
        kind = _known(name, known)
        found.append(Variant(name, kind()))
        if kind is AutoSettings:
            continue
        for strength in strengths:
            settings = cast(PictureSettings, with_inversion_strength(kind(), strength))
            if settings != kind():
                found.append(Variant(f"{name} @{strength:g}", settings))
    return found + [_spelled_out(text, known) for text in more]


def _known(name: str, known: dict[str, type[PictureSettings]]) -> type[PictureSettings]:
    if name not in known:
        raise RequestError(f"there is no swap method {name}; choose of: {', '.join(known)}.")
    return known[name]


def _spelled_out(text: str, known: dict[str, type[PictureSettings]]) -> Variant:
    name, *pairs = text.split()
    values: dict[str, Any] = {}
    for pair in pairs:
        field, _, value = pair.partition("=")
        try:
            values[field.replace("-", "_")] = json.loads(value)
        except ValueError:
            values[field.replace("-", "_")] = value
    try:
        return Variant(text, _known(name, known).model_validate(values))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise RequestError(
            f"the variant “{text}” is not understood ({name}: {first['msg']}); write it as "
            '"direct-inversion control=masactrl".'
        ) from error


class Benchmark:
    """One folder of results, opened to be read or gone on with.

    Raises RequestError if the folder holds results of another plan, SaveError if it cannot be made,
    DataError if what it holds is damaged.
    """

    def __init__(
        self,
        folder: Path,
        plan: Plan,
        model: LatentModel,
        clip: ClipScore,
        library: ObjectLibrary,
    ) -> None:
        self.folder, self.plan = folder, plan
        self._model, self._clip, self._library = model, clip, library
        self._edits: dict[int, KnownEdit] = {}
        refusal = (
            "holds a benchmark with another model, world, seed or number of steps; choose another "
            "--out or delete it."
        )
        open_folder(folder, asdict(plan), refusal)
        (folder / "pictures").mkdir(exist_ok=True)
        self._results = {(one.edit, one.key): one for one in read_results(folder, _result)}

    @property
    def prediction(self) -> Prediction:
        """What the model's network predicts."""
        return self._model.prediction

    def edit(self, index: int) -> KnownEdit:
        """The edit of this number."""
        if index not in self._edits:
            plan = self.plan
            edit = known_edit(plan.seed, index, self._library, plan.side, plan.world)
            self._edits[index] = edit
        return self._edits[index]

    def run(self, indices: Iterable[int], chosen: Sequence[Variant]) -> Iterator[Result]:
        """Make what is missing; yield every result, edit by edit, old and new."""
        for index in indices:
            for variant in chosen:
                yield self._result(index, variant)

    def get(self, index: int, variant: Variant) -> Result | None:
        """A result that is there."""
        return self._results.get((index, _key(self._settings(index, variant))))

    def picture(self, result: Result) -> Pixels:
        """The result's picture, RGB."""
        return np.asarray(load(self.folder / "pictures" / result.picture).pixels, np.uint8)

    def measure(self, index: int, picture: Pixels) -> EditFigures:
        """The figures that a picture would have as this edit's result."""
        return measure(self.edit(index), picture, self._clip)

    def _settings(self, index: int, variant: Variant) -> PictureSettings:
        """The variant's own, or those that Auto chooses for this edit."""
        if not isinstance(variant.settings, AutoSettings):
            return variant.settings
        edit = self.edit(index)
        prompts = edit.source_prompt, edit.target_prompt
        family = family_of(self._model.prediction)
        return choose(variant.settings, *prompts, family, model=self._model).settings

    def _result(self, index: int, variant: Variant) -> Result:
        settings = self._settings(index, variant)
        key = _key(settings)
        found = self._results.get((index, key))
        if found is None:
            found = self._make(index, settings, key)
            self._results[index, key] = found
            with (self.folder / RESULTS_FILE).open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(found)) + "\n")
        return found

    def _make(self, index: int, settings: PictureSettings, key: str) -> Result:
        edit = self.edit(index)
        request = EditRequest(
            settings,
            picture=edit.picture,
            source_prompt=edit.source_prompt,
            target_prompt=edit.target_prompt,
            steps=self.plan.steps,
            guidance_scale=self.plan.guidance_scale,
            seed=self.plan.seed + index,
            model=self._model.name,
        )
        try:
            finished = finish(request, self._model)
        except (RequestError, SamplingError) as error:
            return Result(index, key, error=str(error))
        picture = np.asarray(finished.picture, np.uint8)
        figures = measure(edit, picture, self._clip)
        result = Result(index, key, figures, finished.network_evaluations, finished.seconds)
        save(self.folder / "pictures" / result.picture, picture)
        return result


def until(
    indices: Iterable[int], minutes: float | None, clock: Callable[[], float] = time.monotonic
) -> Iterator[int]:
    """Those edits that can still be begun in time, the first one at any rate."""
    start = clock()
    for place, index in enumerate(indices):
        if place and minutes is not None and clock() - start > 60 * minutes:
            return
        yield index


def _key(settings: PictureSettings) -> str:
    """The method's name and a hash of all its settings: short, and fit for a file's name."""
    text = json.dumps(settings.model_dump(mode="json"), sort_keys=True)
    return f"{settings.name}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def _result(values: dict[str, Any]) -> Result:
    if values["figures"] is not None:
        values["figures"] = EditFigures(**values["figures"])
    return Result(**values)


def mean_figures(results: Iterable[Result]) -> dict[str, float]:
    """The mean of every figure and cost over the results that have it; nan where none has."""
    done = [one for one in results if one.figures is not None]
    columns = {
        field.name: [getattr(one.figures, field.name) for one in done]
        for field in fields(EditFigures)
    }
    columns |= {"evaluations": [one.evaluations for one in done]}
    columns |= {"seconds": [one.seconds for one in done]}
    means = {}
    for name, values in columns.items():
        there = [value for value in values if not math.isnan(value)]
        means[name] = sum(there) / len(there) if there else math.nan
    return means
