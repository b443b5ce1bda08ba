"""The window on a small screen, 1024 by 640: nothing is cut off, nothing lies beyond the edge."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget

from desktop import actions
from desktop.language import Language
from desktop.session import Session
from desktop.state import JOBS


def cut_off(window: QWidget) -> list[str]:
    """Texts that have less room than they need, and buttons that are not wholly in sight."""
    found: list[str] = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, (QLabel, QAbstractButton)):
            continue
        what = f"{type(widget).__name__} {widget.text()!r} {widget.accessibleName()}"
        if isinstance(widget, QLabel):
            needed = 0 if widget.wordWrap() else widget.sizeHint().width()
        else:
            needed = widget.minimumSizeHint().width()
        if widget.text() and widget.width() < needed - 1:
            found.append(f"{what} has {widget.width()} of {needed} pixels")
        seen = widget.visibleRegion().boundingRect().size()
        if isinstance(widget, QAbstractButton) and seen != widget.size() and not _scrolls(widget):
            found.append(f"{what} is cut to {seen.toTuple()} of {widget.size().toTuple()}")
    return found


def _scrolls(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    return parent is not None


@pytest.mark.parametrize("language", Language)
def test_nothing_is_cut_off(opened: Session, language: Language) -> None:
    opened.window.resize(1024, 640)
    actions.choose_language(opened, language)
    opened.state.set_target_prompt("a green hat on the left tree")
    for job in JOBS:
        opened.state.set_job(job)
        for _ in range(5):  # layouts follow one another
            QApplication.processEvents()
        assert opened.window.width() == 1024
        assert not cut_off(opened.window), job


def test_a_narrow_window_holds_one_side_panel(opened: Session) -> None:
    window, menu = opened.window, opened.menus.actions
    window.resize(1024, 640)
    menu["layers"].trigger()
    menu["inspect"].trigger()
    assert window.inspect.isVisible()
    assert not window.layers.isVisible()
    assert not menu["layers"].isChecked()
    menu["layers"].trigger()
    assert window.layers.isVisible()
    assert not window.inspect.isVisible()
    assert not menu["inspect"].isChecked()
    window.resize(1440, 900)
    menu["inspect"].trigger()
    assert window.layers.isVisible()
    assert window.inspect.isVisible()
    window.resize(1024, 640)
    QApplication.processEvents()
    assert window.inspect.isVisible()
    assert not window.layers.isVisible()
