"""What a screen reader and a keyboard find: the whole window, every dialog, in both languages.

Dialogs are found by triggering every command that announces one ("…"), so that new ones are walked
without being named here; a dialog's class that nothing opened fails the last test.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QColorDialog,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QMessageBox,
    QPlainTextEdit,
    QScrollBar,
    QStackedWidget,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

import desktop
from core.settings import Job
from desktop import actions
from desktop.language import Language
from desktop.panels import dialogs
from desktop.session import Session
from desktop.state import JOBS

CONTROLS = (
    *(QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox),
    *(QComboBox, QLineEdit, QPlainTextEdit),
)
MUTE_ROLES = (QAccessible.Role.NoRole, QAccessible.Role.Client, QAccessible.Role.Pane)


def controls(top: QWidget) -> list[QWidget]:
    """What can be worked with in a window, but for the parts that Qt builds its controls from."""
    return [
        widget
        for widget in top.findChildren(QWidget)
        if widget.isVisible()
        and widget.window() is top
        and (isinstance(widget, CONTROLS) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and not isinstance(widget, (QScrollBar, QMenu, QMenuBar, QHeaderView))
        and not widget.objectName().startswith("qt_")
        and not type(widget).__name__.startswith("QLineEditIconButton")
        and not isinstance(widget.parent(), (QAbstractSpinBox, QComboBox, QLineEdit))
        and type(widget) is not QAbstractScrollArea
    ]


def told(widget: QWidget, what: QAccessible.Text = QAccessible.Text.Name) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(what)


def problems(top: QWidget, session: Session) -> list[str]:
    """What is wrong with the controls of a window, in words."""
    keys = {
        action.text().rstrip("…").replace("&", ""): action.shortcut()
        for action in session.menus.actions.values()
        if not action.shortcut().isEmpty()
    }
    found: list[str] = []
    for widget in controls(top):
        what = f"{type(widget).__name__} {widget.objectName()!r} in {_path(widget)}"
        interface = QAccessible.queryAccessibleInterface(widget)
        name = interface.text(QAccessible.Text.Name)
        if not name.strip():
            found.append(f"{what} has no name")
        if interface.role() in MUTE_ROLES and not _scrolls(widget):
            found.append(f"{what} ({name}) has the role {interface.role().name}")
        if isinstance(widget, QAbstractButton):
            in_box = isinstance(widget.parent(), (QDialogButtonBox, QMessageBox))
            if not widget.toolTip() and not in_box:
                found.append(f"{what} ({name}) has no tooltip")
            shortcut = keys.get(name)
            shown = shortcut and shortcut.toString(QKeySequence.SequenceFormat.NativeText)
            # Some keys are shorter while a result is looked at; any key will do.
            if shown and top is session.window and "(" not in widget.toolTip():
                found.append(f"{what} ({name}) does not tell its shortcut {shown}")
        if widget.isEnabled() and not _can_be_reached(widget, session):
            found.append(f"{what} ({name}) cannot be reached without a mouse")
    for label in top.findChildren(QLabel):
        if label.isVisible() and label.text() and label.buddy() is None and _names_a_field(label):
            found.append(f"the label {label.text()!r} in {_path(label)} has no buddy")
    return found


def _names_a_field(label: QLabel) -> bool:
    parent = label.parentWidget()
    return parent is not None and any(
        isinstance(widget, CONTROLS)
        and not isinstance(widget, QAbstractButton)
        and widget.isVisible()
        and widget.accessibleName() == label.text()
        for widget in parent.findChildren(QWidget)
    )


def _scrolls(widget: QWidget) -> bool:
    return isinstance(widget, QAbstractScrollArea)


def _can_be_reached(widget: QWidget, session: Session) -> bool:
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus or isinstance(widget.parent(), QComboBox):
        return True
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    if group is not None and group.exclusive():  # arrow keys go from the chosen one to the others
        return any(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in group.buttons())
    action = widget.defaultAction() if isinstance(widget, QToolButton) else None
    return action is not None and action in session.menus.actions.values()


def _path(widget: QWidget) -> str:
    parents: list[str] = []
    parent = widget.parentWidget()
    while parent is not None and len(parents) < 3:
        parents.append(type(parent).__name__)
        parent = parent.parentWidget()
    return " < ".join(parents)


def walk(session: Session, top: QWidget) -> None:
    """No control of a window lacks anything, in either language."""
    found: list[str] = []
    for language in (Language.KOREAN, Language.ENGLISH):
        actions.choose_language(session, language)
        QApplication.processEvents()
        found += [f"{language}: {problem}" for problem in problems(top, session)]
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.fixture
def edited(prompted: Session, ended: Callable[[Session], None]) -> Session:
    """A picture with two results, the first one looked at."""
    prompted.state.set_variations(2)
    actions.run(prompted)
    ended(prompted)
    return prompted


def test_the_welcome_page(session: Session) -> None:
    walk(session, session.window)


@pytest.mark.parametrize("job", JOBS)
def test_the_window_in_each_job(opened: Session, job: Job) -> None:
    opened.state.set_job(job)
    opened.state.set_target_prompt("a green hat")
    opened.say("a message")
    for fold in opened.window.panel.findChildren(QAbstractButton):
        if fold.property("role") == "fold" and not fold.isChecked():
            fold.click()
    walk(opened, opened.window)


def test_the_window_with_results_and_all_panels(edited: Session) -> None:
    edited.document.fill_mask()
    for name in ("layers", "inspect", "rulers", "compare"):
        action = edited.menus.actions[name]
        if not action.isChecked():
            action.trigger()
    walk(edited, edited.window)
    for tool in ("eraser", "paint", "wand", "rectangle", "hand", "frame"):
        edited.menus.actions[tool].trigger()
        QApplication.processEvents()
        assert not problems(edited.window, edited)


def test_a_restoration_that_is_looked_at(opened: Session, ended: Callable[[Session], None]) -> None:
    opened.state.set_job(Job.RESTORE)
    opened.state.set_steps(2)
    opened.document.fill_mask()
    actions.run(opened)
    ended(opened)
    assert opened.window.restoration_bar.isVisible()
    walk(opened, opened.window)


def open_dialogs(session: Session) -> Iterator[QDialog]:
    """Every dialog that a command opens, shown."""
    for name, action in session.menus.actions.items():
        if not action.text().endswith("…") and name != "about":
            continue
        before = {id(w) for w in QApplication.topLevelWidgets() if w.isVisible()}
        action.trigger()
        QApplication.processEvents()
        opened = [
            shown
            for shown in QApplication.topLevelWidgets()
            if isinstance(shown, QDialog) and shown.isVisible() and id(shown) not in before
        ]
        for dialog in opened:
            yield dialog
            dialog.close()
            QApplication.processEvents()


def pages(dialog: QDialog) -> Iterator[QWidget]:
    """Each page of a dialog that has several, shown."""
    for stacked in dialog.findChildren(QStackedWidget):
        for index in range(stacked.count()):
            stacked.setCurrentIndex(index)
            QApplication.processEvents()
            yield stacked.currentWidget()


def test_every_dialog(
    edited: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    monkeypatch.setattr(dialogs, "_show", lambda dialog, _: dialog.deleteLater())
    edited.document.fill_mask()
    edited.window.strip.view.selectAll()
    seen: set[str] = set()
    found: list[str] = []
    for dialog in open_dialogs(edited):
        seen.add(type(dialog).__name__)
        if not isinstance(dialog, QColorDialog):  # which is Qt's own
            assert dialog.windowTitle()
            found += problems(dialog, edited)
            found += [p for _ in pages(dialog) for p in problems(dialog, edited)]
    assert not found, "\n".join(dict.fromkeys(found))
    for module in pkgutil.walk_packages(desktop.__path__, "desktop."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    ours = {c.__name__ for c in QDialog.__subclasses__() if c.__module__.startswith("desktop.")}
    assert ours - seen <= OPENED_ELSEWHERE


OPENED_ELSEWHERE = {"ReconstructionDialog"}
"""Dialogs that come of something else than a command; each has a test below."""


def test_the_reconstruction_dialog(
    prompted: Session, qtbot: QtBot, ended: Callable[[Session], None]
) -> None:
    actions.check_reconstruction(prompted)
    ended(prompted)

    def shown() -> list[QDialog]:
        windows = QApplication.topLevelWidgets()
        return [w for w in windows if isinstance(w, QDialog) and w.isVisible()]

    qtbot.waitUntil(lambda: bool(shown()))
    (dialog,) = shown()
    assert not problems(dialog, prompted), problems(dialog, prompted)
    dialog.close()


def test_the_question_about_unsaved_changes(edited: Session) -> None:
    edited.menus.actions["apply"].trigger()
    edited.window.close()
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    assert not problems(box, edited), problems(box, edited)
    box.reject()
