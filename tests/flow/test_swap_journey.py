"""A swap on the starter model, all the way: check, sweep, a second prompt from the kept inversion,
a look inside, a mask from a word, a swap within it, and everything undone.
"""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.settings import DDIMSwapSettings
from desktop import file_actions
from desktop.session import Session
from desktop.sweep import CellState
from resources import path
from tests.desktop.swapping import check, open_sweep, press, states

SECONDS = 120_000
LEFT = Qt.MouseButton.LeftButton


def test_from_the_check_to_a_swap_within_a_word(session: Session, qtbot: QtBot) -> None:
    document, edit, panel = session.document, session.window.panel, session.window.inspect
    file_actions.open_picture(session, path("samples", "orchard.png"))
    qtbot.waitUntil(lambda: document.has_picture, timeout=20_000)
    session.state.set_method(DDIMSwapSettings)

    def run(ready: Callable[[], bool]) -> None:
        qtbot.mouseClick(edit.run_button, LEFT)
        qtbot.waitUntil(lambda: ready() or bool(session.window.message.text()), timeout=SECONDS)
        assert session.window.message.text() == ""

    edit.steps.spin_box.setValue(4)
    check(session, qtbot).close()
    checked = session.check.checked
    assert checked is not None
    assert checked.reconstruction.psnr > 15
    assert document.alternatives == ()

    sheet = open_sweep(session, qtbot)
    press(qtbot, sheet.start_button)
    finished = [CellState.FINISHED] * len(sheet.cells)
    qtbot.waitUntil(lambda: states(sheet) == finished, timeout=SECONDS)
    press(qtbot, sheet.cells[2])
    sheet.close()
    (swept,) = document.alternatives
    again = session.state.target_prompt.replace("peach", "tangerine")
    edit.target.edit.setFocus()
    edit.target.edit.selectAll()
    qtbot.keyClicks(edit.target.edit, again)
    run(lambda: len(document.alternatives) == 2)
    second = document.alternatives[-1]
    assert second.request.target_prompt == again
    # The second prompt pays for its way down only: two rows a step.
    climbed = round(4 * second.request.settings.climb)  # type: ignore[attr-defined]
    assert second.finished.network_evaluations == 2 * climbed
    assert not np.array_equal(second.pixels, swept.pixels)

    session.window.activateWindow()
    qtbot.waitUntil(session.window.isActiveWindow)
    session.canvas.setFocus()
    qtbot.keyClick(session.canvas, Qt.Key.Key_I)
    assert session.inspecting.is_open
    run(lambda: len(document.alternatives) == 3)
    recording = panel.recording
    assert recording is not None
    assert recording.words["source"] == tuple(session.state.source_prompt.split())
    assert recording.sizes[0] == (16, 16)

    qtbot.mouseClick(panel.words["target"].buttons[1], LEFT)
    assert panel.heat is not None
    assert panel.heat.max() == 1.0
    panel.slider.setFocus()
    qtbot.keyClick(panel.slider, Qt.Key.Key_Home)
    assert panel.step is recording.steps[0]

    qtbot.mouseClick(panel.mask_button, LEFT)
    mask = document.mask()
    assert mask is not None
    run(lambda: len(document.alternatives) == 4)
    result = document.alternatives[-1]
    assert np.array_equal(result.request.mask, mask)  # type: ignore[arg-type]
    assert result.finished.changed_outside == 0
    assert result.finished.recording is panel.recording is not recording

    while document.undo_stack.canUndo():
        session.menus.actions["undo"].trigger()
    assert not document.has_mask
