"""The Swap panel in the window: methods, words, the check and the sweep; a fake engine behind."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from core.errors import SamplingError
from core.settings import (
    CycleDiffusionSettings,
    DDIMSwapSettings,
    Job,
    PromptToPromptSettings,
    SDEditSettings,
)
from desktop import actions
from desktop.panels.reconstruction import ReconstructionDialog
from desktop.panels.sweep import SweepDialog
from desktop.session import Session
from desktop.state import methods_of
from desktop.sweep import CellState
from tests.desktop.fake_engine import FakeEngine

Ended = Callable[[Session], None]


@pytest.fixture
def swap(opened: Session) -> Session:
    """An open picture and two prompts, three steps."""
    opened.state.set_job(Job.SWAP)
    opened.state.set_method(PromptToPromptSettings)
    opened.state.set_source_prompt("a red apple")
    opened.state.set_target_prompt("a green apple")
    opened.state.set_steps(3)
    return opened


def dialog_of(session: Session, kind: type[QDialog]):
    return next(w for w in session.window.findChildren(kind) if w.isVisible())


def press(qtbot: QtBot, button) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


# -- methods and words --------------------------------------------------------------------------


def test_a_method_is_chosen_set_up_and_run(swap: Session, qtbot: QtBot, ended: Ended) -> None:
    panel = swap.window.panel
    panel.method_choice.box.setFocus()
    wanted = methods_of(Job.SWAP).index(CycleDiffusionSettings)
    while panel.method_choice.box.currentIndex() != wanted:
        down = panel.method_choice.box.currentIndex() < wanted
        qtbot.keyClick(panel.method_choice.box, Qt.Key.Key_Down if down else Qt.Key.Key_Up)
    assert swap.state.method is CycleDiffusionSettings
    assert panel.main_slider.value() == CycleDiffusionSettings().inversion_strength
    panel.method_settings.heading.click()
    panel.method_settings.form.controls["eta"].number.slider.setValue(50)
    panel.method_settings.form.controls["attention"].box.click()
    panel.run_button.click()
    ended(swap)
    sent = swap.document.alternatives[0].request.settings
    assert sent == CycleDiffusionSettings(eta=0.5, attention=True)
    panel.method_settings.reset_button.click()
    assert swap.state.settings == CycleDiffusionSettings()
    assert panel.method_settings.reset_button.isHidden()


def test_settings_that_are_still_being_typed_count(swap: Session, qtbot: QtBot, ended) -> None:
    panel = swap.window.panel
    panel.method_settings.heading.click()
    words = panel.method_settings.form.controls["blend_words"]
    words.line.setFocus()
    qtbot.keyClicks(words.line, "apple")
    qtbot.keyClick(words.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    ended(swap)
    sent = swap.document.alternatives[0].request.settings
    assert sent == PromptToPromptSettings(blend_words=("apple",))


def test_a_words_weight_goes_with_the_edit(swap: Session, qtbot: QtBot, ended: Ended) -> None:
    panel = swap.window.panel
    green = next(word for word in panel.words.words if word.text == "green")
    qtbot.keyClick(green, Qt.Key.Key_PageUp)
    panel.run_button.click()
    ended(swap)
    sent = swap.document.alternatives[0].request.settings
    assert sent == PromptToPromptSettings(weights={"green": 1.5})


def test_words_can_be_turned_only_where_the_method_looks_at_them(swap: Session) -> None:
    words = swap.window.panel.words
    assert all(word.can_be_weighed for word in words.words if word.text == "green")
    swap.state.set_method(DDIMSwapSettings)
    assert not any(word.can_be_weighed for word in words.words)
    assert "does not weigh words" in words.words[0].toolTip()
    swap.state.set_method(CycleDiffusionSettings)
    assert "advanced settings" in words.words[0].toolTip()
    swap.state.set_job(Job.FILL)
    assert words.isHidden()


def test_an_empty_source_says_what_follows_for_the_method(swap: Session) -> None:
    note = swap.window.panel.source_note
    assert note.isHidden()
    swap.state.set_source_prompt(" ")
    assert note.isVisible()
    assert "no words to match" in note.text()
    swap.state.set_method(DDIMSwapSettings)
    assert "inverted without words" in note.text()
    assert "match" not in note.text()
    swap.state.set_method(SDEditSettings)
    assert "does not read it" in note.text()


# -- the reconstruction check ---------------------------------------------------------------------


def check(session: Session, qtbot: QtBot) -> ReconstructionDialog:
    press(qtbot, session.window.panel.reconstruction.check_button)
    qtbot.waitUntil(lambda: session.check.checked is not None)
    return dialog_of(session, ReconstructionDialog)


def test_the_check_shows_pictures_and_figure_and_leaves_the_document_alone(
    swap: Session, qtbot: QtBot, engine: FakeEngine
) -> None:
    engine.loss = 2
    dialog = check(swap, qtbot)
    assert "42.1 dB" in dialog.verdict.text()
    assert dialog.advice.isHidden()
    assert all(not box.image.isNull() for box in dialog.boxes)
    row = swap.window.panel.reconstruction
    assert row.verdict.text() == "Rebuilds the picture at 42.1 dB"
    assert row.check_button.isHidden()
    assert swap.document.alternatives == ()
    assert swap.document.shown is None
    assert swap.document.undo_stack.count() == 0
    request = swap.check.checked.finished.request
    assert request.source_prompt == request.target_prompt == "a red apple"
    assert request.guidance_scale == 1.0
    assert request.settings == PromptToPromptSettings()


def test_a_poor_reconstruction_is_warned_of(
    swap: Session, qtbot: QtBot, engine: FakeEngine
) -> None:
    engine.loss = 40
    dialog = check(swap, qtbot)
    assert "16.1 dB" in dialog.verdict.text()
    assert "Below 25 dB" in dialog.advice.text()
    assert "only 16.1 dB" in swap.window.panel.reconstruction.verdict.text()


def test_the_check_needs_no_target_and_no_source(swap: Session, qtbot: QtBot) -> None:
    swap.state.set_target_prompt("")
    swap.state.set_source_prompt("")
    dialog = check(swap, qtbot)
    assert dialog.verdict.text() == "The picture is rebuilt exactly."


def test_a_rebuilt_picture_becomes_a_result_when_it_is_wanted(swap: Session, qtbot: QtBot) -> None:
    dialog = check(swap, qtbot)
    press(qtbot, dialog.keep_button)
    assert [a.title for a in swap.document.alternatives] == ["reconstruction"]


def test_the_answer_holds_until_something_that_matters_changes(swap: Session, qtbot: QtBot) -> None:
    row = swap.window.panel.reconstruction
    check(swap, qtbot).close()
    swap.state.set_target_prompt("a pear")
    swap.state.set_guidance_scale(9.0)
    assert swap.check.checked is not None
    row.pictures_button.click()
    dialog_of(swap, ReconstructionDialog).close()
    swap.state.set_setting("inversion_strength", 0.3)
    assert swap.check.checked is None
    assert row.check_button.isVisible()
    check(swap, qtbot).close()
    swap.document.fill_mask()
    assert swap.check.checked is None


def test_a_method_without_an_inversion_has_nothing_to_check(swap: Session) -> None:
    swap.state.set_method(SDEditSettings)
    button = swap.window.panel.reconstruction.check_button
    assert not button.isEnabled()
    assert "nothing to rebuild" in button.toolTip()
    actions.check_reconstruction(swap)
    assert "nothing to rebuild" in swap.window.message.text()


def test_a_check_that_is_cancelled_can_be_asked_for_again(
    swap: Session, qtbot: QtBot, engine: FakeEngine, ended: Ended
) -> None:
    engine.gate.clear()
    button = swap.window.panel.reconstruction.check_button
    press(qtbot, button)
    assert not button.isEnabled()
    actions.escape(swap)
    engine.gate.set()
    ended(swap)
    assert button.isEnabled()
    assert button.text() == "Check reconstruction"


# -- the sweep ------------------------------------------------------------------------------------


def open_sweep(session: Session, qtbot: QtBot) -> SweepDialog:
    press(qtbot, session.window.panel.sweep_button)
    return dialog_of(session, SweepDialog)


def states(dialog: SweepDialog) -> list[CellState]:
    return [button.cell.state for button in dialog.cells if button.cell is not None]


def test_a_sweep_fills_its_cells_and_a_click_makes_a_result(
    swap: Session, qtbot: QtBot, ended: Ended
) -> None:
    dialog = open_sweep(swap, qtbot)
    assert len(dialog.cells) == 5
    press(qtbot, dialog.start_button)
    ended(swap)
    assert states(dialog) == [CellState.FINISHED] * 5
    assert swap.document.alternatives == ()
    press(qtbot, dialog.cells[1])
    press(qtbot, dialog.cells[3])
    titles = [alternative.title for alternative in swap.document.alternatives]
    assert titles == ["green apple · 0.40", "green apple · 0.80"]
    chosen = swap.document.shown
    assert chosen is swap.document.alternatives[1]
    assert chosen.request.settings == PromptToPromptSettings(inversion_strength=0.8)
    assert chosen.recipe == {"seed": chosen.request.seed}
    press(qtbot, dialog.cells[1])  # it is a result already: look at it again
    assert len(swap.document.alternatives) == 2
    assert swap.document.shown is swap.document.alternatives[0]


def test_all_cells_have_one_seed_and_their_own_strength(
    swap: Session, qtbot: QtBot, engine: FakeEngine, ended: Ended
) -> None:
    dialog = open_sweep(swap, qtbot)
    dialog.low.setValue(0.1)
    dialog.high.setValue(0.5)
    press(qtbot, dialog.start_button)
    ended(swap)
    assert len(set(engine.order)) == 1
    strengths = [button.cell.job.request.settings.inversion_strength for button in dialog.cells]
    assert strengths == [0.1, 0.2, 0.3, 0.4, 0.5]


def test_guidance_gives_rows(swap: Session, qtbot: QtBot, ended: Ended) -> None:
    swap.state.set_guidance_scale(4.0)
    dialog = open_sweep(swap, qtbot)
    dialog.rows.click()
    press(qtbot, dialog.start_button)
    ended(swap)
    assert [b.cell.job.request.guidance_scale for b in dialog.cells] == [2.0] * 5 + [4.0] * 5 + [
        8.0
    ] * 5
    press(qtbot, dialog.cells[14])
    assert swap.document.alternatives[0].title == "green apple · 1.00 · 8.0"


def test_stop_gives_up_the_rest_and_keeps_what_is_done(
    swap: Session, qtbot: QtBot, engine: FakeEngine, ended: Ended
) -> None:
    engine.step_seconds = 0.05
    dialog = open_sweep(swap, qtbot)
    press(qtbot, dialog.start_button)
    qtbot.waitUntil(lambda: CellState.FINISHED in states(dialog))
    assert dialog.stop_button.isVisible()
    press(qtbot, dialog.stop_button)
    ended(swap)
    found = states(dialog)
    assert found[0] is CellState.FINISHED
    assert found[-1] is CellState.CANCELLED
    assert dialog.stop_button.isHidden()
    assert dialog.start_button.isEnabled()
    press(qtbot, dialog.cells[0])
    press(qtbot, dialog.cells[4])
    assert len(swap.document.alternatives) == 1


def test_closing_the_sheet_gives_up_the_rest(
    swap: Session, qtbot: QtBot, engine: FakeEngine, ended: Ended
) -> None:
    engine.gate.clear()
    dialog = open_sweep(swap, qtbot)
    press(qtbot, dialog.start_button)
    press(qtbot, dialog.close_button)
    engine.gate.set()
    ended(swap)
    assert len(engine.order) <= 1
    assert swap.document.alternatives == ()


def test_a_failure_is_said_and_ends_the_sweep(
    swap: Session, qtbot: QtBot, engine: FakeEngine, ended: Ended
) -> None:
    engine.error = SamplingError("step 2 of 3 gave NaN; choose float32.")
    dialog = open_sweep(swap, qtbot)
    press(qtbot, dialog.start_button)
    ended(swap)
    found = states(dialog)
    assert found[0] is CellState.FAILED
    assert found[2:] == [CellState.CANCELLED] * 3  # the next one had begun
    assert "NaN" in swap.window.message.text()


def test_a_sweep_without_a_target_says_what_is_missing(swap: Session, qtbot: QtBot) -> None:
    swap.state.set_target_prompt("")
    press(qtbot, swap.window.panel.sweep_button)
    assert "Make it" in swap.window.message.text()
    assert not swap.window.findChildren(SweepDialog)


def test_another_picture_closes_sheet_and_check(swap: Session, qtbot: QtBot, ended: Ended) -> None:
    check(swap, qtbot)
    open_sweep(swap, qtbot)
    swap.document.close()
    assert not [w for w in swap.window.findChildren(QDialog) if w.isVisible()]
    assert swap.check.checked is None


def test_every_control_of_the_dialogs_has_a_name_and_a_tooltip(
    swap: Session, qtbot: QtBot, ended: Ended
) -> None:
    from tests.desktop.test_window import controls

    dialog = open_sweep(swap, qtbot)
    press(qtbot, dialog.start_button)
    ended(swap)
    for shown in (dialog, check(swap, qtbot)):
        found = controls(shown)
        assert found
        for widget in found:
            assert widget.accessibleName() or getattr(widget, "text", str)(), widget
            assert widget.toolTip(), widget


def test_the_panel_by_keyboard_from_the_prompt_to_the_check(swap: Session, qtbot: QtBot) -> None:
    panel = swap.window.panel
    panel.target.edit.setFocus()
    seen = []
    for _ in range(40):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget())
    stops = (*panel.words.words[:1], panel.main_slider.spin_box, panel.main_slider.slider)
    stops += (panel.reconstruction.check_button, panel.method_choice.box)
    stops += (panel.method_settings.heading, panel.steps.spin_box)
    places = [seen.index(stop) for stop in stops]
    assert places == sorted(places)


def test_the_same_picture_after_a_sweep(swap: Session, qtbot: QtBot, ended: Ended) -> None:
    before = swap.document.pixels.copy()
    dialog = open_sweep(swap, qtbot)
    press(qtbot, dialog.start_button)
    ended(swap)
    assert np.array_equal(swap.document.pixels, before)
    assert not swap.document.modified
