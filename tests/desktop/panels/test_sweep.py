"""The contact sheet, pressed in the window; a fake engine behind."""

from collections.abc import Callable

import numpy as np
from pytestqt.qtbot import QtBot

from core.errors import SamplingError
from core.settings import PromptToPromptSettings, SDEditSettings
from desktop.panels.sweep import SweepDialog
from desktop.session import Session
from desktop.sweep import CellState
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.swapping import SECONDS, open_sweep, press, states

Ended = Callable[[Session], None]


def test_a_sweep_fills_its_cells_and_a_click_makes_a_result(
    prompted: Session, qtbot: QtBot, ended: Ended
) -> None:
    dialog = open_sweep(prompted, qtbot)
    assert len(dialog.cells) == 5
    press(qtbot, dialog.start_button)
    ended(prompted)
    assert states(dialog) == [CellState.FINISHED] * 5
    assert prompted.document.alternatives == ()
    press(qtbot, dialog.cells[1])
    press(qtbot, dialog.cells[3])
    titles = [alternative.title for alternative in prompted.document.alternatives]
    assert titles == ["green apple · 0.40", "green apple · 0.80"]
    chosen = prompted.document.shown
    assert chosen is prompted.document.alternatives[1]
    assert chosen.request.settings == PromptToPromptSettings(inversion_strength=0.8)
    assert chosen.recipe == {"seed": chosen.request.seed}
    press(qtbot, dialog.cells[1])  # it is a result already: look at it again
    assert len(prompted.document.alternatives) == 2
    assert prompted.document.shown is prompted.document.alternatives[0]


def test_all_cells_have_one_seed_and_their_own_strength(
    prompted: Session, qtbot: QtBot, engine: FakeEngine, ended: Ended
) -> None:
    dialog = open_sweep(prompted, qtbot)
    dialog.low.setValue(0.1)
    dialog.high.setValue(0.5)
    press(qtbot, dialog.start_button)
    ended(prompted)
    assert len(set(engine.order)) == 1
    strengths = [button.cell.job.request.settings.inversion_strength for button in dialog.cells]
    assert strengths == [0.1, 0.2, 0.3, 0.4, 0.5]


def test_guidance_gives_rows(prompted: Session, qtbot: QtBot, ended: Ended) -> None:
    prompted.state.set_guidance_scale(4.0)
    dialog = open_sweep(prompted, qtbot)
    dialog.rows.click()
    press(qtbot, dialog.start_button)
    ended(prompted)
    assert [b.cell.job.request.guidance_scale for b in dialog.cells] == [2.0] * 5 + [4.0] * 5 + [
        8.0
    ] * 5
    press(qtbot, dialog.cells[14])
    assert prompted.document.alternatives[0].title == "green apple · 1.00 · 8.0"


def test_stop_gives_up_the_rest_and_keeps_what_is_done(
    prompted: Session, qtbot: QtBot, engine: FakeEngine, ended: Ended
) -> None:
    engine.step_seconds = 0.05
    dialog = open_sweep(prompted, qtbot)
    press(qtbot, dialog.start_button)
    qtbot.waitUntil(lambda: CellState.FINISHED in states(dialog), timeout=SECONDS)
    assert dialog.stop_button.isVisible()
    press(qtbot, dialog.stop_button)
    ended(prompted)
    found = states(dialog)
    assert found[0] is CellState.FINISHED
    assert found[-1] is CellState.CANCELLED
    assert dialog.stop_button.isHidden()
    assert dialog.start_button.isEnabled()
    press(qtbot, dialog.cells[0])
    press(qtbot, dialog.cells[4])
    assert len(prompted.document.alternatives) == 1


def test_closing_the_sheet_gives_up_the_rest(
    prompted: Session, qtbot: QtBot, engine: FakeEngine, ended: Ended
) -> None:
    engine.gate.clear()
    dialog = open_sweep(prompted, qtbot)
    press(qtbot, dialog.start_button)
    press(qtbot, dialog.close_button)
    engine.gate.set()
    ended(prompted)
    assert len(engine.order) <= 1
    assert prompted.document.alternatives == ()


def test_a_failure_is_said_and_ends_the_sweep(
    prompted: Session, qtbot: QtBot, engine: FakeEngine, ended: Ended
) -> None:
    engine.error = SamplingError("step 2 of 3 gave NaN; choose float32.")
    dialog = open_sweep(prompted, qtbot)
    press(qtbot, dialog.start_button)
    ended(prompted)
    found = states(dialog)
    assert found[0] is CellState.FAILED
    assert found[2:] == [CellState.CANCELLED] * 3  # the next one had begun
    assert "NaN" in prompted.window.message.text()


def test_a_sheet_is_of_the_method_that_it_was_opened_for(
    prompted: Session, qtbot: QtBot, ended: Ended
) -> None:
    dialog = open_sweep(prompted, qtbot)
    method = prompted.state.method
    prompted.state.set_method(SDEditSettings)
    press(qtbot, dialog.start_button)
    assert "another method" in prompted.window.message.text()
    assert all(cell.cell is None for cell in dialog.cells)
    prompted.state.set_method(method)
    press(qtbot, dialog.start_button)
    ended(prompted)
    assert states(dialog) == [CellState.FINISHED] * 5


def test_a_sweep_without_a_target_says_what_is_missing(prompted: Session, qtbot: QtBot) -> None:
    prompted.state.set_target_prompt("")
    press(qtbot, prompted.window.panel.sweep_button)
    assert "Make it" in prompted.window.message.text()
    assert not prompted.window.findChildren(SweepDialog)


def test_the_same_picture_after_a_sweep(prompted: Session, qtbot: QtBot, ended: Ended) -> None:
    before = prompted.document.pixels.copy()
    dialog = open_sweep(prompted, qtbot)
    press(qtbot, dialog.start_button)
    ended(prompted)
    assert np.array_equal(prompted.document.pixels, before)
    assert not prompted.document.modified
