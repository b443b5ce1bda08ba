"""Windows that die, and what the next one makes of it. The engine alone is a fake."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from core.documents.recovery import find_dead
from core.settings import Job
from desktop import actions, file_actions, recovering
from desktop.autosave import SECONDS, recovery_folder
from desktop.session import Session
from tests.desktop.fake_engine import FakeEngine

ROOT = Path(__file__).parents[2]
Button = QMessageBox.StandardButton


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the session of this test keeps unsaved work."""
    for variable in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "own state"))
    return recovery_folder()


def doomed(picture: Path, state: Path, seconds: float) -> "subprocess.Popen[str]":
    """A window in a process of its own, with `state` as its user's state folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.desktop.doomed_session", str(picture), str(seconds)],
        cwd=ROOT,
        env={**os.environ, "XDG_STATE_HOME": str(state), "LOCALAPPDATA": str(state)},
        stdout=subprocess.PIPE,
        text=True,
    )


def kill(process: "subprocess.Popen[str]") -> float:
    """Kill it; the time when it was dead, in seconds since 1970."""
    process.kill()
    process.wait()
    died = time.time()
    assert process.stdout is not None
    process.stdout.close()
    return died


def wait_for(process: "subprocess.Popen[str]", word: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == word:
            return
    raise AssertionError(f"the window ended before it said {word!r}")


def question(session: Session, qtbot: QtBot) -> QMessageBox:
    """The one question that a start asks."""
    boxes: list[QMessageBox] = []

    def asked() -> bool:
        boxes[:] = [b for b in session.window.findChildren(QMessageBox) if b.isVisible()]
        return bool(boxes)

    qtbot.waitUntil(asked, timeout=10_000)
    assert len(boxes) == 1
    return boxes[0]


def place_of(state: Path) -> Path:
    """The recovery folder below another state folder."""
    return state / recovery_folder().relative_to(recovery_folder().parent.parent)


def test_a_killed_window_is_restored_with_one_question(
    session: Session,
    qtbot: QtBot,
    picture: Path,
    tmp_path: Path,
    engine: FakeEngine,
    ended: Callable[[Session], None],
) -> None:
    state = tmp_path / "state"
    process = doomed(picture, state, 0.3)
    wait_for(process, "working")
    wait_for(process, "kept")
    wait_for(process, "kept")
    died = kill(process)
    recovering.offer(session, place_of(state))
    box = question(session, qtbot)
    assert "meadow.png" in box.informativeText()
    check = box.checkBox()
    assert check is not None
    assert "(1)" in check.text()
    box.button(Button.Yes).click()
    qtbot.waitUntil(lambda: session.document.has_picture, timeout=10_000)
    document = session.document
    original = np.asarray(Image.open(picture))
    assert np.array_equal(document.pixels, original)
    assert document.has_mask
    assert document.path == picture
    assert document.modified
    assert document.alternatives[0].title
    assert np.array_equal(document.alternatives[0].pixels, 255 - original)
    assert session.state.job is Job.SWAP
    assert session.state.target_prompt == "a pear"
    assert 0 <= died - float(session.state.source_prompt) < 30
    ended(session)
    assert len(document.alternatives) == 2  # the edit that hung ran again
    assert document.alternatives[1].request.target_prompt == "a pear"
    # What died is let go of, and this session keeps it now.
    qtbot.waitUntil(lambda: not place_of(state).exists(), timeout=10_000)
    (kept,) = recovery_folder().glob("*/*.sfumato")
    assert kept.is_file()
    session.close()
    assert not recovery_folder().exists()


def left_by_a_dead_session(session: Session, folder: Path, qtbot: QtBot) -> Path:
    """Let `session` lose its lock, as if it had died; what it kept."""
    session.document.fill_mask()
    session.autosave.save()
    qtbot.waitUntil(lambda: any(folder.glob("*/*.sfumato")), timeout=10_000)
    lock = session.autosave._journal._lock
    assert lock is not None
    lock.release()
    (kept,) = folder.glob("*/*.sfumato")
    return kept


def test_later_keeps_it_and_discard_removes_it(opened: Session, qtbot: QtBot, folder: Path) -> None:
    kept = left_by_a_dead_session(opened, folder, qtbot)
    for button in (Button.Cancel, Button.Cancel, Button.Discard):
        assert kept.is_file()
        recovering.offer(opened, folder)
        question(opened, qtbot).button(button).click()
        qtbot.wait(20)
    assert not folder.exists()


def test_damaged_work_is_set_aside_and_the_window_goes_on(
    opened: Session, qtbot: QtBot, folder: Path
) -> None:
    kept = left_by_a_dead_session(opened, folder, qtbot)
    data = bytearray(kept.read_bytes())
    data[data.index(b"IDAT") + 30] ^= 255
    kept.write_bytes(data)
    recovering.offer(opened, folder)
    question(opened, qtbot).button(Button.Yes).click()
    qtbot.waitUntil(lambda: "set aside" in opened.window.message.text(), timeout=10_000)
    (aside,) = folder.iterdir()
    assert aside.read_bytes() == data
    kept.parent.mkdir()
    kept.write_bytes(data[:1000])
    (kept.parent.with_suffix(".lock")).touch()
    opened.window.message.dismiss()
    recovering.offer(opened, folder)  # not even its title can be read: nothing is asked
    qtbot.waitUntil(lambda: "set aside" in opened.window.message.text(), timeout=10_000)
    assert len(list(folder.glob("damaged-*"))) == 2
    assert opened.document.has_picture


def test_nothing_to_lose_leaves_nothing(opened: Session, qtbot: QtBot, folder: Path) -> None:
    opened.autosave.save()
    qtbot.waitUntil(lambda: opened.background.is_idle)
    qtbot.wait(50)
    assert not folder.exists()
    opened.document.fill_mask()
    opened.autosave.save()
    qtbot.waitUntil(lambda: any(folder.glob("*/*.sfumato")), timeout=10_000)
    actions.undo(opened)
    qtbot.waitUntil(lambda: opened.autosave._background.is_idle)
    opened.autosave.save()
    qtbot.waitUntil(lambda: not any(folder.glob("*/*.sfumato")), timeout=10_000)
    opened.close()
    assert not folder.exists()


def test_typed_prompts_are_kept_too(opened: Session, qtbot: QtBot, folder: Path) -> None:
    opened.state.set_source_prompt("a very long description of the meadow")
    opened.autosave.save()
    qtbot.waitUntil(lambda: any(folder.glob("*/*.sfumato")), timeout=10_000)
    qtbot.waitUntil(lambda: opened.autosave._background.is_idle)
    file_actions.save(opened)
    qtbot.waitUntil(lambda: opened.background.is_idle)
    opened.autosave.save()
    qtbot.waitUntil(lambda: not any(folder.glob("*/*.sfumato")), timeout=10_000)


def test_an_autosave_that_fails_is_said_once(
    opened: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(opened.autosave._journal, "_root", tmp_path / "file" / "recovery")
    opened.document.fill_mask()
    opened.autosave.save()
    qtbot.waitUntil(lambda: "cannot be kept" in opened.window.message.text())
    opened.window.message.dismiss()
    qtbot.waitUntil(lambda: opened.autosave._background.is_idle)
    opened.autosave.save()
    qtbot.waitUntil(lambda: opened.autosave._background.is_idle)
    qtbot.wait(20)
    assert opened.window.message.text() == ""


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_twenty_killed_windows(
    session: Session, qtbot: QtBot, picture: Path, tmp_path: Path
) -> None:
    """With the autosave's own interval. Five windows work at a time."""
    chance = random.Random(7)
    lost = []
    for batch in range(4):
        states = [tmp_path / f"state {batch} {at}" for at in range(5)]
        windows = [doomed(picture, state, SECONDS) for state in states]
        for window in windows:
            wait_for(window, "working")
        ends = sorted(time.monotonic() + chance.uniform(25, 60) for _ in windows)
        for window, end, state in zip(windows, ends, states, strict=True):
            time.sleep(max(0.0, end - time.monotonic()))
            died = kill(window)
            recovering.offer(session, place_of(state))
            question(session, qtbot).button(Button.Yes).click()
            qtbot.waitUntil(lambda: session.queue.running is None, timeout=30_000)
            qtbot.waitUntil(lambda s=state: not place_of(s).exists(), timeout=30_000)
            assert session.document.has_mask
            assert len(session.document.alternatives) == 2
            lost.append(died - float(session.state.source_prompt))
            session.document.close()
    print(f"\n{len(lost)} of 20 recovered; seconds lost: at most {max(lost):.1f}, ", end="")
    print(f"on average {np.mean(lost):.1f}")
    assert len(lost) == 20
    assert max(lost) <= 30
    assert find_dead(recovery_folder()) == []
