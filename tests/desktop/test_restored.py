"""The three views of a restoration, by buttons and keys, and what they say."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from core.restoration.degradations import Downsampling
from core.settings import Job
from desktop.qimage import from_qimage
from desktop.restored import Look, round_above
from desktop.session import Session
from tests.desktop.fake_engine import FakeEngine

LEFT = Qt.MouseButton.LeftButton
Ended = Callable[[Session], None]


@pytest.fixture
def restored(opened: Session, qtbot: QtBot, ended: Ended) -> Session:
    """A restoration of three samples, looked at."""
    opened.state.set_job(Job.RESTORE)
    opened.state.set_setting("samples", 3)
    opened.state.set_steps(2)
    qtbot.mouseClick(opened.window.panel.run_button, LEFT)
    ended(opened)
    assert opened.document.shown is not None
    return opened


def view(session: Session) -> QImage | None:
    return session.canvas._scene._view


def pixels(session: Session) -> np.ndarray:
    image = view(session)
    assert image is not None
    return from_qimage(image)[0]


def test_the_bar_comes_with_a_restoration_and_goes_with_it(
    restored: Session, qtbot: QtBot, ended: Ended
) -> None:
    bar = restored.window.restoration_bar
    assert bar.isVisible()
    assert "within its noise · residual 1.00 ×" in bar.verdict.text()
    assert view(restored) is None
    restored.document.show(None)
    assert not bar.isVisible()
    restored.state.set_job(Job.RESTYLE)
    restored.state.set_target_prompt("a pear")
    qtbot.mouseClick(restored.window.panel.run_button, LEFT)
    ended(restored)
    assert restored.document.shown is not None
    assert not bar.isVisible()


def test_a_residual_beyond_the_noise_is_called_so(
    restored: Session, qtbot: QtBot, ended: Ended
) -> None:
    bar = restored.window.restoration_bar
    restored.state.set_setting("noise", 0.1)
    qtbot.mouseClick(restored.window.panel.run_button, LEFT)
    ended(restored)
    assert "Does not explain the picture · residual 1.50 ×" in bar.verdict.text()
    qtbot.mouseClick(bar.views.buttons[1], LEFT)
    assert pixels(restored).shape == (48, 64, 3)
    assert "0.1000" in bar.note.text()
    assert bar.legend.texts == ("0", "2 ×", "4 × the noise")


def test_uncertainty_has_a_mean_a_spread_and_samples_to_flick_through(
    restored: Session, qtbot: QtBot
) -> None:
    bar = restored.window.restoration_bar
    shown = restored.document.shown
    assert shown is not None
    restoration = shown.finished.restoration
    assert restoration is not None
    qtbot.mouseClick(bar.views.buttons[2], LEFT)
    assert restored.restored.look is Look.SPREAD
    spread = pixels(restored).astype(int).sum(axis=2)
    assert spread[:, :32].min() > spread[:, 32:].max()
    assert bar.legend.isVisible()
    assert bar.legend.texts == ("0", "10", "20 levels")
    assert "of 255 levels" in bar.note.text()
    qtbot.mouseClick(bar.aspects.buttons[0], LEFT)
    assert np.abs(pixels(restored) / 255 - restoration.mean).max() < 0.003
    assert not bar.legend.isVisible()
    qtbot.mouseClick(bar.aspects.buttons[2], LEFT)
    for number in (1, 2, 3, 1):
        assert bar.place.text() == f"{number} of 3"
        assert np.array_equal(pixels(restored), restoration.samples[number - 1])
        qtbot.mouseClick(bar.next_button, LEFT)
    qtbot.mouseClick(bar.previous_button, LEFT)
    assert bar.place.text() == "1 of 3"


def test_keys_look_at_everything_and_escape_leads_back(restored: Session) -> None:
    actions, bar = restored.menus.actions, restored.window.restoration_bar
    actions["view_residual"].trigger()
    assert bar.views.buttons[1].isChecked()
    actions["view_uncertainty"].trigger()
    assert bar.views.buttons[2].isChecked()
    actions["next_sample"].trigger()
    assert restored.restored.look is Look.SAMPLE
    actions["next_sample"].trigger()
    assert bar.place.text() == "2 of 3"
    actions["previous_sample"].trigger()
    assert bar.place.text() == "1 of 3"
    actions["cancel"].trigger()
    assert view(restored) is None
    assert restored.document.shown is not None
    actions["cancel"].trigger()
    assert restored.document.shown is None


def test_one_sample_says_what_is_needed_for_more(
    restored: Session, qtbot: QtBot, ended: Ended
) -> None:
    restored.state.set_setting("samples", 1)
    qtbot.mouseClick(restored.window.panel.run_button, LEFT)
    ended(restored)
    bar = restored.window.restoration_bar
    qtbot.mouseClick(bar.views.buttons[2], LEFT)
    assert "set Samples to 2 or more" in bar.note.text()
    assert not bar.aspects.isVisible()
    assert view(restored) is None


def test_cancelling_in_the_middle_leaves_nothing_half_shown(
    restored: Session, engine: FakeEngine, qtbot: QtBot, ended: Ended
) -> None:
    restored.menus.actions["view_residual"].trigger()
    engine.gate.clear()
    engine.step.clear()
    restored.state.set_steps(5)
    qtbot.mouseClick(restored.window.panel.run_button, LEFT)
    engine.gate.set()
    engine.step_seconds = 0.02
    qtbot.waitUntil(lambda: restored.canvas._scene._preview is not None)
    restored.menus.actions["cancel"].trigger()
    ended(restored)
    assert restored.canvas._scene._preview is None
    assert len(restored.document.alternatives) == 1
    assert view(restored) is not None  # the residual of the result that is looked at
    assert restored.queue.is_idle


@pytest.mark.parametrize(
    ("value", "above"), [(0.0, 1), (1, 1), (1.1, 2), (3, 5), (7, 10), (10, 10), (11, 20)]
)
def test_ends_of_legends_are_round(value: float, above: float) -> None:
    assert round_above(value) == above


def test_an_enlargement_becomes_the_picture_and_is_undone(
    restored: Session, qtbot: QtBot, ended: Ended
) -> None:
    document = restored.document
    restored.state.set_setting("degradations", (Downsampling(factor=2),))
    qtbot.mouseClick(restored.window.panel.run_button, LEFT)
    ended(restored)
    shown = document.shown
    assert shown is not None
    assert shown.pixels.shape == (96, 128, 3)
    restored.menus.actions["view_uncertainty"].trigger()
    assert pixels(restored).shape == (96, 128, 3)
    document.apply(shown)
    assert (document.size.width(), document.size.height()) == (128, 96)
    assert np.array_equal(document.pixels, shown.pixels)
    assert not restored.window.restoration_bar.isVisible()
    document.undo_stack.undo()
    assert (document.size.width(), document.size.height()) == (64, 48)
