"""A window whose engine is the real one, in its own process, with the model that ships."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.models.library import ModelLibrary
from desktop.app import build_session, dress
from desktop.jobs.engine import TorchEngine
from desktop.jobs.process_engine import ProcessEngine
from desktop.jobs.reading import PictureReader
from desktop.language import Language
from desktop.preferences import Preferences
from desktop.session import Session
from desktop.theme import ThemeChoice
from resources import path
from tests.shared_reader import reader as reader


@pytest.fixture
def session(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, reader: PictureReader
) -> Iterator[Session]:
    preferences = Preferences(tmp_path / "settings.json")
    preferences.language = Language.ENGLISH
    dress(qapp, ThemeChoice.DARK, Language.ENGLISH)
    library = ModelLibrary([path("models")])
    made = build_session(
        preferences,
        lambda: ProcessEngine(partial(TorchEngine, library)),
        library.find,
        reader=reader,
    )
    made.window.show()
    qtbot.waitExposed(made.window)
    yield made
    made.close()
    made.window.close_now()
    made.window.deleteLater()
    made.deleteLater()
