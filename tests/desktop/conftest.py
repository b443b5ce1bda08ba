"""A dressed application, and a session whose engine is a fake at the worker's boundary."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.settings import Job, PromptToPromptSettings
from desktop.app import build_session, dress
from desktop.jobs.reading import PictureReader
from desktop.language import Language
from desktop.preferences import Preferences
from desktop.session import Session
from desktop.theme import ThemeChoice
from tests.desktop.fake_engine import FakeEngine
from tests.shared_reader import reader as reader


@pytest.fixture(autouse=True, scope="module")
def collected() -> Iterator[None]:
    """As in the program, garbage is collected on the window's thread only, here between modules."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    """Preferences of nobody, in English and dark."""
    chosen = Preferences(tmp_path / "settings.json")
    chosen.language = Language.ENGLISH
    chosen.theme = ThemeChoice.DARK
    return chosen


@pytest.fixture
def dressed(qapp: QApplication) -> QApplication:
    dress(qapp, ThemeChoice.DARK, Language.ENGLISH)
    return qapp


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def session(
    dressed: QApplication,
    qtbot: QtBot,
    preferences: Preferences,
    engine: FakeEngine,
    reader: PictureReader,
) -> Iterator[Session]:
    """A whole window; nothing in it is fake but the engine behind the worker."""
    made = build_session(preferences, lambda: engine, find_models=list, reader=reader)
    made.window.show()
    qtbot.waitExposed(made.window)
    yield made
    engine.gate.set()
    engine.between.set()
    made.close()
    made.window.close_now()
    made.window.deleteLater()
    made.deleteLater()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A small PNG with something to see in it."""
    rows, columns = np.mgrid[:48, :64]
    pixels = np.stack([rows * 5, columns * 3, rows + columns], axis=2).astype(np.uint8)
    path = tmp_path / "meadow.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def opened(session: Session, picture: Path, qtbot: QtBot) -> Session:
    """The session with `picture` open."""
    from desktop import file_actions

    file_actions.open_picture(session, picture)
    qtbot.waitUntil(lambda: session.document.has_picture, timeout=20_000)
    return session


@pytest.fixture
def prompted(opened: Session) -> Session:
    """An open picture with two prompts for Prompt-to-Prompt, in three steps."""
    opened.state.set_job(Job.SWAP)
    opened.state.set_method(PromptToPromptSettings)
    opened.state.set_source_prompt("a red apple")
    opened.state.set_target_prompt("a green apple")
    opened.state.set_steps(3)
    return opened


@pytest.fixture
def ended(qtbot: QtBot) -> Callable[[Session], None]:
    """Wait until the queue of a session is empty."""
    return lambda session: qtbot.waitUntil(lambda: session.queue.is_idle, timeout=10_000)
