"""Files that mean harm, opened in the real window: it lives, and so does what is open in it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from pytestqt.qtbot import QtBot

from desktop import file_actions
from desktop.jobs.reading import PictureReader
from desktop.session import Session
from tests.desktop.jobs.scripted_reading import read


@pytest.fixture(scope="module")
def reader() -> Iterator[PictureReader]:
    """In place of the shared one: what it does with a file stands in the file's name."""
    made = PictureReader(read, seconds=2)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows give up what they are reading and leave the module's reader as it is."""
    monkeypatch.setattr(PictureReader, "close", PictureReader.give_up, raising=True)


def drop(session: Session, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    session.window.dropEvent(event)


def paste(session: Session, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    QGuiApplication.clipboard().setMimeData(data)
    file_actions.paste(session)
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize("way", [file_actions.open_picture, drop, paste])
def test_a_file_that_crashes_its_decoder(
    opened: Session, qtbot: QtBot, tmp_path: Path, way: Callable[[Session, Path], None]
) -> None:
    before = opened.document.pixels
    way(opened, tmp_path / "segfault.png")
    qtbot.waitUntil(lambda: bool(opened.window.message.text()), timeout=20_000)
    said = opened.window.message.text()
    assert said.startswith("The picture cannot be opened: segfault.png stopped the process")
    assert said.endswith("or choose another.")
    assert opened.document.pixels is before
    assert opened.window.isVisible()


def test_a_file_that_never_ends_is_given_up_and_the_next_one_opens(
    opened: Session, qtbot: QtBot, tmp_path: Path, picture: Path
) -> None:
    file_actions.open_picture(opened, tmp_path / "hangs.png")
    qtbot.waitUntil(
        lambda: "hangs.png was given up" in opened.window.message.text(), timeout=20_000
    )
    opened.document.close()
    file_actions.open_picture(opened, picture)
    qtbot.waitUntil(lambda: opened.document.has_picture, timeout=20_000)


def test_closing_the_window_does_not_wait_for_a_file(
    session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    file_actions.open_picture(session, tmp_path / "is halted.png")
    qtbot.waitUntil(lambda: session.reader.is_busy)
    session.close()
    assert session.background.is_idle or not session.window.message.text()
