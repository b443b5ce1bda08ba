from itertools import combinations

from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from desktop.commands import RAIL
from desktop.panels.rail import ActionButton
from desktop.session import Session


def test_every_tool_has_its_room_at_every_height(session: Session, qtbot: QtBot) -> None:
    rail = session.window.rail
    buttons = rail.findChildren(ActionButton)
    assert len(buttons) == sum(name is not None for name in RAIL)
    assert "Frame" in [button.accessibleName() for button in buttons]
    for height in (600, 640, 720, 760, 800, 900, 600):
        session.window.resize(900, height)
        qtbot.waitUntil(lambda height=height: session.window.height() == height)
        qtbot.wait(1)
        places = [QRect(button.pos(), button.size()) for button in buttons]
        for button, place in zip(buttons, places, strict=True):
            assert rail.rect().contains(place), (height, button.accessibleName())
            assert button.height() >= button.sizeHint().height(), (height, button.accessibleName())
        assert not any(one.intersects(other) for one, other in combinations(places, 2)), height
