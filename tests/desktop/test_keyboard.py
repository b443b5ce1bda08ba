"""A whole edit without a mouse: only keys, sent to the window as the system sends them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from core.settings import Job
from desktop.canvas.tools import ToolKind
from desktop.panels import dialogs
from desktop.session import Session

NONE = Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def press(*keys: Qt.Key, with_: Qt.KeyboardModifier = NONE) -> None:
    """Keys for whatever window is in front; nothing else tells the program what to do."""
    for key in keys:
        top = QApplication.activePopupWidget() or QApplication.activeWindow()
        assert top is not None
        QTest.keyClick(top.window().windowHandle(), key, with_)


def type_in(text: str) -> None:
    for letter in text:
        press(Key(ord(letter.upper())) if letter != " " else Key.Key_Space)


def focus_name() -> str:
    focused = QApplication.focusWidget()
    interface = None if focused is None else QAccessible.queryAccessibleInterface(focused)
    return "" if interface is None else interface.text(QAccessible.Text.Name)


def tab_to(name: str) -> None:
    """Go to a control by Tab, which must reach it within one round."""
    for _ in range(120):
        if focus_name() == name:
            return
        on_canvas = focus_name() == "Canvas"  # where Tab alone shows the original
        press(Key.Key_Tab, with_=CONTROL if on_canvas else NONE)
    raise AssertionError(f"Tab never came to {name}")


@pytest.fixture
def chooser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, picture: Path) -> Path:
    """In the file chooser's place: opens `picture`, and saves to the path that this returns."""
    saved = tmp_path / "edited.png"

    def choose(dialog: QFileDialog, chosen: Callable[[Path], object]) -> None:
        saving = dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
        dialog.deleteLater()
        chosen(saved if saving else picture)

    monkeypatch.setattr(dialogs, "_show", choose)
    return saved


def test_from_the_welcome_page_to_the_saved_picture(
    session: Session, qtbot: QtBot, chooser: Path, ended: Callable[[Session], None]
) -> None:
    session.state.set_steps(3)  # the only thing that is not done by keys: it saves seconds
    window, document = session.window, session.document
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    assert focus_name() == "Open a picture"
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: document.has_picture)
    original = document.pixels.copy()
    assert window.canvas.hasFocus()

    press(Key.Key_F, with_=CONTROL | SHIFT)
    assert session.state.job is Job.FILL
    press(Key.Key_A, with_=CONTROL | SHIFT)
    assert focus_name() == "Left"
    for number in ["16", "8", "32", "24"]:
        for digit in number:
            press(Key(ord(digit)))
        press(Key.Key_Tab)
    press(Key.Key_Return)
    mask = np.zeros(original.shape[:2], np.uint8)
    mask[8:32, 16:48] = 255
    assert np.array_equal(document.mask_u8(), mask)
    window.activateWindow()  # the window system's part, once a dialog is closed
    qtbot.waitUntil(window.canvas.hasFocus)

    press(Key.Key_L, with_=CONTROL)
    type_in("hat")
    assert session.state.target_prompt == "hat"
    press(Key.Key_Return, with_=CONTROL)
    ended(session)
    press(Key.Key_Return, with_=CONTROL)
    ended(session)
    assert len(document.alternatives) == 2
    assert window.panel.target.edit.hasFocus()  # who types is not taken from the prompt

    tab_to("Results")
    press(Key.Key_Left)
    assert document.shown is document.alternatives[0]
    press(Key.Key_Return)
    inside = document.pixels[8:32, 16:48]
    assert np.array_equal(inside, 255 - original[8:32, 16:48])
    press(Key.Key_Z, with_=CONTROL)
    assert np.array_equal(document.pixels, original)
    press(Key.Key_Z, with_=CONTROL | SHIFT)

    press(Key.Key_S, with_=CONTROL | SHIFT)
    qtbot.waitUntil(lambda: chooser.exists() and not document.modified)
    assert np.array_equal(np.asarray(Image.open(chooser).convert("RGB")), document.pixels)
    press(Key.Key_W, with_=CONTROL)
    tab_to("Discard")  # the other result, which a picture file cannot hold
    press(Key.Key_Space)
    window.activateWindow()
    assert not document.has_picture
    qtbot.waitUntil(lambda: focus_name() == "Open a picture")
    press(Key.Key_Q, with_=CONTROL)
    assert not window.isVisible()


