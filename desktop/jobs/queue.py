"""The queue of edits, on the window's thread: who waits, who runs, and what comes of it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop.jobs.engine import Engine
from desktop.jobs.job import NO_JOB, Asked, Cancelled, EditJob, Ended, ends_job
from desktop.jobs.worker import Worker


class JobQueue(QObject):
    """Hands the worker one job at a time, so that cancelling a waiting one touches nobody else.

    Signals
        happened(job, event): what happens to a job; `job` is None for news of the engine.
        answered(int, object): a question's number, and its answer or the exception it led to.
        changed(): the running job or the waiting ones are others than before.
    """

    happened = Signal(object, object)
    answered = Signal(int, object)
    changed = Signal()

    def __init__(self, open_engine: Callable[[], Engine], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[EditJob] = []
        self._running: EditJob | None = None
        self._given_up: set[int] = set()
        self._worker = Worker(open_engine, self)
        self._worker.happened.connect(self._on_event)
        self._worker.answered.connect(self.answered)

    @property
    def running(self) -> EditJob | None:
        return self._running

    @property
    def waiting(self) -> tuple[EditJob, ...]:
        return tuple(self._waiting)

    @property
    def is_idle(self) -> bool:
        return self._running is None and not self._waiting

    def warm_up(self, model: str) -> None:
        """Load the engine and `model` in the background."""
        self._start_worker()
        self._worker.warm_up(model)

    def restart_engine(self) -> None:
        """Have another engine made, after the running job; those that wait go to that one."""
        if self._worker.isRunning():
            self._worker.restart()

    def ask(self, asked: Asked) -> None:
        """Have a question answered between two jobs."""
        self._start_worker()
        self._worker.ask(asked)

    def submit(self, job: EditJob) -> EditJob:
        """Run `job` when those before it are done."""
        self._waiting.append(job)
        self._next()
        self.changed.emit()
        return job

    def cancel(self, job: EditJob) -> None:
        """Give `job` up, whether it waits or runs. One that has ended is left alone."""
        if job in self._waiting:
            self._waiting.remove(job)
            self.happened.emit(job, Cancelled())
            self.changed.emit()
        elif self._running is job and job.id not in self._given_up:
            self._given_up.add(job.id)
            self._worker.cancel(job.id)
            self.changed.emit()

    def cancel_all(self) -> None:
        """Give up all waiting jobs and the running one."""
        for job in (*reversed(self._waiting), self._running):
            if job is not None:
                self.cancel(job)

    def is_cancelling(self) -> bool:
        """True between the wish to cancel the running job and its end."""
        return self._running is not None and self._running.id in self._given_up

    def close(self) -> None:
        """Give everything up and end the worker: returns after the current step at the latest."""
        self._waiting.clear()
        self._running = None
        self._worker.blockSignals(True)
        if self._worker.isRunning():
            self._worker.stop()

    def _start_worker(self) -> None:
        if not self._worker.isRunning():
            self._worker.start()

    def _next(self) -> None:
        if self._running is None and self._waiting:
            self._running = self._waiting.pop(0)
            self._start_worker()
            self._worker.submit(self._running)

    def _on_event(self, job_id: int, event: object) -> None:
        if job_id == NO_JOB:
            self.happened.emit(None, event)
            return
        job = self._running
        if job is None or job.id != job_id:
            return
        given_up = job_id in self._given_up
        if not ends_job(event):
            if not given_up:
                self.happened.emit(job, event)
            return
        self._running = None
        self._given_up.discard(job_id)
        if given_up and isinstance(event, Ended):
            event = Cancelled()  # it was done before the flag was seen; the user no longer wants it
        self._next()
        self.happened.emit(job, event)
        self.changed.emit()
