"""An edit that was too large fails with a button beside its message, which runs it smaller."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.errors import EngineLostError, OutOfMemoryError, SamplingError
from core.settings import Job
from desktop import actions
from desktop.jobs.job import ModelLoaded
from desktop.session import Session
from tests.desktop.fake_engine import FakeEngine

Ended = Callable[[Session], None]


def button(session: Session):
    return session.window.message.remedy_button


def run(session: Session, ended: Ended) -> None:
    actions.run(session)
    ended(session)


@pytest.mark.parametrize("error", [OutOfMemoryError, EngineLostError])
def test_the_same_edit_is_run_at_half_the_size(
    prompted: Session, engine: FakeEngine, qtbot: QtBot, ended: Ended, error: type[Exception]
) -> None:
    engine.error = error("There was not enough of it.")
    run(prompted, ended)
    assert button(prompted).isVisible()
    assert button(prompted).text() == button(prompted).accessibleName() == "Try at half the size"
    assert "less fine detail" in button(prompted).toolTip()
    engine.error = None
    button(prompted).setFocus()
    qtbot.keyClick(button(prompted), Qt.Key.Key_Space)
    ended(prompted)
    assert prompted.window.message.text() == ""
    (result,) = prompted.document.alternatives
    assert result.finished.request.scale == 0.5
    assert np.array_equal(result.finished.request.picture, prompted.document.pixels)


def test_variations_are_made_one_after_the_other(
    prompted: Session, engine: FakeEngine, ended: Ended
) -> None:
    prompted.state.set_job(Job.RESTYLE)
    prompted.state.set_target_prompt("a pear")
    prompted.state.set_variations(3)
    engine.error = OutOfMemoryError("There was not enough of it.")
    run(prompted, ended)
    assert button(prompted).text() == "Try one after the other"
    engine.error = None
    button(prompted).click()
    ended(prompted)
    seeds = [one.finished.request.seed for one in prompted.document.alternatives]
    assert seeds == [seeds[0], seeds[0] + 1, seeds[0] + 2]


def test_on_a_gpu_the_engine_is_made_to_need_less_of_it(
    prompted: Session, engine: FakeEngine, ended: Ended, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is set is kept, as it is in the settings dialog, and the engine starts anew."""

    def load(model: str, stopped: object) -> ModelLoaded:
        chosen = prompted.preferences.values.engine.precision
        return ModelLoaded(model, "cuda", "float32" if chosen == "auto" else chosen, 1)

    monkeypatch.setattr(engine, "load", load)
    engine.error = OutOfMemoryError("There was not enough of it.")
    run(prompted, ended)
    offered = []
    for _ in range(4):
        offered.append(button(prompted).text())
        button(prompted).click()
        ended(prompted)
    assert offered == [
        "Try one network at a time",
        "Try in half precision",
        "Try with the picture in tiles",
        "Try at half the size",
    ]
    values = prompted.preferences.values.engine
    assert (values.memory, values.precision) == ("tiles", "float16")
    assert engine.ended, "it was closed before the next one began"


def test_after_the_smallest_nothing_is_offered(
    prompted: Session, engine: FakeEngine, ended: Ended
) -> None:
    engine.error = OutOfMemoryError("There was not enough of it.")
    run(prompted, ended)
    for _ in range(2):
        assert button(prompted).isVisible()
        button(prompted).click()
        ended(prompted)
    assert not button(prompted).isVisible()
    assert "not enough of it" in prompted.window.message.text()


def test_what_a_smaller_edit_would_not_help_is_not_offered_one(
    prompted: Session, engine: FakeEngine, ended: Ended
) -> None:
    engine.error = SamplingError("The numbers went wrong.")
    run(prompted, ended)
    assert not button(prompted).isVisible()
    engine.load_error = OutOfMemoryError("There is not enough memory for the model.")
    run(prompted, ended)
    assert "for the model" in prompted.window.message.text()
    assert not button(prompted).isVisible()


def test_another_picture_takes_the_offer_away(
    prompted: Session, engine: FakeEngine, ended: Ended
) -> None:
    engine.error = OutOfMemoryError("There was not enough of it.")
    run(prompted, ended)
    prompted.document.close()
    assert prompted.window.message.text() == ""