def test_the_menus_are_walked_by_keys(opened: Session, qtbot: QtBot) -> None:
    opened.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is opened.window)
    press(Key.Key_E, with_=Qt.KeyboardModifier.AltModifier)
    popup = QApplication.activePopupWidget()
    assert popup is not None
    press(Key.Key_Escape, Key.Key_Escape)
    assert QApplication.activePopupWidget() is None
    assert opened.canvas.hasFocus()


def test_tab_goes_through_everything_and_comes_back(opened: Session, qtbot: QtBot) -> None:
    """From the prompt on, each control once; the canvas, where Tab shows the original, is left by
    Ctrl+Tab and Shift+Tab."""
    opened.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is opened.window)
    press(Key.Key_L, with_=CONTROL)
    first = QApplication.focusWidget()
    seen = [first]
    while len(seen) < 200:
        press(Key.Key_Tab, with_=CONTROL if seen[-1] is opened.canvas else NONE)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.isVisible()
        if focused is first:
            break
        assert focused not in seen
        seen.append(focused)
    assert QApplication.focusWidget() is first
    assert opened.canvas in seen
    opened.canvas.setFocus()
    press(Key.Key_Tab)
    assert QApplication.focusWidget() is opened.canvas
    press(Key.Key_Backtab, with_=SHIFT)
    assert QApplication.focusWidget() is seen[seen.index(opened.canvas) - 1]


def test_a_box_joins_the_selection_and_stays_in_the_picture(opened: Session, qtbot: QtBot) -> None:
    opened.menus.actions["select_box"].trigger()
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    assert dialog.box() == QRect(0, 0, 64, 48)  # type: ignore[attr-defined]
    dialog.left.setValue(60)  # type: ignore[attr-defined]
    dialog.accept()  # type: ignore[attr-defined]
    assert opened.document.mask_u8().sum() == 255 * 4 * 48
    opened.menus.actions["undo"].trigger()
    assert not opened.document.has_mask


def test_a_tools_key_leaves_the_focus_in_sight_where_no_picture_is_open(
    session: Session, qtbot: QtBot
) -> None:
    session.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is session.window)
    press(Key.Key_E)
    assert session.canvas.tool is ToolKind.ERASER
    assert focus_name() == "Open a picture"


def test_who_comes_to_the_canvas_by_tab_sees_it(opened: Session, qtbot: QtBot) -> None:
    canvas = opened.canvas
    opened.window.panel.target.edit.setFocus()
    corner = canvas.grab().toImage().pixelColor(1, canvas.height() // 2)
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    framed = canvas.grab().toImage().pixelColor(1, canvas.height() // 2)
    assert framed == canvas.palette().accent().color()
    assert framed != corner
    canvas.setFocus(Qt.FocusReason.MouseFocusReason)
    opened.window.panel.target.edit.setFocus()
    canvas.setFocus(Qt.FocusReason.MouseFocusReason)
    assert canvas.grab().toImage().pixelColor(1, canvas.height() // 2) == corner


def test_painted_controls_tell_a_screen_reader_what_they_show(opened: Session) -> None:
    def told(widget: QWidget) -> tuple[QAccessible.Role, str]:
        interface = QAccessible.queryAccessibleInterface(widget)
        return interface.role(), interface.text(QAccessible.Text.Value)

    role, size = told(opened.canvas)
    assert role is QAccessible.Role.Canvas
    assert "64 by 48" in size
    opened.state.set_job(Job.SWAP)
    opened.state.set_source_prompt("a red apple")
    opened.state.set_target_prompt("a green apple")
    word = opened.window.panel.words.words[-1]
    assert told(word) == (QAccessible.Role.SpinBox, "1.0")
    assert told(opened.window.panel.frame.anchor)[1] == "column 2, row 2"
