"""The settings dialog in the real window, by its own widgets."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.commands import COMMANDS
from desktop.keys import set_keys
from desktop.panels.preferences.dialog import SettingsDialog
from desktop.preferences import Preferences
from desktop.session import Session
from desktop.settings.values import EngineValues, ExportValues, Values

OK, CANCEL = QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def alone(dressed: QApplication, qtbot: QtBot) -> SettingsDialog:
    """The dialog by itself, which is quicker made than a window."""
    set_keys({command.id: command.shortcut for command in COMMANDS}, {})
    dialog = SettingsDialog(Values())
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def opened_dialog(session: Session, command: str = "settings") -> SettingsDialog:
    session.menus.actions[command].trigger()
    return next(d for d in session.window.findChildren(SettingsDialog) if d.isVisible())


def press(qtbot: QtBot, button: QWidget) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_what_is_shown_is_what_comes_out(qtbot: QtBot, dressed: object) -> None:
    values = Values(
        engine=EngineValues(
            model_folders=("/a", "/b"),
            device="cpu",
            precision="bfloat16",
            memory="tiles",
            threads=2,
        ),
        export=ExportValues(recipe=False, place=False),
        shortcuts={"run": "F5", "of_a_plugin": "F6"},
    )
    dialog = SettingsDialog(values)
    qtbot.addWidget(dialog)
    assert dialog.collect() == values


def test_ok_lets_it_count_and_cancel_does_not(
    session: Session, preferences: Preferences, qtbot: QtBot
) -> None:
    for which, counts in ((CANCEL, 512), (OK, 640)):
        dialog = opened_dialog(session)
        memory = dialog.pages[2]
        dialog.show_page(2)
        memory.undo.setFocus()  # type: ignore[attr-defined]
        memory.undo.selectAll()  # type: ignore[attr-defined]
        qtbot.keyClicks(memory.undo, "640")  # type: ignore[attr-defined]
        press(qtbot, dialog.buttons.button(which))
        assert preferences.values.document.undo_megabytes == counts
    assert session.document.undo_stack.cap == 640 << 20


def test_a_search_shows_the_pages_that_are_about_it(alone: SettingsDialog, qtbot: QtBot) -> None:
    dialog = alone

    def shown() -> list[int]:
        rows = range(dialog.list.count())
        return [row for row in rows if not dialog.list.item(row).isHidden()]  # type: ignore[union-attr]

    qtbot.keyClicks(dialog.search, "GPS")
    assert shown() == [3]
    assert dialog.list.currentRow() == 3
    dialog.search.setText("ctrl+shift+e")
    assert shown() == [5]
    dialog.search.setText("nothing of the kind")
    assert shown() == []
    dialog.search.clear()
    assert len(shown()) == len(dialog.pages)


def test_folders_come_and_go(alone: SettingsDialog, qtbot: QtBot) -> None:
    dialog = alone
    folders = dialog.pages[1].folders  # type: ignore[attr-defined]
    assert not folders.remove_button.isEnabled()
    for name in ("/one", "/two", "/one"):
        folders.add(name)
    folders.list.setCurrentRow(0)
    dialog.show_page(1)
    press(qtbot, folders.remove_button)
    assert dialog.collect().engine.model_folders == ("/two",)


def test_new_keys_work_at_once_in_menus_tooltips_and_hints(session: Session, qtbot: QtBot) -> None:
    dialog = opened_dialog(session, "shortcuts")
    page = dialog.shortcuts
    page.choose("run")
    qtbot.keyClick(page.editor, Qt.Key.Key_F5)
    assert page.keys()["run"] == "F5"
    press(qtbot, dialog.buttons.button(OK))
    action = session.menus.actions["run"]
    assert [key.toString() for key in action.shortcuts()] == ["F5"]
    assert "(F5)" in action.toolTip()
    assert "F5" in session.window.panel.run_button.toolTip()
    assert "F5" in session.window.foot.hint.text()
    session.preferences.replace(session.preferences.values.model_copy(update={"shortcuts": {}}))
    assert action.shortcuts()[0] == QKeySequence("Ctrl+Return")
    assert "Ctrl+Enter" in session.window.foot.hint.text()


def test_a_conflict_is_said_and_refused_until_it_is_solved(
    alone: SettingsDialog, qtbot: QtBot
) -> None:
    dialog = alone
    dialog.show_page(-1)
    page, ok = dialog.shortcuts, dialog.buttons.button(OK)
    page.choose("eraser")
    qtbot.keyClick(page.editor, Qt.Key.Key_B)
    assert "Brush" in page.note.text()
    assert "Brush · Eraser" in dialog.problem.text()
    assert not ok.isEnabled()
    page.choose("brush")
    press(qtbot, page.none_button)
    assert ok.isEnabled()
    assert not dialog.problem.isVisible()
    press(qtbot, page.reset_button)
    assert not ok.isEnabled()
    press(qtbot, page.reset_all_button)
    assert ok.isEnabled()
    assert page.collect(Values()).shortcuts == {}


def test_the_canvas_keeps_its_keys(alone: SettingsDialog) -> None:
    page = alone.shortcuts
    page.choose("lasso")
    page.editor.setKeySequence(QKeySequence("Space"))
    assert "needed by the canvas" in page.note.text()
    assert page.keys()["lasso"] == "L"


def test_shortcuts_are_found_by_name_and_by_keys(alone: SettingsDialog) -> None:
    page = alone.shortcuts

    def found() -> list[str]:
        items = (page.table.topLevelItem(row) for row in range(page.table.topLevelItemCount()))
        return [item.text(0) for item in items if item is not None and not item.isHidden()]

    page.search.setText("eras")
    assert found() == ["Eraser"]
    page.search.setText("ctrl+shift+e")
    assert "Sweep" in found()
    page.search.setText("wheel")
    assert found() == ["Zoom at the pointer", "Brush size"]


def test_every_control_is_named_and_reached_by_tab(alone: SettingsDialog, qtbot: QtBot) -> None:
    dialog = alone
    kinds = (QAbstractButton, QComboBox, QSpinBox)
    for row, page in enumerate(dialog.pages):
        dialog.show_page(row)
        qtbot.wait(1)
        controls = [w for w in page.findChildren(QWidget) if isinstance(w, kinds) and w.isVisible()]
        assert controls
        for control in controls:
            what = (page.title, type(control).__name__, control.objectName())
            assert control.accessibleName(), what
            assert control.toolTip(), what
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, what
