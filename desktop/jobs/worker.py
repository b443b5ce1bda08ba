"""The one long-lived background thread. It owns the engine; torch is imported nowhere else."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from queue import SimpleQueue

from PySide6.QtCore import QObject, QThread, Signal

from core.errors import SfumatoError
from core.events import EditEvent
from desktop.jobs.engine import Engine, UnexpectedError
from desktop.jobs.job import NO_JOB, Asked, Cancelled, EditJob, Ended, Failed, Loading
from desktop.jobs.throttle import throttled

_journal = logging.getLogger(__name__)


class Restart:
    """Make another engine."""


class Worker(QThread):
    """Runs one job after another and says what happens in one signal: (job id, event).

    Each job that is handed in ends with exactly one of Ended, Failed and Cancelled. The cancel
    flag is looked at between two events of the engine; the generator is then closed, so that its
    ``finally`` blocks put everything back.
    """

    happened = Signal(int, object)
    answered = Signal(int, object)
    """A question's number, and its answer or the exception that it led to."""

    def __init__(self, open_engine: Callable[[], Engine], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("engine")
        self._open_engine = open_engine
        self._inbox: SimpleQueue[EditJob | Asked | str | Restart | None] = SimpleQueue()
        self._stopping = threading.Event()
        self._cancelled: set[int] = set()  # one add or look-up at a time is safe between threads

    # Called on the window's thread.

    def submit(self, job: EditJob) -> None:
        """Run `job` after those that were handed in before it."""
        self._inbox.put(job)

    def ask(self, asked: Asked) -> None:
        """Answer a question, after what was handed in before it."""
        self._inbox.put(asked)

    def warm_up(self, model: str) -> None:
        """Import the engine and load `model`, so that the first edit need not wait for it."""
        self._inbox.put(model)

    def restart(self) -> None:
        """Have another engine made, after what was handed in before."""
        self._inbox.put(Restart())

    def cancel(self, job_id: int) -> None:
        """Give `job_id` up before its next step."""
        self._cancelled.add(job_id)

    def stop(self) -> None:
        """Give everything up and end the thread; returns when it has ended."""
        self._stopping.set()
        self._inbox.put(None)
        self.wait()

    # Runs on the worker's own thread.

    def run(self) -> None:
        engine = self._open_engine()
        try:
            while (item := self._inbox.get()) is not None and not self._stopping.is_set():
                if isinstance(item, EditJob):
                    self._do(item.id, engine, item.request.model, item)
                elif isinstance(item, Restart):
                    engine.close()
                    engine = self._open_engine()
                elif isinstance(item, Asked):
                    self._answer(item, engine)
                else:
                    self._do(NO_JOB, engine, item, None)
        finally:
            engine.close()

    def _answer(self, asked: Asked, engine: Engine) -> None:
        try:
            if not engine.prepare(self._stopping.is_set):
                return
            answer = engine.answer(asked.question, self._stopping.is_set)
        except Exception as error:
            if not isinstance(error, SfumatoError | UnexpectedError):
                _log(asked.id, error)
            answer = error
        self.answered.emit(asked.id, answer)

    def _do(self, job_id: int, engine: Engine, model: str, job: EditJob | None) -> None:
        try:
            done = self._prepare(job_id, engine, model)
            if done and job is not None:
                done = self._edit(job, engine)
            if not done:
                self.happened.emit(job_id, Cancelled())
            elif job is not None:
                self.happened.emit(job_id, Ended())
        except SfumatoError as error:
            self.happened.emit(job_id, Failed(str(error), type(error).__name__))
        except UnexpectedError as error:
            self.happened.emit(job_id, Failed(str(error)))
        except Exception as error:
            _log(job_id, error)
            self.happened.emit(job_id, Failed(f"{type(error).__name__}: {error}"))
        finally:
            self._cancelled.discard(job_id)

    def _prepare(self, job_id: int, engine: Engine, model: str) -> bool:
        if self._is_cancelled(job_id):
            return False
        self.happened.emit(job_id, Loading(model))

        def stopped() -> bool:
            return self._is_cancelled(job_id)

        loaded = engine.load(model, stopped) if engine.prepare(stopped) else None
        if loaded is None:
            return False
        self.happened.emit(job_id, loaded)
        return True

    def _edit(self, job: EditJob, engine: Engine) -> bool:
        """True when the job ran to its end, False when it was cancelled."""
        events = engine.edit(
            job.request, inspect=job.inspect, stopped=lambda: self._is_cancelled(job.id)
        )
        try:
            for event in throttled(self._until_cancelled(job.id, events)):
                if self._is_cancelled(job.id):
                    return False
                self.happened.emit(job.id, event)
        finally:
            events.close()
        return not self._is_cancelled(job.id)

    def _until_cancelled(self, job_id: int, events: Iterable[EditEvent]) -> Iterator[EditEvent]:
        for event in events:
            if self._is_cancelled(job_id):
                return
            yield event

    def _is_cancelled(self, job_id: int) -> bool:
        return self._stopping.is_set() or job_id in self._cancelled


def _log(job_id: int, error: Exception) -> None:
    _journal.error("job %d failed", job_id, exc_info=error)
