"""The whole window, with a fake engine behind the worker."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from core.errors import SamplingError
from core.settings import Job
from desktop import actions, file_actions
from desktop.canvas.tools import ToolKind
from desktop.language import Language
from desktop.session import Session
from desktop.theme import ThemeChoice, current_theme
from tests.desktop.edits import Ended, select_half, swap
from tests.desktop.fake_engine import FakeEngine


def press(qtbot: QtBot, widget: QWidget, key: Qt.Key, control: bool = False) -> None:
    widget.setFocus()
    modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(widget, key, modifier)


def test_control_enter_in_the_prompt_runs(opened: Session, qtbot: QtBot, ended: Ended) -> None:
    panel = opened.window.panel
    qtbot.keyClicks(panel.source.edit, "a red apple")
    qtbot.keyClicks(panel.target.edit, "a green apple")
    press(qtbot, panel.target.edit, Qt.Key.Key_Return, control=True)
    ended(opened)
    (alternative,) = opened.document.alternatives
    assert alternative.title == "green apple"
    assert alternative.request.source_prompt == "a red apple"
    assert opened.document.shown is alternative
    assert panel.target.text() == "a green apple"


def test_typing_marks_the_words_that_differ(opened: Session, qtbot: QtBot) -> None:
    panel = opened.window.panel
    qtbot.keyClicks(panel.source.edit, "a red apple")
    qtbot.keyClicks(panel.target.edit, "a green apple")
    source = panel.source.edit.document().firstBlock().layout().formats()
    target = panel.target.edit.document().firstBlock().layout().formats()
    assert [(f.start, f.length, f.format.fontStrikeOut()) for f in source] == [(2, 3, True)]
    assert [(f.start, f.length, f.format.fontWeight()) for f in target] == [(2, 5, 700)]


def test_a_preview_and_progress_are_shown_while_it_runs(
    opened: Session, qtbot: QtBot, engine: FakeEngine, ended: Ended
) -> None:
    engine.gate.clear()
    opened.state.set_target_prompt("x")
    actions.run(opened)
    status = opened.window.status
    qtbot.waitUntil(status.cancel_button.isVisible)
    engine.gate.set()
    qtbot.waitUntil(lambda: status.progress_text.text().startswith("Step "))
    ended(opened)
    assert not status.cancel_button.isVisible()
    assert status.device.text() == "cpu · float32 · 1 thread"


def test_escape_cancels_and_leaves_the_document_alone(
    opened: Session, qtbot: QtBot, engine: FakeEngine, ended: Ended
) -> None:
    engine.step_seconds = 0.01
    before = opened.document.pixels
    opened.state.set_steps(100)
    opened.state.set_target_prompt("x")
    actions.run(opened)
    assert engine.step.wait(5)
    press(qtbot, opened.canvas, Qt.Key.Key_Escape)
    ended(opened)
    assert opened.document.alternatives == ()
    assert opened.document.pixels is before
    assert engine.closed == 1


def test_the_cancel_button_cancels_and_the_waiting_job_goes_on(
    opened: Session, qtbot: QtBot, engine: FakeEngine, ended: Ended
) -> None:
    engine.step_seconds = 0.01
    opened.state.set_steps(100)
    opened.state.set_target_prompt("first")
    actions.run(opened)
    opened.state.set_steps(2)
    opened.state.set_target_prompt("second")
    actions.run(opened)
    assert opened.window.panel.waiting.text() == "1 waiting"
    assert engine.step.wait(5)
    qtbot.mouseClick(opened.window.status.cancel_button, Qt.MouseButton.LeftButton)
    ended(opened)
    assert [a.title for a in opened.document.alternatives] == ["second"]


def test_what_is_missing_is_said_in_the_window(session: Session, opened: Session) -> None:
    opened.state.set_job(Job.FILL)
    actions.run(opened)
    assert "Paint over" in opened.window.message.text()
    opened.state.set_job(Job.RESTYLE)
    actions.run(opened)
    assert "Make it" in opened.window.message.text()
    actions.escape(opened)
    assert opened.window.message.text() == ""


def test_a_notice_of_the_engine_is_said_until_the_next_run(
    opened: Session, engine: FakeEngine, ended: Ended
) -> None:
    engine.notice = "these words are left out: “red”; shorten the prompt."
    swap(opened, ended)
    assert opened.window.message.text() == engine.notice
    assert len(opened.document.alternatives) == 1
    engine.notice = ""
    swap(opened, ended)
    assert opened.window.message.text() == ""


def test_what_auto_chose_is_told_beside_the_method_and_alarms_nobody(
    opened: Session, engine: FakeEngine, ended: Ended
) -> None:
    engine.notice, engine.choice = "Auto chose ddim-swap: word replaced.", True
    swap(opened, ended)
    assert opened.window.message.text() == ""
    assert opened.window.panel.method_choice.note.toolTip() == engine.notice


def test_an_error_of_the_engine_is_said_and_nothing_changes(
    opened: Session, engine: FakeEngine, ended: Ended
) -> None:
    engine.error = SamplingError("step 2 of 3 gave NaN; choose float32.")
    before = opened.document.pixels
    swap(opened, ended)
    assert opened.window.message.text().endswith("step 2 of 3 gave NaN; choose float32.")
    assert opened.document.pixels is before
    assert opened.window.isEnabled()


def test_the_run_button_says_what_it_will_do(opened: Session) -> None:
    said = {}
    for job in (Job.FILL, Job.SWAP, Job.RESTYLE):
        opened.state.set_job(job)
        said[job] = opened.window.panel.run_button.text()
    assert said == {Job.FILL: "Fill", Job.SWAP: "Swap", Job.RESTYLE: "Restyle"}
    select_half(opened)
    opened.state.set_job(Job.SWAP)
    assert opened.window.panel.run_button.text() == "Swap inside the selection"


def test_after_a_run_with_a_selection_nothing_changed_outside(
    opened: Session, ended: Ended
) -> None:
    select_half(opened)
    swap(opened, ended)
    assert opened.window.status.outside.text() == "0 pixels changed outside"


def test_apply_undo_redo_save_reopen(
    opened: Session, qtbot: QtBot, ended: Ended, tmp_path: Path
) -> None:
    original = opened.document.pixels.copy()
    swap(opened, ended)
    press(qtbot, opened.window.strip.view, Qt.Key.Key_Return)
    assert np.array_equal(opened.document.pixels, 255 - original)
    qtbot.keyClick(opened.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(opened.document.pixels, original)
    redo = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(opened.canvas, Qt.Key.Key_Z, redo)
    assert opened.document.modified
    qtbot.keyClick(opened.canvas, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not opened.document.modified)
    path = opened.document.path
    assert path is not None
    assert np.array_equal(np.asarray(Image.open(path).convert("RGB")), 255 - original)
    file_actions.open_picture(opened, path)
    qtbot.waitUntil(lambda: not opened.document.alternatives)
    assert np.array_equal(opened.document.pixels, 255 - original)


def test_results_by_keyboard(opened: Session, qtbot: QtBot, ended: Ended) -> None:
    for target in ("one", "two", "three"):
        swap(opened, ended, target)
    document, view = opened.document, opened.window.strip.view
    press(qtbot, view, Qt.Key.Key_Left)
    assert document.shown is document.alternatives[1]
    press(qtbot, view, Qt.Key.Key_Delete)
    assert [a.title for a in document.alternatives] == ["one", "three"]
    actions.undo(opened)
    assert len(document.alternatives) == 3
    actions.previous_result(opened)
    actions.escape(opened)
    assert document.shown is None


def test_a_double_click_applies(opened: Session, qtbot: QtBot, ended: Ended) -> None:
    swap(opened, ended)
    view = opened.window.strip.view
    place = view.visualRect(view.model().index(0, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened.document.modified
    assert opened.document.shown is None


def test_an_open_seed_is_drawn_anew_and_a_locked_one_stays(opened: Session, ended: Ended) -> None:
    swap(opened, ended)
    swap(opened, ended)
    first, second = (a.request.seed for a in opened.document.alternatives)
    assert first != second
    opened.window.panel.seed.lock.click()
    swap(opened, ended)
    assert opened.document.alternatives[-1].request.seed == second


def test_letters_choose_tools_and_x_swaps_prompts(opened: Session, qtbot: QtBot) -> None:
    for key, kind in (("E", ToolKind.ERASER), ("H", ToolKind.HAND), ("B", ToolKind.BRUSH)):
        qtbot.keyClicks(opened.canvas, key)
        assert opened.canvas.tool is kind
    opened.state.set_source_prompt("one")
    opened.state.set_target_prompt("two")
    qtbot.keyClicks(opened.canvas, "x")
    assert (opened.state.source_prompt, opened.state.target_prompt) == ("two", "one")
    actions.undo(opened)
    assert opened.state.source_prompt == "one"


def test_letters_typed_into_a_prompt_are_letters(opened: Session, qtbot: QtBot) -> None:
    qtbot.keyClicks(opened.window.panel.target.edit, "box hebe, c.")
    assert opened.state.target_prompt == "box hebe, c."
    assert opened.canvas.tool is ToolKind.BRUSH


def test_sliders_and_numbers_agree(opened: Session, qtbot: QtBot) -> None:
    number = opened.window.panel.main_slider
    number.slider.setValue(30)
    assert getattr(opened.state.settings, "inversion_strength", None) == pytest.approx(0.3)
    number.spin_box.setFocus()
    number.spin_box.selectAll()
    qtbot.keyClicks(number.spin_box, "0.75")
    qtbot.keyClick(number.spin_box, Qt.Key.Key_Return)
    assert number.slider.value() == 75
    assert getattr(opened.state.settings, "inversion_strength", None) == pytest.approx(0.75)


def test_a_number_still_being_typed_counts_for_the_run(
    opened: Session, qtbot: QtBot, ended: Ended
) -> None:
    spin_box = opened.window.panel.steps.spin_box
    spin_box.setFocus()
    spin_box.selectAll()
    qtbot.keyClicks(spin_box, "4")
    opened.state.set_target_prompt("x")
    qtbot.keyClick(spin_box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    ended(opened)
    assert opened.document.alternatives[0].request.steps == 4


def test_korean_and_english_switch_in_the_open_window(opened: Session) -> None:
    actions.choose_language(opened, Language.KOREAN)
    QApplication.processEvents()
    window = opened.window
    assert window.panel.run_button.text() == "바꾸기"
    assert opened.menus.actions["open"].text() == "열기…"
    assert "비트" in window.header.details.text()
    assert "원본" in window.foot.hint.text()
    actions.choose_language(opened, Language.ENGLISH)
    QApplication.processEvents()
    assert window.panel.run_button.text() == "Swap"
    assert opened.preferences.language is Language.ENGLISH


def test_the_theme_button_switches_and_is_remembered(opened: Session) -> None:
    opened.window.header.theme_button.click()
    assert current_theme().name == "light"
    assert opened.preferences.theme is ThemeChoice.LIGHT
    opened.window.header.theme_button.click()
    assert current_theme().name == "dark"


def test_another_picture_gives_up_the_edits_of_the_old_one(
    opened: Session, qtbot: QtBot, engine: FakeEngine, ended: Ended, tmp_path: Path
) -> None:
    engine.gate.clear()
    opened.state.set_target_prompt("x")
    actions.run(opened)
    other = tmp_path / "other.png"
    Image.new("RGB", (30, 20)).save(other)
    file_actions.open_picture(opened, other)
    qtbot.waitUntil(lambda: opened.document.title == "other.png")
    engine.gate.set()
    ended(opened)
    assert opened.document.alternatives == ()


def controls(window: QWidget) -> list[QWidget]:
    return [
        w
        for w in window.findChildren(QWidget)
        if w.focusPolicy() & Qt.FocusPolicy.TabFocus
        and w.window() is window
        and not w.objectName().startswith("qt_")
        and not isinstance(w, QLabel)
    ]


def test_every_control_has_a_name_a_tooltip_and_the_keyboard(opened: Session, ended: Ended) -> None:
    swap(opened, ended)
    found = controls(opened.window)
    assert len(found) > 25
    for widget in found:
        what = f"{type(widget).__name__} {widget.objectName()} {widget.parent()}"
        assert widget.accessibleName() or getattr(widget, "text", str)(), what
        assert widget.toolTip() or widget.accessibleDescription(), what
    for action in opened.menus.actions.values():
        assert action.text()
        assert action.toolTip()


def test_no_shortcut_is_used_twice(opened: Session) -> None:
    keys = [k.toString() for a in opened.menus.actions.values() for k in a.shortcuts()]
    assert len(keys) == len(set(keys))


def test_the_whole_edit_by_keyboard(opened: Session, qtbot: QtBot, ended: Ended) -> None:
    """Tab reaches the prompt from the first control; from there on only keys."""
    panel = opened.window.panel
    panel.jobs.buttons[1].setFocus()
    for _ in range(10):
        if QApplication.focusWidget() is panel.source.edit:
            break
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is panel.source.edit
    qtbot.keyClicks(panel.source.edit, "an apple")
    qtbot.keyClick(panel.source.edit, Qt.Key.Key_Tab)
    while QApplication.focusWidget() is not panel.target.edit:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClicks(panel.target.edit, "a pear")
    press(qtbot, panel.target.edit, Qt.Key.Key_Return, control=True)
    ended(opened)
    apply = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(panel.target.edit, Qt.Key.Key_Return, apply)
    assert opened.document.modified


def test_nothing_is_cut_off_in_either_language(opened: Session, ended: Ended, qtbot: QtBot) -> None:
    swap(opened, ended)
    for language in Language:
        actions.choose_language(opened, language)
        qtbot.wait(50)
        for label in opened.window.findChildren(QLabel):
            if label.isVisible() and label.text() and not label.wordWrap():
                assert label.width() >= label.sizeHint().width() - 1, (language, label.text())
        for button in (opened.window.panel.run_button, *opened.window.panel.jobs.buttons):
            assert button.width() >= button.sizeHint().width(), (language, button.text())


def test_the_prompt_is_one_key_away(opened: Session, qtbot: QtBot) -> None:
    opened.canvas.setFocus()
    qtbot.keyClick(opened.canvas, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert opened.window.panel.target.edit.hasFocus()


def test_a_closing_picture_leaves_no_mark_in_the_title(session: Session, qtlog) -> None:
    session.window.show_document("", "", True)
    assert not session.window.isWindowModified()
    assert not [one for one in qtlog.records if not one.ignored]
