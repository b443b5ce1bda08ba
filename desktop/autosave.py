"""The crash journal: what is not saved yet goes to the disk by itself, off the window's thread."""

from collections.abc import Callable
from pathlib import Path

from platformdirs import user_state_path
from PySide6.QtCore import QObject, QTimer, Signal

from core.documents.document import StoredJob
from core.documents.recovery import About, Journal
from desktop.background import Background
from desktop.document.document import Document
from desktop.document.store import Store
from desktop.jobs.queue import JobQueue
from desktop.state import EditState

SECONDS = 20.0
"""From a change to its autosave; what is younger than that is lost with a crash."""


def recovery_folder() -> Path:
    """Where sessions keep what they have not saved."""
    return user_state_path("sfumato", appauthor=False) / "recovery"


class Autosave(QObject):
    """Writes a snapshot of the document some seconds after it changed.

    Taking the snapshot is all that the window's thread does; arrays are read-only or copied when
    they are written to, so it holds references. What did not change since the last time is not
    packed again.

    Signals
        failed(error): an autosave could not be written; said once until one could be again.
    """

    failed = Signal(Exception)

    def __init__(
        self,
        document: Document,
        state: EditState,
        queue: JobQueue,
        store: Store,
        folder: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._state, self._queue, self._store = document, state, queue, store
        self._journal = Journal(folder)
        self._background = Background(self, threads=1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(1000 * SECONDS))
        self._timer.timeout.connect(self.save)
        self._at_rest = state.values()
        self._said = False
        for changed in (
            *(document.picture_changed, document.pixels_changed, document.mask_changed),
            *(document.alternatives_changed, document.modified_changed, document.layers.changed),
            *(state.changed, queue.changed),
        ):
            changed.connect(self._on_change)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being written and nothing waits to be."""
        return self._background.is_idle and not self._timer.isActive()

    def set_interval(self, seconds: float) -> None:
        """How long after a change it is written."""
        self._timer.setInterval(round(1000 * seconds))

    def rest(self) -> None:
        """What the panels show now is nothing that a crash could take: it was just opened."""
        self._at_rest = self._state.values()
        self._on_change()

    def save(self, done: Callable[[], object] | None = None) -> None:
        """Write what there is now, or remove what was written if there is nothing to lose."""
        if not self._background.is_idle:
            self._timer.start()  # the last one is still being written
            return
        self._timer.stop()
        if not self._would_lose():
            self._background.run(
                self._journal.clear, lambda _: done and done(), lambda error: self._on_failed(error)
            )
            return
        snapshot = self._store.snapshot(
            self._state.values().model_dump(mode="json"), self._unfinished()
        )
        about = About(self._document.title, self._document.path, jobs=len(snapshot.jobs))

        def written(_: object) -> None:
            self._said = False
            if done is not None:
                done()

        self._background.run(
            lambda: self._journal.save(snapshot.stored(), about), written, self._on_failed
        )

    def close(self) -> None:
        """The session ends as it should: nothing is left on the disk."""
        self._timer.stop()
        self._background.close()
        self._journal.close()

    def _would_lose(self) -> bool:
        return self._document.has_picture and (
            self._store.has_unsaved
            or bool(self._unfinished())
            or self._state.values() != self._at_rest
        )

    def _unfinished(self) -> tuple[StoredJob, ...]:
        """The edits that were asked for and have not ended."""
        running = () if self._queue.running is None else (self._queue.running,)
        return tuple(
            StoredJob(job.title, job.request)
            for job in (*running, *self._queue.waiting)
            if job.keep
        )

    def _on_change(self, *_: object) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _on_failed(self, error: Exception) -> None:
        if not self._said:
            self._said = True
            self.failed.emit(error)
