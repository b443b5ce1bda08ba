"""What is remembered, in the window: who changes it, and what then counts."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from core import offline
from core.errors import OfflineError
from desktop import settings_actions
from desktop.language import Language
from desktop.preferences import Preferences
from desktop.session import Session
from desktop.settings import legacy
from desktop.settings.values import salvage
from desktop.theme import ThemeChoice, current_theme
from tests.desktop.fake_engine import FakeEngine


def test_a_change_is_in_the_file_at_once(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    Preferences(file).change("document", undo_megabytes=99)
    assert Preferences(file).values.document.undo_megabytes == 99


def test_for_this_run_only_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    preferences = Preferences(file)
    preferences.theme = ThemeChoice.SYSTEM
    preferences.for_now(ThemeChoice.LIGHT, Language.KOREAN)
    assert (preferences.theme, preferences.language) == (ThemeChoice.LIGHT, Language.KOREAN)
    preferences.set_amount("grow", 9)
    again = Preferences(file)
    assert again.theme is ThemeChoice.SYSTEM
    assert again.values.window.language is None
    assert again.amount("grow") == 9
    preferences.theme = ThemeChoice.DARK
    assert Preferences(file).theme is ThemeChoice.DARK


def test_what_qsettings_held_is_taken_over(tmp_path: Path) -> None:
    old = QSettings(str(tmp_path / "old.ini"), QSettings.Format.IniFormat)
    assert legacy.taken_over(old) == {}
    place = QByteArray(b"\x01\xd9\x00place")
    for key, value in {
        "window/theme": "light",
        "window/language": "ko",
        "window/geometry": place,
        "canvas/mask_colour": "#00ff80",
        "canvas/rulers": "true",
        "document/undo_megabytes": 77,
        "files/folder": str(tmp_path),
        "selection/grow": "12",
        "selection/feather": "soon",
    }.items():
        old.setValue(key, value)
    old.sync()
    values, lost = salvage(legacy.taken_over(old))
    assert lost == ()
    window = values.window
    assert (window.theme, window.language, window.rulers) == ("light", "ko", True)
    assert QByteArray.fromBase64(window.geometry.encode()) == place
    assert window.mask_colour == "#00ff80"
    assert values.document.undo_megabytes == 77
    assert values.files.folder == str(tmp_path)
    assert values.files.amounts == {"grow": 12}


def test_the_folder_of_old_is_gone(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path / "settings.json")
    preferences.folder = tmp_path / "gone"
    assert preferences.folder == Path.home()


def test_a_damaged_file_is_told_in_the_window(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "broken.json"
    file.write_text("{")
    session.preferences = Preferences(file)
    settings_actions.say_damage(session)
    assert "could not be read" in session.window.message.text()
    file.write_text(json.dumps({"window": {"theme": "mauve"}}))
    session.preferences = Preferences(file)
    settings_actions.say_damage(session)
    assert "window.theme" in session.window.message.text()
    file = tmp_path / "folder.json"
    file.mkdir()
    session.preferences = Preferences(file)
    settings_actions.say_damage(session)
    assert "neither read nor set aside" in session.window.message.text()


def test_everything_counts_at_once_and_what_is_not_written_is_told(
    session: Session, preferences: Preferences, tmp_path: Path
) -> None:
    preferences.change("window", theme="light", mask_colour="#112233", language="ko")
    assert current_theme().name == "light"
    assert session.canvas.mask_colour == QColor("#112233")
    assert session.menus.actions["open"].text() == "열기…"
    preferences.change("window", language="en", mask_colour=None)
    assert session.canvas.mask_colour == QColor(current_theme().accent)
    preferences.change("document", undo_megabytes=32, autosave_seconds=7)
    assert session.document.undo_stack.cap == 32 << 20
    assert session.autosave._timer.interval() == 7000
    badge = session.window.status.offline
    assert badge.text() == "offline"
    preferences.change("privacy", offline=True)
    assert badge.text() == "offline, no downloads"
    with pytest.raises(OfflineError, match=r"the model is not here, and the settings forbid"):
        offline.allow_download("the model")
    preferences.change("privacy", offline=False)
    offline.allow_download("the model")
    (tmp_path / "settings.json").unlink()
    (tmp_path / "settings.json").mkdir()
    preferences.change("window", rulers=True)
    assert "settings.json could not be saved" in session.window.message.text()
    assert preferences.values.window.rulers


def test_another_engine_is_made_and_announced(
    opened: Session, preferences: Preferences, engine: FakeEngine, qtbot: QtBot
) -> None:
    opened.queue.warm_up("starter")
    qtbot.waitUntil(lambda: bool(engine.threads))
    engine.ended = False
    preferences.change("engine", threads=3)
    assert "starts anew" in opened.window.message.text()
    qtbot.waitUntil(lambda: engine.ended)
