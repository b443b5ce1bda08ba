"""What the panels show: the job, its prompts and numbers; `build_request` makes the request."""

import random
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QUndoCommand

from core.request import EditRequest, Mask, Pixels
from core.settings import DDIMSwapSettings, Job, MaskedFillSettings, SDEditSettings, Settings

METHODS: dict[Job, type[Settings]] = {
    Job.FILL: MaskedFillSettings,
    Job.SWAP: DDIMSwapSettings,
    Job.RESTYLE: SDEditSettings,
}
"""The jobs that the window offers, in their order, each with its method."""

MAIN_SETTING: dict[Job, str] = {
    Job.FILL: "strength",
    Job.SWAP: "inversion_strength",
    Job.RESTYLE: "strength",
}
"""The one setting of each job that has the large slider: 0 keeps the picture, 1 frees it."""

MAX_STEPS = 100
MAX_GUIDANCE = 20.0
MAX_SHOWN_SEED = 2**31 - 1


class EditState(QObject):
    """Plain values with a signal. Knows no widget, so that tests and scripts may drive it.

    Signals
        changed(): any value is another than before.
        job_changed(): another job was chosen (`changed` follows).
    """

    changed = Signal()
    job_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = Job.SWAP
        self._settings: dict[Job, Settings] = {job: method() for job, method in METHODS.items()}
        self._targets: dict[Job, str] = dict.fromkeys(METHODS, "")
        self._source = ""
        self._steps = 30
        self._guidance_scale = 5.0
        self._seed = 2026
        self._seed_locked = False
        self._model = "starter"

    @property
    def job(self) -> Job:
        return self._job

    def set_job(self, job: Job) -> None:
        if job is not self._job:
            self._job = job
            self.job_changed.emit()
            self.changed.emit()

    @property
    def settings(self) -> Settings:
        """The settings of the chosen job's method."""
        return self._settings[self._job]

    def set_setting(self, name: str, value: Any) -> None:
        """Set one of the method's settings; pydantic refuses what is out of range."""
        old = self._settings[self._job]
        new = type(old).model_validate(old.model_dump() | {name: value})
        self._set(new != old, self._settings, self._job, new)

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
        self._set(text != self.target_prompt, self._targets, self._job, text)

    def swap_prompts(self) -> None:
        """Source becomes target and target source."""
        self._source, self._targets[Job.SWAP] = self._targets[Job.SWAP], self._source
        self.changed.emit()

    def prefill(self, job: Job, source: str, targets: dict[Job, str]) -> None:
        """Choose a job and put prompts in, as the sample pictures bring them."""
        self._source = source
        self._targets = {other: targets.get(other, "") for other in METHODS}
        if job is not self._job:
            self._job = job
            self.job_changed.emit()
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
        self.set_seed(random.SystemRandom().randint(0, MAX_SHOWN_SEED))

    @property
    def model(self) -> str:
        return self._model

    def set_model(self, model: str) -> None:
        if model != self._model:
            self._model = model
            self.changed.emit()

    def build_request(self, picture: Pixels, mask: Mask | None) -> EditRequest:
        """Everything that this edit needs. Raises RequestError when something is missing."""
        return EditRequest(
            settings=self.settings,
            picture=picture,
            mask=mask,
            source_prompt=self._source if self._job is Job.SWAP else "",
            target_prompt=self.target_prompt,
            steps=self._steps,
            guidance_scale=self._guidance_scale,
            seed=self._seed,
            model=self._model,
        )

    def _set(self, changed: bool, place: dict[Job, Any], key: Job, value: Any) -> None:
        if changed:
            place[key] = value
            self.changed.emit()


class SwapPromptsCommand(QUndoCommand):
    """Source and target prompt change places; doing it twice undoes it."""

    def __init__(self, state: EditState) -> None:
        super().__init__(QCoreApplication.translate("SwapPromptsCommand", "Swap prompts"))
        self._state = state

    def redo(self) -> None:
        self._state.swap_prompts()

    def undo(self) -> None:
        self._state.swap_prompts()
