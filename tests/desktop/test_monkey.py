"""Random events raise nothing, warn of nothing, and leave a sound document and a window with a
focus behind. A failure names the seed, the event and what came before it."""

import os
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.logging import _QtMessageCapture as QtLoggingCapture
from pytestqt.qtbot import QtBot

from core.errors import SfumatoError
from desktop.app import build_session
from desktop.jobs.job import Failed
from desktop.jobs.reading import PictureReader
from desktop.panels import dialogs
from desktop.preferences import Preferences
from desktop.session import Session
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.monkey import Monkey

PROGRAMMING = {kind.__name__ for kind in Exception.__subclasses__()} - {"OSError"} | {"KeyError"}
"""What a job's message begins with when something failed that nobody foresaw."""
FIRST = int(os.environ.get("SFUMATO_MONKEY_SEED", "10"))


def check_document(session: Session) -> None:
    """What holds of a document at any time."""
    document = session.document
    if not document.has_picture:
        return
    size = document.size
    assert document.pixels.shape[:2] == (size.height(), size.width())
    assert document.mask_u8().shape == document.pixels.shape[:2]
    assert document.shown is None or document.shown in document.alternatives
    for layer in document.stack.layers:
        assert 0 <= layer.opacity <= 1
    assert session.state.frame.picture == document.size


def check_focus(session: Session) -> None:
    """The keyboard always has a place to go to."""
    if QApplication.activePopupWidget() or QApplication.activeModalWidget():
        return
    if QApplication.activeWindow() is session.window:
        focused = QApplication.focusWidget()
        assert focused is not None, "nothing has the focus"
        assert focused.isVisible(), f"{focused} has the focus, and is hidden"
        assert focused.isEnabled(), f"{focused} has the focus, and is grey"


def check_undo(session: Session) -> None:
    """All the way back and forth gives the same picture and selection."""
    document = session.document
    if document.has_picture:
        document.strokes.end()
        pixels, mask = document.pixels.copy(), document.mask_u8().copy()
        stack = document.undo_stack
        end = stack.index()
        stack.setIndex(0)
        stack.setIndex(end)
        assert np.array_equal(document.pixels, pixels)
        assert np.array_equal(document.mask_u8(), mask)


@pytest.fixture
def play(
    dressed: QApplication,
    qtbot: QtBot,
    qtlog: QtLoggingCapture,
    preferences: Preferences,
    reader: PictureReader,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[int, int], Monkey]]:
    """Play so many events with a seed; a window that was closed is followed by another."""
    engine = FakeEngine()
    unexpected: list[str] = []
    original = Session.say_error

    def say_error(session: Session, error: Exception) -> None:
        if not isinstance(error, (SfumatoError, OSError)):
            unexpected.append("".join(traceback.format_exception(error)))
        original(session, error)

    def on_event(_: object, event: object) -> None:
        if isinstance(event, Failed) and event.message.split(":")[0] in PROGRAMMING:
            unexpected.append(f"a job failed: {event.message}")

    def open_window() -> Session:
        session = build_session(preferences, lambda: engine, find_models=list, reader=reader)
        session.queue.happened.connect(on_event)
        session.window.show()
        session.window.activateWindow()
        qtbot.waitExposed(session.window)
        return session

    def close_window(session: Session) -> None:
        for window in QApplication.topLevelWidgets():
            if window is not session.window and window.isVisible():
                window.close()
        session.close()
        session.window.close_now()
        session.window.deleteLater()
        session.deleteLater()
        QApplication.processEvents()

    def check(monkey: Monkey, raised: list[tuple]) -> None:
        check_document(monkey.session)
        check_focus(monkey.session)
        records = [one for one in qtlog.records if not one.ignored]
        assert not [one.message for one in records if one.matches_level("WARNING")]
        assert not unexpected, unexpected[0]
        assert not raised, "".join(traceback.format_exception(raised[0][1]))

    def play(seed: int, events: int) -> Monkey:
        monkey = Monkey(seed, open_window(), engine, tmp_path)
        monkeypatch.setattr(dialogs, "_show", monkey.choose_file)
        with qtbot.captureExceptions() as raised:
            try:
                for number in range(events):
                    monkey.act(number)
                    if not monkey.session.window.isVisible():
                        close_window(monkey.session)
                        monkey.session = open_window()
                    check(monkey, raised)
                check_undo(monkey.session)
                qtbot.waitUntil(lambda: monkey.session.queue.is_idle, timeout=20_000)
                check(monkey, raised)
            except Exception as error:
                done = "\n  ".join(monkey.done)
                raise AssertionError(f"seed {seed}: {error}\nbefore it:\n  {done}") from error
            finally:
                close_window(monkey.session)
        return monkey

    monkeypatch.setattr(Session, "say_error", say_error)
    # What is dragged out of a list or a text would keep Qt in a loop that only a screen ends.
    distance = QApplication.startDragDistance()
    QApplication.setStartDragDistance(100_000)
    yield play
    QApplication.setStartDragDistance(distance)


def test_three_hundred_random_events_raise_nothing(play: Callable[[int, int], Monkey]) -> None:
    monkey = play(1, 300)
    assert len(monkey.kinds) >= 12


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(FIRST, FIRST + 10))
def test_a_thousand_random_events_raise_nothing(
    seed: int, play: Callable[[int, int], Monkey]
) -> None:
    monkey = play(seed, 1000)
    for stall in sorted(monkey.stalls, key=lambda one: -one.cpu)[:8]:
        print(f"{stall.cpu * 1000:.0f} ms of CPU, {stall.wall * 1000:.0f} ms: {stall.what}")
