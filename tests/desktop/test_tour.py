"""The tour, with a fake engine: by its own buttons, and by what the user does."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.settings import Job
from desktop import actions, tour
from desktop.preferences import Preferences
from desktop.session import Session
from tests.desktop.fake_engine import FakeEngine

Ended = Callable[[Session], None]
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def touring(session: Session) -> Session:
    session.state.set_steps(2)
    session.menus.actions["tour"].trigger()
    return session


def do(session: Session, qtbot: QtBot) -> None:
    """Press “Do it for me”, and wait for what comes next."""
    coach = session.window.coach
    before = coach.title.text()
    qtbot.mouseClick(coach.do_button, LEFT)
    qtbot.waitUntil(lambda: coach.title.text() != before, timeout=10_000)
    qtbot.waitUntil(lambda: session.queue.is_idle)


def test_it_makes_a_swap_and_a_fill_and_ends(touring: Session, qtbot: QtBot) -> None:
    coach, document = touring.window.coach, touring.document
    places = [coach.place.text()]
    while coach.do_button.isVisible():
        do(touring, qtbot)
        places.append(coach.place.text())
    assert places == [f"{number} of 6" for number in range(1, 7)]
    jobs = [one.request.settings.job for one in document.alternatives]
    assert jobs == [Job.SWAP, Job.FILL]
    assert document.recipe is not None
    fill = document.alternatives[-1]
    assert fill.request.mask is not None
    assert fill.finished.changed_outside == 0
    qtbot.mouseClick(coach.end_button, LEFT)
    assert not coach.isVisible()
    assert touring.tour is None


def test_it_goes_on_by_itself_when_the_user_does_the_thing(
    touring: Session, qtbot: QtBot, ended: Ended
) -> None:
    coach = touring.window.coach
    qtbot.mouseClick(touring.window.welcome.sample_buttons[1], LEFT)
    qtbot.waitUntil(lambda: coach.place.text() == "2 of 6")
    actions.run(touring)
    assert not coach.do_button.isEnabled()
    ended(touring)
    qtbot.waitUntil(lambda: coach.place.text() == "3 of 6")
    actions.apply(touring)
    assert coach.place.text() == "4 of 6"
    actions.select_all(touring)
    touring.state.set_job(Job.FILL)
    assert coach.place.text() == "5 of 6"
    actions.run(touring)
    ended(touring)
    qtbot.waitUntil(lambda: coach.place.text() == "6 of 6")


def test_a_result_that_was_deleted_is_made_again(touring: Session, qtbot: QtBot) -> None:
    for _ in range(2):
        do(touring, qtbot)
    actions.delete(touring)
    qtbot.mouseClick(touring.window.coach.do_button, LEFT)
    qtbot.waitUntil(lambda: bool(touring.document.alternatives) and touring.queue.is_idle)
    do(touring, qtbot)
    assert touring.window.coach.place.text() == "4 of 6"


def test_a_failed_edit_keeps_its_step_and_a_skipped_tour_comes_back(
    touring: Session, engine: FakeEngine, preferences: Preferences, qtbot: QtBot, ended: Ended
) -> None:
    do(touring, qtbot)
    engine.error = RuntimeError("no luck")
    qtbot.mouseClick(touring.window.coach.do_button, LEFT)
    qtbot.waitUntil(lambda: bool(touring.window.message.text()), timeout=10_000)
    ended(touring)
    assert touring.window.coach.place.text() == "2 of 6"
    assert touring.window.coach.do_button.isEnabled()
    assert preferences.values.window.tour_seen
    qtbot.mouseClick(touring.window.coach.end_button, LEFT)
    assert not touring.window.coach.isVisible()
    for _ in range(2):
        touring.menus.actions["tour"].trigger()
    assert touring.window.coach.isVisible()
    assert touring.window.coach.place.text() == "2 of 6"  # the sample is open


def test_it_speaks_the_windows_language_and_names_the_keys_of_now(
    touring: Session, preferences: Preferences, qtbot: QtBot
) -> None:
    do(touring, qtbot)
    assert "(Ctrl+Enter)" in touring.window.coach.text.text()
    preferences.replace(preferences.values.model_copy(update={"shortcuts": {"run": "F5"}}))
    assert "(F5)" in touring.window.coach.text.text()
    preferences.change("window", language="ko")
    QApplication.processEvents()
    assert touring.window.coach.title.text() == "낱말로 물건 바꾸기"
    preferences.change("window", language="en")
    QApplication.processEvents()
    assert touring.window.coach.title.text() == tour.STEPS[1].title
