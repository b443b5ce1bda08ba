"""How late the window's timers are while the engine works, against the same window at rest.

A 16 ms timer, one frame at 60 Hz, in turns of both kinds. Printed are both, their difference, and
the machine's load: what other programs take from the window is in both figures. Linux tells how
long the window's thread waited for a core; without that time, what is left is the window's own.
"""

import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer
from pytestqt.qtbot import QtBot

from core.settings import Job
from desktop import actions, file_actions
from desktop.session import Session
from resources import path

PERIOD = 16  # milliseconds
TURNS, TURN = 6, 3000


class Lateness(QObject):
    """From `start` to `stop`, two columns [n, 2] of milliseconds: how late each tick came, and the
    same without the time that the window's thread waited for a core."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._file = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")

    def start(self) -> None:
        self._late: list[tuple[float, float]] = []
        self._wind()

    def stop(self) -> NDArray[np.float64]:
        self._timer.stop()
        return np.array(self._late)

    def _wind(self) -> None:
        self._due, self._waited = 1000 * time.perf_counter() + PERIOD, self._waiting()
        self._timer.start(PERIOD)

    def _tick(self) -> None:
        late = max(0.0, 1000 * time.perf_counter() - self._due)
        self._late.append((late, max(0.0, late - (self._waiting() - self._waited))))
        self._wind()

    def _waiting(self) -> float:
        return int(self._file.read_text().split()[1]) / 1e6 if self._file.exists() else 0.0


@pytest.mark.benchmark
def test_lateness_of_the_windows_timers(session: Session, qtbot: QtBot) -> None:
    file_actions.open_picture(session, path("samples", "orchard.png"))
    qtbot.waitUntil(lambda: session.document.has_picture, timeout=60_000)
    session.state.set_job(Job.FILL)
    session.document.fill_mask()
    session.state.set_steps(2)
    actions.run(session)
    qtbot.waitUntil(lambda: session.queue.is_idle, timeout=120_000)
    session.state.set_steps(300)
    lateness = Lateness()
    at_rest, at_work = [], []
    for _ in range(TURNS):
        lateness.start()
        qtbot.wait(TURN)
        at_rest.append(lateness.stop())
        actions.run(session)
        lateness.start()
        qtbot.wait(TURN)
        at_work.append(lateness.stop())
        assert session.queue.running is not None, "the edit was over too soon"
        session.queue.cancel_all()
        qtbot.waitUntil(lambda: session.queue.is_idle, timeout=60_000)
    rest, work = np.concatenate(at_rest), np.concatenate(at_work)
    print(f"\nload of the machine {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    for name, late in (("at rest", rest), ("at work", work)):
        p50, p99 = np.percentile(late, (50, 99), axis=0)
        print(
            f"{name}: {len(late)} ticks, median {p50[0]:.1f} ms, p99 {p99[0]:.1f} ms, longest "
            f"{late[:, 0].max():.1f} ms; without waiting for a core p99 {p99[1]:.1f} ms, "
            f"longest {late[:, 1].max():.1f} ms"
        )
    more, own = np.percentile(work, 99, axis=0) - np.percentile(rest, 99, axis=0)
    print(
        f"later at work than at rest, p99: {more:.1f} ms; without waiting for a core {own:.1f} ms"
    )
