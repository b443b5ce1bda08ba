"""The reconstruction check as it goes through the queue: asked for, running, known, outdated."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from core.events import Finished
from core.reconstruction import Reconstruction, measure
from core.request import EditRequest
from desktop.background import Background
from desktop.jobs.job import Cancelled, EditJob, Failed
from desktop.jobs.queue import JobQueue


@dataclass(frozen=True, eq=False)
class Checked:
    """A picture that was rebuilt, and how it differs."""

    finished: Finished
    reconstruction: Reconstruction


class ReconstructionCheck(QObject):
    """One check at a time. What it found holds until something that it depends on changes.

    Signals
        changed(): it started, ended, or its answer does not hold any more.
        answered(object): the Checked of a check that just ended.
        failed(object): the exception that kept the pictures from being compared.
    """

    changed = Signal()
    answered = Signal(object)
    failed = Signal(object)

    def __init__(self, queue: JobQueue, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._queue, self._background = queue, background
        self._job: EditJob | None = None
        self._asked: EditRequest | None = None
        self.checked: Checked | None = None
        queue.happened.connect(self._on_event)

    @property
    def is_running(self) -> bool:
        return self._job is not None

    def is_for(self, job: EditJob | None) -> bool:
        """Whether `job` is the check that is waiting or running."""
        return job is not None and job is self._job

    def start(self, request: EditRequest, title: str) -> None:
        """Queue the check; an answer that was there is forgotten."""
        self.forget()
        self._asked = request
        self._job = EditJob(request, title, keep=False)
        self._queue.submit(self._job)
        self.changed.emit()

    def forget(self) -> None:
        """The picture or the mask is another one: stop, and let the answer go."""
        job, checked = self._job, self.checked
        self._job = self.checked = None
        if job is not None:
            self._queue.cancel(job)
        if job is not None or checked is not None:
            self.changed.emit()

    def hold_for(self, request: EditRequest) -> None:
        """Forget the answer if `request` would not have got it (the seed aside)."""
        if self._asked is not None and _essence(self._asked) != _essence(request):
            self.forget()

    def _on_event(self, job: EditJob | None, event: object) -> None:
        if job is None or not self.is_for(job):
            return
        if isinstance(event, Finished):
            request = event.request
            picture = request.picture
            assert picture is not None
            self._background.run(
                lambda: measure(picture, event.picture, request.mask),
                lambda found: self._on_measured(job, Checked(event, found)),
                self._on_failed,
            )
        elif isinstance(event, Failed | Cancelled):
            self._job = None
            self.changed.emit()

    def _on_failed(self, error: Exception) -> None:
        self.forget()
        self.failed.emit(error)

    def _on_measured(self, job: EditJob, checked: Checked) -> None:
        if job is self._job:
            self._job, self.checked = None, checked
            self.changed.emit()
            self.answered.emit(checked)


def _essence(request: EditRequest) -> tuple[object, ...]:
    words = (request.source_prompt, request.target_prompt)
    return (request.settings, words, request.steps, request.guidance_scale, request.model)
