"""What the panels show: job, method, prompts and numbers; `build_request` makes the request."""

import contextlib
import random
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QUndoCommand

from core.errors import DataError
from core.methods import settings_types
from core.methods.auto import Family, choose
from core.reconstruction import rebuilding
from core.request import EditRequest, Mask, Pixels
from core.settings import (
    AutoSettings,
    ExtendSettings,
    Job,
    RestorationSettings,
    Settings,
    SwapSettings,
    WordSettings,
)
from desktop.frame import Frame
from desktop.panel_values import MAX_SHOWN_SEED, MethodValues, PanelValues
from desktop.word_difference import words_of

JOBS = (Job.FILL, Job.EXTEND, Job.SWAP, Job.RESTYLE, Job.RESTORE)
"""The jobs that the window offers, in their order."""


WHAT_HAPPENED = ("degradations", "noise", "samples")
"""Settings that all methods of Restore share: another method is another way to undo the same."""


def methods_of(job: Job) -> list[type[Settings]]:
    """The registered methods that do a job: Auto first, then the job's own, then its guests."""
    able = [method for method in settings_types().values() if job in (method.job, *method.also)]
    return sorted(able, key=lambda method: (method.name != "auto", method.job is not job))


def main_setting(method: type[Settings]) -> str | None:
    """The one setting that has the large slider: 0 keeps the picture, 1 frees it."""
    names = ("inversion_strength", "strength")
    return next((name for name in names if name in method.model_fields), None)


def random_seed() -> int:
    """A seed that nobody chose."""
    return random.SystemRandom().randint(0, MAX_SHOWN_SEED)


