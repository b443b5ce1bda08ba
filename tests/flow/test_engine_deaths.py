"""The engine dies in every way at every place; the window, the document and the next job live.

    pytest -m slow tests/flow/test_engine_deaths.py -s

50 deaths of each kind (SFUMATO_DEATHS sets another number), on the starter model, through the real
window. Prints how long the next job took to its end.
"""

import os
import time
from collections.abc import Iterator
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.events import Finished
from core.models.library import ModelLibrary
from core.settings import Job
from desktop import actions, file_actions
from desktop.app import build_session, dress
from desktop.jobs.job import Failed
from desktop.jobs.process_engine import ProcessEngine
from desktop.language import Language
from desktop.preferences import Preferences
from desktop.session import Session
from desktop.theme import ThemeChoice
from resources import path
from tests.flow.doomed_engine import DEEDS, PLACES, DoomedEngine

DEATHS = int(os.environ.get("SFUMATO_DEATHS", "50"))


@pytest.fixture
def deed(tmp_path: Path) -> Path:
    return tmp_path / "deed"


@pytest.fixture
def session(qapp: QApplication, qtbot: QtBot, tmp_path: Path, deed: Path) -> Iterator[Session]:
    dress(qapp, ThemeChoice.DARK, Language.ENGLISH)
    library = ModelLibrary([path("models")])
    doomed = partial(DoomedEngine, library, deed)
    made = build_session(
        Preferences(tmp_path / "settings.json"), partial(ProcessEngine, doomed), library.find
    )
    made.window.show()
    qtbot.waitExposed(made.window)
    yield made
    made.close()
    made.window.close_now()
    made.window.deleteLater()
    made.deleteLater()


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("kind", DEEDS)
def test_deaths(session: Session, qtbot: QtBot, deed: Path, kind: str) -> None:
    file_actions.open_picture(session, path("samples") / "orchard.png")
    qtbot.waitUntil(lambda: session.document.has_picture, timeout=60_000)
    session.state.set_job(Job.RESTYLE)
    session.state.set_target_prompt("a pear")
    session.state.set_steps(4)
    ends: list[object] = []
    session.queue.happened.connect(
        lambda _job, event: ends.append(event) if isinstance(event, Finished | Failed) else None
    )

    def run() -> object:
        ends.clear()
        actions.run(session)
        qtbot.waitUntil(lambda: bool(ends), timeout=120_000)
        return ends[0]

    assert isinstance(run(), Finished)
    before = session.document.pixels
    copy = before.copy()
    waits = []
    for number, place in enumerate(islice(cycle(PLACES), DEATHS)):
        deed.write_text(f"{kind} at {place}")
        end = run()
        assert not deed.exists(), "the accident did not happen"
        assert isinstance(end, Failed), (number, place, end)
        assert "memory" in end.message or "engine was lost" in end.message, end.message
        assert session.document.pixels is before
        assert np.array_equal(before, copy)
        assert session.window.isVisible()
        started = time.monotonic()
        assert isinstance(run(), Finished), (number, place)
        waits.append(time.monotonic() - started)
    print(
        f"\n{kind}: {DEATHS} deaths, {DEATHS} next jobs passed; the next job took "
        f"{np.median(waits):.1f} s (median), {max(waits):.1f} s at most"
    )
