"""Files that come into the window, and what becomes of unsaved work when it is closed."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QClipboard, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from desktop import actions, file_actions
from desktop.session import Session
from tests.desktop.edits import Ended, select_half, swap
from tests.desktop.fake_engine import FakeEngine


def test_a_dropped_file_is_opened(session: Session, picture: Path, qtbot: QtBot) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(picture))])
    drop = QDropEvent(
        QPointF(200, 200),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    session.window.dropEvent(drop)
    qtbot.waitUntil(lambda: session.document.has_picture)
    assert session.window.header.title.text() == "meadow.png"


def test_pasting_from_a_clipboard_that_holds_nothing_is_told(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QClipboard, "mimeData", lambda _: None)
    QGuiApplication.clipboard().setText("")
    file_actions.paste(session)
    assert "no picture" in session.window.message.text()


def test_paste_a_picture_and_complain_of_a_text(session: Session) -> None:
    QGuiApplication.clipboard().setText("no picture")
    file_actions.paste(session)
    assert "no picture" in session.window.message.text()
    image = QImage(20, 10, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    file_actions.paste(session)
    assert session.document.pixels.shape == (10, 20, 3)
    assert tuple(session.document.pixels[0, 0]) == (255, 0, 0)


def test_a_file_that_is_no_picture_is_told_and_the_document_stays(
    opened: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    false = tmp_path / "report.png"
    false.write_bytes(b"%PDF-1.7 nothing to see")
    before = opened.document.pixels
    file_actions.open_picture(opened, false)
    qtbot.waitUntil(lambda: "report.png" in opened.window.message.text())
    assert opened.document.pixels is before
    assert opened.document.title == "meadow.png"


def unsaved_box(session: Session) -> QMessageBox:
    return next(b for b in session.window.findChildren(QMessageBox) if b.isVisible())


def test_unsaved_changes_are_asked_about(opened: Session, qtbot: QtBot) -> None:
    select_half(opened)
    opened.window.close()
    box = unsaved_box(opened)
    assert opened.window.isVisible()
    box.button(QMessageBox.StandardButton.Cancel).click()
    assert opened.window.isVisible()
    opened.window.close()
    unsaved_box(opened).button(QMessageBox.StandardButton.Discard).click()
    assert not opened.window.isVisible()


def test_saving_before_closing(opened: Session, qtbot: QtBot, ended: Ended) -> None:
    swap(opened, ended)
    actions.apply(opened)
    opened.window.close()
    unsaved_box(opened).button(QMessageBox.StandardButton.Save).click()
    qtbot.waitUntil(lambda: not opened.window.isVisible())
    assert not opened.document.modified


def test_closing_the_window_during_a_job_ends_cleanly(
    opened: Session, qtbot: QtBot, engine: FakeEngine
) -> None:
    engine.step_seconds = 0.02
    opened.state.set_steps(100)
    opened.state.set_target_prompt("x")
    actions.run(opened)
    assert engine.step.wait(5)
    opened.window.close()
    assert not opened.window.isVisible()
    assert engine.closed == 1