class EditState(QObject):
    """Plain values with a signal. Knows no widget, so that tests and scripts may drive it.

    Signals
        changed(): any value is another than before.
        job_changed(), method_changed(): another job, another method was chosen (`changed` follows).
    """

    changed = Signal()
    job_changed = Signal()
    method_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frame = Frame(self)
        """How far Extend reaches; it has a signal of its own."""
        self._job = Job.SWAP
        self._methods = {job: methods_of(job)[0] for job in JOBS}
        self._settings: dict[tuple[Job, type[Settings]], Settings] = {}
        self._happened: dict[str, Any] = {}
        self._targets: dict[Job, str] = dict.fromkeys(JOBS, "")
        self._weights: dict[str, float] = {}
        self._source = ""
        self._steps = 30
        self._guidance_scale = 5.0
        self._seed = 2026
        self._seed_locked = False
        self._variations = 1
        self._model = "starter"
        self._family: Family = "noise"

    @property
    def job(self) -> Job:
        return self._job

    def set_job(self, job: Job) -> None:
        if job is not self._job:
            self._job = job
            self.job_changed.emit()
            self.changed.emit()

    @property
    def method(self) -> type[Settings]:
        """The chosen job's method, by its settings' type."""
        return self._methods[self._job]

    def set_method(self, method: type[Settings]) -> None:
        """Choose one of `methods_of` the job; its settings are as they were left."""
        if method is not self.method:
            self._methods[self._job] = method
            self.method_changed.emit()
            self.changed.emit()

    @property
    def settings(self) -> Settings:
        """The settings of the chosen method."""
        return self._that_happened(self._settings.get((self._job, self.method)) or self.method())

    def _that_happened(self, settings: Settings) -> Settings:
        """`settings` with what the user said happened to the picture, if it is about that."""
        if isinstance(settings, RestorationSettings):
            return settings.model_copy(update=self._happened)
        return settings

    def set_setting(self, name: str, value: Any) -> None:
        """Set one of the method's settings; pydantic refuses what is out of range.

        What happened to the picture may be told late, by a field that another job's choice closed.
        """
        old = self.settings
        if name in WHAT_HAPPENED and not isinstance(old, RestorationSettings):
            self._happened[name] = value
            return
        self._keep_settings(type(old).model_validate(old.model_dump() | {name: value}))

    def reset_settings(self) -> None:
        """Put the chosen method's settings back; what happened to the picture stays."""
        self._keep_settings(self._that_happened(self.method()))

    def _keep_settings(self, settings: Settings) -> None:
        if settings != self.settings:
            self._settings[self._job, self.method] = settings
            self._keep_what_happened(settings)
            self.changed.emit()

    def _keep_what_happened(self, settings: Settings | None) -> None:
        if isinstance(settings, RestorationSettings):
            self._happened = {name: getattr(settings, name) for name in WHAT_HAPPENED}

    @property
    def chosen_settings(self) -> Settings:
        """The settings that will run: those that Auto takes for these prompts, else the method's.

        Auto's own where its figures cannot be read; the run will say why.
        """
        settings = self.settings
        if isinstance(settings, AutoSettings):
            try:
                return choose(settings, self._source, self.target_prompt, self._family).settings
            except DataError:
                pass
        return settings

    @property
    def source_prompt(self) -> str:
        """What the picture shows (Swap)."""
        return self._source

    def set_source_prompt(self, text: str) -> None:
        if text != self._source:
            self._source = text
            self.changed.emit()

    @property
    def target_prompt(self) -> str:
        """What should be there; each job has its own."""
        return self._targets[self._job]

    def set_target_prompt(self, text: str) -> None:
        if text != self.target_prompt:
            self._targets[self._job] = text
            self.changed.emit()

    @property
    def controls_words(self) -> bool:
        """Whether the method, as it is set, lets single words count for more or less."""
        settings = self.settings
        return isinstance(settings, WordSettings) and settings.controls_words

    @property
    def weights(self) -> dict[str, float]:
        """How much words of the target prompt count, where that is not 1; by the folded word."""
        here = set(words_of(self.target_prompt))
        return {word: weight for word, weight in self._weights.items() if word in here}

    def set_weight(self, word: str, weight: float) -> None:
        """Let every occurrence of `word` in the target prompt count `weight` times."""
        word = word.casefold()
        if weight == self._weights.get(word, 1.0):
            return
        self._weights[word] = weight
        if weight == 1.0:
            del self._weights[word]
        self.changed.emit()

    def swap_prompts(self) -> None:
        """Source becomes target and target source."""
        self._source, self._targets[Job.SWAP] = self._targets[Job.SWAP], self._source
        self.changed.emit()

    def prefill(self, job: Job, source: str, targets: dict[Job, str]) -> None:
        """Choose a job and put prompts in, as the sample pictures bring them."""
        self._source = source
        self._targets = {other: targets.get(other, "") for other in JOBS}
        self._weights.clear()
        if job is not self._job:
            self._job = job
            self.job_changed.emit()
        self.changed.emit()

    def values(self) -> PanelValues:
        """All that the panels show, but for the model, which may not be on another machine."""
        return PanelValues(
            job=self._job,
            methods={job.value: method.name for job, method in self._methods.items()},
            settings=[
                MethodValues(job=job, method=method.name, values=kept.model_dump(mode="json"))
                for (job, method), kept in self._settings.items()
            ],
            targets={job.value: text for job, text in self._targets.items()},
            source=self._source,
            weights=self._weights,
            steps=self._steps,
            variations=self._variations,
            guidance_scale=self._guidance_scale,
            seed=self._seed,
            seed_locked=self._seed_locked,
        )

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show what `values` gave, as JSON. What is not known here stays as it is."""
        known, by_name = self.values().changed_by(values), settings_types()
        for job in JOBS:
            method = by_name.get(known.methods.get(job.value, ""))
            if method in methods_of(job):
                self._methods[job] = method
            self._targets[job] = known.targets.get(job.value, "")
        for kept in known.settings:
            method = by_name.get(kept.method)
            if method is not None and kept.job in JOBS:
                with contextlib.suppress(ValidationError):
                    self._settings[kept.job, method] = method.model_validate(kept.values)
        self._keep_what_happened(self._settings.get((Job.RESTORE, self._methods[Job.RESTORE])))
        self._source, self._weights = known.source, dict(known.weights)
        self._steps, self._guidance_scale = known.steps, known.guidance_scale
        self._variations = known.variations
        self._seed, self._seed_locked = known.seed, known.seed_locked
        self._job = known.job if known.job in JOBS else self._job
        self.job_changed.emit()
        self.method_changed.emit()
        self.changed.emit()

    @property
    def steps(self) -> int:
        return self._steps

    def set_steps(self, steps: int) -> None:
        if steps != self._steps:
            self._steps = steps
            self.changed.emit()

    @property
    def guidance_scale(self) -> float:
        return self._guidance_scale

    def set_guidance_scale(self, scale: float) -> None:
        if scale != self._guidance_scale:
            self._guidance_scale = scale
            self.changed.emit()

    @property
    def seed(self) -> int:
        return self._seed

    def set_seed(self, seed: int) -> None:
        if seed != self._seed:
            self._seed = seed
            self.changed.emit()

    @property
    def seed_locked(self) -> bool:
        """A locked seed stays; an unlocked one is drawn afresh for each run."""
        return self._seed_locked

    def set_seed_locked(self, locked: bool) -> None:
        if locked != self._seed_locked:
            self._seed_locked = locked
            self.changed.emit()

    def draw_seed(self) -> None:
        """Throw the dice."""
        self.set_seed(random_seed())

    @property
    def variations(self) -> int:
        """How many results one run makes, 1 to `MAX_VARIATIONS`, each with a seed of its own."""
        return self._variations

    def set_variations(self, count: int) -> None:
        if count != self._variations:
            self._variations = count
            self.changed.emit()

    @property
    def model(self) -> str:
        return self._model

    def set_model(self, model: str) -> None:
        if model != self._model:
            self._model = model
            self.changed.emit()

    def set_family(self, family: Family) -> None:
        """What kind of model it is: Auto chooses by it."""
        if family != self._family:
            self._family = family
            self.changed.emit()

    def build_request(self, picture: Pixels, mask: Mask | None) -> EditRequest:
        """Everything that this edit needs. Raises RequestError when something is missing."""
        settings = self.settings
        if self.controls_words:
            settings = settings.model_copy(update={"weights": self.weights})
        if isinstance(settings, ExtendSettings):
            settings = settings.model_copy(update=vars(self.frame.margins.outward))
            mask = None
        target = self.target_prompt if self.method.says else ""
        request = self._request(
            picture, mask, settings, target, guidance_scale=self._guidance_scale
        )
        return request.with_(variations=self._variations)

    def build_reconstruction(self, picture: Pixels, mask: Mask | None) -> EditRequest:
        """The chosen method's way up and back down, with nothing to change.

        The chosen settings must be of a method that inverts (`SwapSettings`).
        """
        settings = self.chosen_settings
        assert isinstance(settings, SwapSettings)
        settings, guidance_scale = rebuilding(settings, self._guidance_scale)
        if not self._source.strip():
            guidance_scale = 1.0  # between two empty prompts guidance has nothing to do
        return self._request(picture, mask, settings, self._source, guidance_scale=guidance_scale)

    def _request(
        self,
        picture: Pixels,
        mask: Mask | None,
        settings: Settings,
        target: str,
        *,
        guidance_scale: float,
    ) -> EditRequest:
        return EditRequest(
            settings=settings,
            picture=picture,
            mask=mask,
            source_prompt=self._source if self._job is Job.SWAP else "",
            target_prompt=target,
            steps=self._steps,
            guidance_scale=guidance_scale,
            seed=self._seed,
            model=self._model,
        )


class SwapPromptsCommand(QUndoCommand):
    """Source and target prompt change places; doing it twice undoes it."""

    def __init__(self, state: EditState) -> None:
        super().__init__(QCoreApplication.translate("SwapPromptsCommand", "Swap prompts"))
        self._state = state

    def redo(self) -> None:
        self._state.swap_prompts()

    def undo(self) -> None:
        self._state.swap_prompts()
