from itertools import combinations

import pytest
from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from desktop.commands import RAIL
from desktop.panels.rail import ActionButton
from desktop.session import Session


@pytest.mark.parametrize("height", [600, 640, 720, 760, 800, 900])
def test_every_tool_has_its_room_at_every_height(
    opened: Session, qtbot: QtBot, height: int
) -> None:
    opened.window.resize(900, height)
    qtbot.waitUntil(lambda: opened.window.height() == height)
    qtbot.wait(1)
    rail = opened.window.rail
    buttons = rail.findChildren(ActionButton)
    assert len(buttons) == sum(name is not None for name in RAIL)
    places = [QRect(button.pos(), button.size()) for button in buttons]
    for button, place in zip(buttons, places, strict=True):
        assert rail.rect().contains(place), button.accessibleName()
        assert button.height() >= button.sizeHint().height(), button.accessibleName()
    assert not any(one.intersects(other) for one, other in combinations(places, 2))


def test_the_frame_is_at_the_left_edge(opened: Session) -> None:
    names = [button.accessibleName() for button in opened.window.rail.findChildren(ActionButton)]
    assert "Frame" in names
