"""Rulers: what they number, that they can be put away, and the pointer's mark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.canvas.rulers import LABEL_ROOM, TICK_ROOM, spacing
from desktop.session import Session
from tests.desktop.canvas.canvases import at


@given(st.floats(1 / 64, 64))
def test_numbers_have_room_and_are_round(pixel: float) -> None:
    step, parts = spacing(pixel)
    assert step * pixel >= min(LABEL_ROOM, 64) or step == 1
    assert str(step).rstrip("0") in ("1", "2", "5")
    assert step % parts == 0
    assert parts == 1 or step * pixel / parts >= TICK_ROOM


@pytest.mark.parametrize(("pixel", "expected"), [(1.0, (100, 10)), (64.0, (1, 1)), (6.4, (10, 10))])
def test_some_spacings(pixel: float, expected: tuple[int, int]) -> None:
    assert spacing(pixel) == expected


def test_they_come_and_go_and_mark_the_pointer(opened: Session, qtbot: QtBot) -> None:
    across, down = opened.window.ruled.rulers
    assert not across.isVisible()
    qtbot.keyClick(opened.canvas, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert across.isVisible()
    assert down.isVisible()
    assert opened.preferences.values.window.rulers
    QTest.mouseMove(opened.canvas, at(opened.canvas, 33.5, 21.5))
    assert (across.mark, down.mark) == (33, 21)
    blank = across.grab().toImage()
    QTest.mouseMove(opened.canvas, QPoint(1, 1))
    assert across.mark is None
    assert across.grab().toImage() != blank
    qtbot.keyClick(opened.canvas, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert not across.isVisible()
