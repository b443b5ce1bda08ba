"""Hundreds of jobs in one engine: neither it nor the window holds more than after the first ten.

    pytest -m slow tests/flow/test_leaks.py -s

300 jobs (SFUMATO_JOBS sets another number) on the starter model through the real window: ten
different ones, again and again; some are cancelled and some fail. Prints what both hold.
"""

import os
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.events import Progress
from core.request import EditRequest
from core.settings import (
    DDIMSwapSettings,
    DPSSettings,
    EditFriendlySettings,
    ExtendSettings,
    MaskedFillSettings,
    PromptToPromptSettings,
    RemoveSettings,
    SDEditSettings,
    Settings,
)
from desktop import file_actions
from desktop.jobs.job import Asked, Cancelled, EditJob, Ended, Failed, ends_job
from desktop.session import Session
from resources import path
from tests.flow.memory import Held, HowMuch, held

JOBS = int(os.environ.get("SFUMATO_JOBS", "300"))
GROWTH = 5.0
"""MiB from the first ten jobs to the last."""


class Runner:
    """Runs a job to its end, and asks the engine what it holds."""

    def __init__(self, session: Session, qtbot: QtBot) -> None:
        self.session, self._qtbot = session, qtbot
        self._end: object = None
        self._cancels = False
        self._answer: object = None
        session.queue.happened.connect(self._on_event)
        session.queue.answered.connect(lambda _, answer: setattr(self, "_answer", answer))

    def run(self, request: EditRequest, cancels: bool) -> object:
        self._end, self._cancels = None, cancels
        self.session.queue.submit(EditJob(request, "a job", keep=False))
        self._qtbot.waitUntil(lambda: self._end is not None, timeout=300_000)
        return self._end

    def measure(self) -> tuple[Held, Held]:
        """(window, engine)."""
        self._answer = None
        self.session.queue.ask(Asked(HowMuch()))  # type: ignore[arg-type]
        self._qtbot.waitUntil(lambda: self._answer is not None, timeout=60_000)
        assert isinstance(self._answer, Held), self._answer
        return held(), self._answer

    def _on_event(self, job: EditJob | None, event: object) -> None:
        if job is not None and isinstance(event, Progress) and self._cancels and event.step == 1:
            self.session.queue.cancel(job)
        if job is not None and ends_job(event):
            self._end = event


def jobs(pixels: np.ndarray) -> list[tuple[EditRequest, type, bool]]:
    """(request, how it ends, whether it is cancelled), ten of them."""
    mask = np.zeros(pixels.shape[:2], np.float32)
    mask[40:90, 30:100] = 1
    words = {"source_prompt": "a red apple", "target_prompt": "a green apple", "steps": 4}

    def request(settings: Settings, **changes: object) -> EditRequest:
        return EditRequest(settings, pixels, **{**words, **changes})  # type: ignore[arg-type]

    wrong = PromptToPromptSettings(blend_words=("zeppelin",))
    return [
        (request(SDEditSettings(), variations=2), Ended, False),
        (request(DDIMSwapSettings()), Ended, False),
        (request(MaskedFillSettings(), mask=mask), Ended, False),
        (request(SDEditSettings(), steps=30), Cancelled, True),
        (request(PromptToPromptSettings()), Ended, False),
        (request(wrong), Failed, False),
        (request(RemoveSettings(), mask=mask), Ended, False),
        (request(EditFriendlySettings()), Ended, False),
        (request(DPSSettings(), steps=4), Ended, False),
        (request(ExtendSettings(right=32)), Ended, False),
    ]


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells what is held")
def test_leaks(session: Session, qtbot: QtBot) -> None:
    file_actions.open_picture(session, path("samples") / "orchard.png")
    qtbot.waitUntil(lambda: session.document.has_picture, timeout=60_000)
    runner = Runner(session, qtbot)
    figures: list[tuple[Held, Held]] = []
    rounds = max(2, JOBS // 10)
    for number in range(rounds):
        for request, end, cancels in jobs(session.document.pixels[:128, :128]):
            found = runner.run(request, cancels)
            assert isinstance(found, end), (request.settings, found)
        figures.append(runner.measure())
        print(
            f"{10 * (number + 1):4} jobs: window {figures[-1][0]}, engine {figures[-1][1]}",
            flush=True,
        )
    for name, first, last in zip(("window", "engine"), figures[0], figures[-1], strict=True):
        grown = last.megabytes - first.megabytes
        print(f"{name}: {grown:+.1f} MiB from 10 to {10 * rounds} jobs")
        assert grown < GROWTH, name
        assert last.handles <= first.handles + 2, name
        assert last.threads <= first.threads + 2, name
