"""How long the window stands still: a 16 ms timer on its thread that notes its own lateness."""

import threading
import time
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

PERIOD = 0.016


class Heartbeat(QObject):
    """Runs from `start` to `stop`.

    longest: the longest time between two beats, in seconds, without the time in which the system
        gave the processor to other programs (the sum of what the window's and the engine's
        threads waited for a core; Linux tells it per thread, elsewhere nothing is taken off).
    longest_raw: the same with that time.
    disturbance: the part of all time that those threads waited for a core. Where it is large,
        other programs also slow down what does run, and `longest` says little about the window.
    """

    def __init__(self) -> None:
        super().__init__()
        self.longest = self.longest_raw = 0.0
        self.when = ""
        self.beats = 0
        self.note = "start"
        self._tasks = Path("/proc/self/task")
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self._last = time.perf_counter()
        self._last_waited = self._waited()
        self._started, self._waited_at_start = self._last, self._last_waited
        self._timer.start(round(PERIOD * 1000))

    def stop(self) -> None:
        self._timer.stop()

    @property
    def disturbance(self) -> float:
        return (self._last_waited - self._waited_at_start) / (self._last - self._started)

    def _beat(self) -> None:
        now, waited = time.perf_counter(), self._waited()
        gap = now - self._last
        own = gap - max(0.0, waited - self._last_waited)
        self._last, self._last_waited = now, waited
        self.beats += 1
        self.longest_raw = max(self.longest_raw, gap)
        if own > self.longest:
            self.longest, self.when = own, self.note

    def _waited(self) -> float:
        """Seconds that our Python threads were ready to run and had no core."""
        total = 0.0
        for thread in threading.enumerate():
            try:
                fields = (self._tasks / str(thread.native_id) / "schedstat").read_text().split()
            except OSError:
                continue
            total += int(fields[1]) / 1e9
        return total
