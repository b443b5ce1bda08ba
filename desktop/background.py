"""Slow work on files, off the window's thread; the answer comes back on it."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, QThreadPool, Signal

Answer = TypeVar("Answer")


class Background(QObject):
    """Runs functions in a thread pool and calls back on the thread that made it."""

    _answered = Signal(object, object)

    def __init__(self, parent: QObject | None = None, threads: int = 2) -> None:
        """threads: how much is done at once; one keeps the order."""
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._running = 0
        self._answered.connect(self._call)

    @property
    def is_idle(self) -> bool:
        return self._running == 0

    def run(
        self,
        work: Callable[[], Answer],
        done: Callable[[Answer], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Do `work` elsewhere, then call `done` with its answer or `failed` with its exception."""

        def task() -> None:
            try:
                answer = work()
            except Exception as error:
                self._answered.emit(failed, error)
            else:
                self._answered.emit(done, answer)

        self._running += 1
        self._pool.start(task)

    def close(self) -> None:
        """Wait for what is being written; its answers are not delivered any more."""
        self.blockSignals(True)
        self._pool.waitForDone()

    def _call(self, callback: Callable[[object], object], value: object) -> None:
        self._running -= 1
        callback(value)
