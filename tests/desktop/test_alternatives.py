"""Results looked at over the canvas: flicked through, applied, more of a kind, blended."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.settings import Job
from desktop import actions, result_actions
from desktop.panels.blend import BlendDialog
from desktop.session import Session
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.swapping import dialog_of, press

Ended = Callable[[Session], None]
Keys = Callable[..., None]
Key = Qt.Key


@pytest.fixture
def keys(qtbot: QtBot) -> Keys:
    """Press keys on the canvas, which has the focus after a run by its button."""

    def type_keys(session: Session, *wanted: Qt.Key) -> None:
        assert session.canvas.hasFocus() or not session.window.isActiveWindow()
        for key in wanted:
            qtbot.keyClick(session.canvas, key)

    return type_keys


@pytest.fixture
def three(opened: Session, qtbot: QtBot, ended: Ended) -> Session:
    """A restyle in three variations, asked for with the number beside the run button."""
    panel = opened.window.panel
    opened.state.set_job(Job.RESTYLE)
    opened.state.set_steps(2)
    panel.variations.setFocus()
    panel.variations.selectAll()
    qtbot.keyClicks(panel.variations, "3")
    qtbot.keyClicks(panel.target.edit, "a cat")
    press(qtbot, panel.run_button)
    ended(opened)
    return opened


def test_one_run_makes_the_variations_and_shows_the_first(three: Session) -> None:
    results = three.document.alternatives
    assert [one.title for one in results] == ["a cat · 1", "a cat · 2", "a cat · 3"]
    first = results[0].request.seed
    assert [one.request.seed for one in results] == [first, first + 1, first + 2]
    assert all(one.request.variations == 1 for one in results)
    assert three.document.shown is results[0]
    stage = three.window.foot.stage
    assert stage.isVisible()
    assert not three.window.foot.hint.isVisible()
    assert stage.place.text() == "1 of 3"
    assert stage.seed.text() == f"seed {first}"


def test_arrow_keys_flick_through_and_lead_back(three: Session, keys: Keys) -> None:
    document = three.document
    origin = three.canvas.viewport.origin
    keys(three, Key.Key_Right, Key.Key_Right, Key.Key_Right)
    assert document.shown is document.alternatives[2]
    assert three.window.foot.stage.place.text() == "3 of 3"
    assert not three.window.foot.stage.next_button.isEnabled()
    keys(three, Key.Key_Left)
    assert document.shown is document.alternatives[1]
    assert three.canvas.viewport.origin == origin, "the picture does not move meanwhile"
    keys(three, Key.Key_Up)
    assert document.shown is None
    assert three.window.foot.hint.isVisible()
    keys(three, Key.Key_Left)
    assert three.canvas.viewport.origin != origin, "without a result the arrows pan"
    actions.next_result(three)
    keys(three, Key.Key_Home)
    assert document.shown is None


def test_enter_applies_and_undo_takes_it_back(three: Session, keys: Keys, qtbot: QtBot) -> None:
    document = three.document
    before = document.pixels
    chosen = document.alternatives[1]
    keys(three, Key.Key_Right, Key.Key_Return)
    assert np.array_equal(document.pixels, chosen.pixels)
    assert document.shown is None
    assert len(document.alternatives) == 3, "the others stay in the strip"
    qtbot.keyClick(three.canvas, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(document.pixels, before)


def test_delete_discards_and_undo_brings_it_back(three: Session, keys: Keys) -> None:
    document = three.document
    keys(three, Key.Key_Delete)
    assert [one.title for one in document.alternatives] == ["a cat · 2", "a cat · 3"]
    actions.undo(three)
    assert len(document.alternatives) == 3


def test_the_bars_buttons_do_what_they_say(three: Session, qtbot: QtBot) -> None:
    document, stage = three.document, three.window.foot.stage
    press(qtbot, stage.next_button)
    assert document.shown is document.alternatives[1]
    press(qtbot, stage.previous_button)
    assert document.shown is document.alternatives[0]
    press(qtbot, stage.discard_button)
    assert len(document.alternatives) == 2
    actions.next_result(three)
    shown = document.shown
    press(qtbot, stage.apply_button)
    assert shown is not None
    assert np.array_equal(document.pixels, shown.pixels)


def test_the_bar_fits_a_narrow_window(three: Session, qtbot: QtBot) -> None:
    three.window.resize(900, 600)
    three.inspecting.set_open(True)
    stage, button = three.window.foot.stage, three.window.foot.stage.apply_button
    qtbot.waitUntil(lambda: button.isVisible() and button.width() >= button.sizeHint().width())
    assert three.window.width() <= 960
    assert stage.width() <= three.window.foot.width()
    assert not stage.blend_button.isVisible()


def test_cancelling_keeps_the_variations_that_are_finished(
    opened: Session, qtbot: QtBot, engine: FakeEngine, ended: Ended
) -> None:
    engine.between.clear()
    opened.state.set_job(Job.RESTYLE)
    opened.state.set_target_prompt("a cat")
    opened.state.set_variations(4)
    actions.run(opened)
    qtbot.waitUntil(lambda: len(opened.document.alternatives) == 1)
    assert not opened.queue.is_idle
    actions.cancel(opened)
    engine.between.set()
    ended(opened)
    assert [one.title for one in opened.document.alternatives] == ["a cat · 1"]
    assert engine.closed == 1


def test_more_like_this_keeps_the_request_and_moves_the_noise(
    three: Session, qtbot: QtBot, ended: Ended, keys: Keys
) -> None:
    document = three.document
    keys(three, Key.Key_Right)
    liked = document.shown
    assert liked is not None
    press(qtbot, three.window.foot.stage.more_button)
    ended(three)
    new = document.alternatives[3:]
    assert len(new) == 3
    own = liked.request.noise_weights
    for result in new:
        weights = result.request.noise_weights
        assert result.request.with_(blend_with=()).noise_weights == own
        assert weights[liked.request.seed] == pytest.approx(np.cos(0.2 * np.pi / 2))
        assert len(weights) == 2
    assert len({result.request.blend_with for result in new}) == 3
    # More of what is itself one of a kind: its noise lies as near to that one's.
    result_actions.more_like_this(three)
    ended(three)
    child = document.alternatives[6].request.noise_weights
    parent = new[0].request.noise_weights
    near = sum(weight * child.get(seed, 0.0) for seed, weight in parent.items())
    assert near == pytest.approx(np.cos(0.2 * np.pi / 2))


def test_two_results_chosen_in_the_strip_are_blended(
    three: Session, qtbot: QtBot, ended: Ended
) -> None:
    document, view = three.document, three.window.strip.view
    for row, modifier in ((0, Qt.KeyboardModifier.NoModifier), (2, _CONTROL)):
        place = view.visualRect(view.model().index(row, 0)).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, place)
    first, _, third = document.alternatives
    assert three.window.strip.selected() == [first, third]
    assert document.shown is third
    press(qtbot, three.window.foot.stage.blend_button)
    dialog = dialog_of(three, BlendDialog)
    assert [box.currentIndex() for box in dialog.choices] == [0, 2]
    dialog.amount.slider.setFocus()
    assert dialog.amount.value() == 0.5
    press(qtbot, dialog.blend_button)
    ended(three)
    blended = document.alternatives[-1].request.noise_weights
    assert blended[first.request.seed] == pytest.approx(np.sqrt(0.5))
    assert blended[third.request.seed] == pytest.approx(np.sqrt(0.5))
    dialog.amount.spin_box.setValue(0.25)
    press(qtbot, dialog.blend_button)
    ended(three)
    nearer = document.alternatives[-1].request.noise_weights
    assert nearer[first.request.seed] == pytest.approx(np.cos(np.pi / 8))
    dialog.choices[1].setCurrentIndex(0)
    assert not dialog.blend_button.isEnabled(), "with itself there is nothing between"
    dialog.close()


_CONTROL = Qt.KeyboardModifier.ControlModifier


def test_one_result_alone_cannot_be_blended(opened: Session, ended: Ended) -> None:
    opened.state.set_job(Job.RESTYLE)
    opened.state.set_target_prompt("a cat")
    opened.state.set_steps(1)
    actions.run(opened)
    ended(opened)
    result_actions.open_blend(opened)
    assert "two results" in opened.window.message.text()


def test_equal_variations_are_told(opened: Session, engine: FakeEngine, ended: Ended) -> None:
    engine.noisy = False
    opened.state.set_job(Job.RESTYLE)
    opened.state.set_target_prompt("a cat")
    opened.state.set_variations(2)
    opened.state.set_steps(1)
    actions.run(opened)
    ended(opened)
    assert len(opened.document.alternatives) == 2
    assert "draws no noise" in opened.window.message.text()


def test_thumbnails_are_reached_by_the_keyboard(three: Session, qtbot: QtBot) -> None:
    view = three.window.strip.view
    three.window.activateWindow()
    qtbot.waitUntil(three.window.isActiveWindow)
    three.window.foot.stage.blend_button.setFocus()
    for _ in range(4):
        if QApplication.focusWidget() is view:
            break
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    assert QApplication.focusWidget() is view
    qtbot.keyClick(view, Key.Key_Right)
    assert three.document.shown is three.document.alternatives[1]
