"""Documents through the window: save, reopen, what is lost otherwise, and files of others."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from core.documents import openraster
from core.settings import Job
from desktop import actions, file_actions
from desktop.panels.export import ExportDialog
from desktop.session import Session

Ended = Callable[[Session], None]
Button = QMessageBox.StandardButton


def work(session: Session, ended: Ended) -> None:
    """A mask, an applied result and one that is not."""
    mask = np.zeros(session.document.pixels.shape[:2], np.uint8)
    mask[5:30, 10:40] = 255
    session.document.set_mask(mask, "half")
    session.state.set_job(Job.SWAP)
    session.state.set_source_prompt("a red apple")
    for target in ("a green apple", "a pear"):
        session.state.set_target_prompt(target)
        session.state.set_steps(2)
        actions.run(session)
        ended(session)
    session.document.apply(session.document.alternatives[0])


def file_dialog(session: Session, qtbot: QtBot) -> QFileDialog:
    found: list[QFileDialog] = []

    def is_open() -> bool:
        found[:] = [d for d in session.window.findChildren(QFileDialog) if d.isVisible()]
        return bool(found)

    qtbot.waitUntil(is_open)
    return found[0]


def choose(session: Session, qtbot: QtBot, path: Path) -> None:
    """Answer the file dialog."""
    dialog = file_dialog(session, qtbot)
    dialog.setDirectory(str(path.parent))
    dialog.selectFile(path.name)
    dialog.accept()


def drop(session: Session, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPoint(50, 50),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    session.window.dropEvent(event)


def box(session: Session) -> QMessageBox:
    return next(b for b in session.window.findChildren(QMessageBox) if b.isVisible())


def test_save_as_a_document_close_and_reopen(
    opened: Session, qtbot: QtBot, ended: Ended, tmp_path: Path
) -> None:
    work(opened, ended)
    document = opened.document
    pixels, mask = document.pixels.copy(), document.mask_u8().copy()
    names = [layer.name for layer in document.layers]
    path = tmp_path / "meadow.sfumato"
    opened.canvas.setFocus()
    qtbot.keySequence(opened.canvas, QKeySequence("Ctrl+Shift+S"))
    assert file_dialog(opened, qtbot).selectedFiles()[0].endswith("meadow.sfumato")
    choose(opened, qtbot, path)
    qtbot.waitUntil(lambda: document.path == path, timeout=10_000)
    assert not opened.store.has_unsaved
    assert opened.window.windowTitle().startswith("meadow.sfumato")
    assert opened.window.message.text() == ""
    file_actions.close(opened)
    assert not document.has_picture  # nothing was asked
    opened.state.set_target_prompt("")
    opened.state.set_job(Job.RESTYLE)
    drop(opened, path)
    qtbot.waitUntil(lambda: document.has_picture, timeout=10_000)
    assert np.array_equal(document.pixels, pixels)
    assert np.array_equal(document.mask_u8(), mask)
    assert [layer.name for layer in document.layers] == names
    assert [one.title for one in document.alternatives] == ["green apple", "pear"]
    assert opened.state.job is Job.SWAP
    assert opened.state.target_prompt == "a pear"
    assert not opened.store.has_unsaved
    # The result can be used as if it had just been made.
    document.apply(document.alternatives[1])
    assert opened.store.has_unsaved
    opened.menus.actions["save"].trigger()
    qtbot.waitUntil(lambda: not opened.store.has_unsaved, timeout=10_000)
    assert len(openraster.read(path).layers) == len(names) + 1


def test_a_plain_picture_says_once_what_it_does_not_hold(
    opened: Session, qtbot: QtBot, ended: Ended
) -> None:
    work(opened, ended)
    message = opened.window.message
    file_actions.save(opened)
    qtbot.waitUntil(lambda: not opened.document.modified)
    assert "2 layers, the selection, 1 result" in message.text()
    message.dismiss()
    opened.document.clear_mask()
    actions.undo(opened)
    file_actions.save(opened)
    qtbot.waitUntil(lambda: opened.background.is_idle)
    assert message.text() == ""


def test_closing_asks_for_results_that_no_file_holds(
    opened: Session, qtbot: QtBot, ended: Ended, tmp_path: Path
) -> None:
    work(opened, ended)
    file_actions.save(opened)
    qtbot.waitUntil(lambda: not opened.document.modified)
    opened.window.close()
    asked = box(opened)
    assert "2 layers, the selection and 1 result" in asked.informativeText()
    asked.button(Button.Save).click()
    path = tmp_path / "kept.sfumato"
    choose(opened, qtbot, path)
    qtbot.waitUntil(lambda: not opened.window.isVisible(), timeout=10_000)
    assert len(openraster.read(path).results) == 2


def test_a_picture_that_was_only_looked_at_closes_without_a_question(opened: Session) -> None:
    opened.window.close()
    assert not opened.window.isVisible()


def test_files_of_other_programs_open_with_their_layers(
    session: Session, qtbot: QtBot, picture: Path, tmp_path: Path
) -> None:
    path = tmp_path / "theirs.ora"
    xml = (
        '<image w="64" h="48"><stack><stack name="g"><layer name="inner" src="data/a.png" '
        'opacity="0.5"/></stack><layer name="below" src="data/a.png"/></stack></image>'
    )
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "image/openraster")
        file.writestr("stack.xml", xml)
        file.write(picture, "data/a.png")
    drop(session, path)
    qtbot.waitUntil(lambda: session.document.has_picture, timeout=10_000)
    assert [layer.name for layer in session.document.layers] == ["below", "inner"]
    assert "groups were taken apart" in session.window.message.text()
    assert np.array_equal(session.document.pixels, np.asarray(Image.open(picture)))


def test_photoshop_documents_go_out_and_come_in(
    opened: Session, qtbot: QtBot, ended: Ended, tmp_path: Path
) -> None:
    pytest.importorskip("psd_tools")
    work(opened, ended)
    pixels = opened.document.pixels.copy()
    path = tmp_path / "out.psd"
    file_actions.save_as(opened)
    choose(opened, qtbot, path)
    qtbot.waitUntil(lambda: opened.document.path == path, timeout=10_000)
    assert "Not in it: the selection, 1 result" in opened.window.message.text()
    opened.document.close()
    drop(opened, path)
    qtbot.waitUntil(lambda: opened.document.has_picture, timeout=10_000)
    assert len(opened.document.layers) == 2
    assert np.array_equal(opened.document.pixels, pixels)


def test_a_damaged_document_leaves_everything_as_it_is(
    opened: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "torn.sfumato"
    path.write_bytes(b"PK\x03\x04" + bytes(900))
    before = opened.document.pixels
    drop(opened, path)
    qtbot.waitUntil(lambda: "torn.sfumato" in opened.window.message.text(), timeout=10_000)
    assert opened.document.pixels is before
    assert opened.document.title == "meadow.png"


def test_a_document_that_cannot_be_written_stays_unsaved(
    opened: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    opened.document.fill_mask()
    path = tmp_path / "missing" / "meadow.sfumato"
    file_actions._write(opened, path, 95, True, None)
    qtbot.waitUntil(lambda: "folder does not exist" in opened.window.message.text())
    assert opened.store.has_unsaved
    assert opened.document.path != path


def test_export_from_a_document_suggests_a_picture(
    opened: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "meadow.sfumato"
    file_actions._write(opened, path, 95, True, None)
    qtbot.waitUntil(lambda: opened.document.path == path, timeout=10_000)
    file_actions.export(opened)
    dialog = next(d for d in opened.window.findChildren(ExportDialog) if d.isVisible())
    dialog.accept()
    assert file_dialog(opened, qtbot).selectedFiles()[0].endswith("meadow.png")
    file_dialog(opened, qtbot).reject()
