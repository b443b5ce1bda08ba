import logging
import sys
import threading
import zipfile
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop import app
from desktop.diagnostics import logs
from desktop.diagnostics.report import Report
from desktop.panels.report import ReportDialog
from desktop.session import Session
from desktop.settings.values import EngineValues, FileValues, Values


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "logs"
    made.mkdir()
    (made / "window.log").write_text(
        "2026-01-01 10:00:00,000 INFO sfumato.window: Sfumato 0.1.0\n"
        f"2026-01-01 10:00:01,000 ERROR sfumato.window: {Path.home()}/cat.png cannot be read\n"
    )
    (made / "engine-crash.log").write_text("Fatal Python error: Segmentation fault\n")
    return made


def test_it_tells_versions_settings_errors_and_logs(folder: Path) -> None:
    values = Values(
        engine=EngineValues(threads=5, model_folders=("/secret/models",)),
        files=FileValues(folder="/secret/pictures"),
    )
    text = Report(values, {"Qt": "6.0"}, {"torch": "9.9"}, "starter", folder=folder).text()
    for told in ("Qt: 6.0", "torch: 9.9", "Model: starter", '"threads": 5', "Segmentation fault"):
        assert told in text
    assert "== Last errors ==\n2026-01-01 10:00:01" in text
    assert "secret" not in text
    assert str(Path.home()) not in text
    assert "~/cat.png cannot be read" in text


def test_what_nobody_caught_is_said_in_the_window_and_logged_without_prompts(
    prompted: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(logs, "log_folder", lambda: tmp_path / "own")
    root = logging.getLogger()
    before = list(root.handlers)
    app.keep_logs(prompted)
    try:
        sys.excepthook(KeyError, KeyError("a green apple"), None)
        assert "(KeyError)" in prompted.window.message.text()
        text = (tmp_path / "own" / "window.log").read_text("utf-8")
        assert "KeyError" in text
        assert "apple" not in text
    finally:
        logs.leave_out_current(tuple)
        for handler in set(root.handlers) - set(before):
            root.removeHandler(handler)
            handler.close()


def dialog_of(session: Session) -> ReportDialog:
    session.menus.actions["report"].trigger()
    return next(d for d in session.window.findChildren(ReportDialog) if d.isVisible())


def test_prompts_and_pictures_go_along_only_when_ticked(
    prompted: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = dialog_of(prompted)
    qtbot.waitUntil(lambda: "Engine's Python" in dialog.view.toPlainText())
    dialog.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    assert "== Versions ==" in copied
    assert "apple" not in copied
    plain = tmp_path / "report.txt"
    dialog.write(plain)
    assert plain.read_text() == copied

    dialog.prompts.click()
    assert "a green apple" in dialog.view.toPlainText()
    dialog.pictures.click()
    dialog.write(tmp_path / "report.zip")
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        assert archive.namelist() == ["report.txt", "picture.png"]
        assert archive.read("picture.png").startswith(b"\x89PNG")


def test_without_a_picture_there_is_none_to_tick(session: Session) -> None:
    assert not dialog_of(session).pictures.isEnabled()
