"""The reconstruction check, pressed in the window; a fake engine behind."""

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from core.settings import (
    PromptToPromptSettings,
    SDEditSettings,
)
from desktop import actions
from desktop.panels.reconstruction import ReconstructionDialog
from desktop.session import Session
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.swapping import check, dialog_of, press

Ended = Callable[[Session], None]


def test_the_check_shows_pictures_and_figure_and_leaves_the_document_alone(
    prompted: Session, qtbot: QtBot, engine: FakeEngine
) -> None:
    engine.loss = 2
    dialog = check(prompted, qtbot)
    assert "42.1 dB" in dialog.verdict.text()
    assert dialog.advice.isHidden()
    assert all(not box.image.isNull() for box in dialog.boxes)
    row = prompted.window.panel.reconstruction
    assert row.verdict.text() == "Rebuilds the picture at 42.1 dB"
    assert row.check_button.isHidden()
    assert prompted.document.alternatives == ()
    assert prompted.document.shown is None
    assert prompted.document.undo_stack.count() == 0
    request = prompted.check.checked.finished.request
    assert request.source_prompt == request.target_prompt == "a red apple"
    assert request.guidance_scale == 1.0
    assert request.settings == PromptToPromptSettings(guided_steps=1.0)


def test_a_poor_reconstruction_is_warned_of(
    prompted: Session, qtbot: QtBot, engine: FakeEngine
) -> None:
    engine.loss = 40
    dialog = check(prompted, qtbot)
    assert "16.1 dB" in dialog.verdict.text()
    assert "Below 25 dB" in dialog.advice.text()
    assert "only 16.1 dB" in prompted.window.panel.reconstruction.verdict.text()


def test_the_check_needs_no_target_and_no_source(prompted: Session, qtbot: QtBot) -> None:
    prompted.state.set_target_prompt("")
    prompted.state.set_source_prompt("")
    dialog = check(prompted, qtbot)
    assert dialog.verdict.text() == "The picture is rebuilt exactly."


def test_a_rebuilt_picture_becomes_a_result_when_it_is_wanted(
    prompted: Session, qtbot: QtBot
) -> None:
    dialog = check(prompted, qtbot)
    press(qtbot, dialog.keep_button)
    assert [a.title for a in prompted.document.alternatives] == ["reconstruction"]


def test_the_answer_holds_until_something_that_matters_changes(
    prompted: Session, qtbot: QtBot
) -> None:
    row = prompted.window.panel.reconstruction
    check(prompted, qtbot).close()
    prompted.state.set_target_prompt("a pear")
    prompted.state.set_guidance_scale(9.0)
    assert prompted.check.checked is not None
    row.pictures_button.click()
    dialog_of(prompted, ReconstructionDialog).close()
    prompted.state.set_setting("inversion_strength", 0.3)
    assert prompted.check.checked is None
    assert row.check_button.isVisible()
    check(prompted, qtbot).close()
    prompted.document.fill_mask()
    assert prompted.check.checked is None


def test_a_method_without_an_inversion_has_nothing_to_check(prompted: Session) -> None:
    prompted.state.set_method(SDEditSettings)
    button = prompted.window.panel.reconstruction.check_button
    assert not button.isEnabled()
    assert "nothing to rebuild" in button.toolTip()
    actions.check_reconstruction(prompted)
    assert "nothing to rebuild" in prompted.window.message.text()


def test_a_check_that_is_cancelled_can_be_asked_for_again(
    prompted: Session, qtbot: QtBot, engine: FakeEngine, ended: Ended
) -> None:
    engine.gate.clear()
    button = prompted.window.panel.reconstruction.check_button
    press(qtbot, button)
    assert not button.isEnabled()
    actions.escape(prompted)
    engine.gate.set()
    ended(prompted)
    assert button.isEnabled()
    assert button.text() == "Check reconstruction"
