"""The fill that a package is tried by: it passes, and each way of failing is told."""

from pytestqt.qtbot import QtBot

from desktop.session import Session
from desktop.smoke import Smoke


def outcome(session: Session, qtbot: QtBot, limit: float = 60.0) -> str:
    """What the smoke test says, once, when it is over."""
    told: list[str] = []
    Smoke(session, told.append, limit)
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)
    qtbot.waitUntil(lambda: session.queue.is_idle)
    assert len(told) == 1
    return told[0]


def test_a_fill_that_keeps_the_rest(session: Session, qtbot: QtBot) -> None:
    assert outcome(session, qtbot) == ""


def test_an_engine_that_fails(session: Session, qtbot: QtBot, engine) -> None:
    engine.error = RuntimeError("no such operator")
    assert "no such operator" in outcome(session, qtbot)


def test_a_result_that_does_not_come(session: Session, qtbot: QtBot, engine) -> None:
    engine.gate.clear()
    told: list[str] = []
    Smoke(session, told.append, limit=0.2)
    qtbot.waitUntil(lambda: told == ["no result came in time"], timeout=60_000)
