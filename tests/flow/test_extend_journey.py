"""Extend on the starter model: the frame dragged out, two variations, more of a kind, a blend."""

import numpy as np
from PIL import Image
from PySide6.QtCore import QSize, Qt
from pytestqt.qtbot import QtBot

from core.settings import Job
from desktop import file_actions
from desktop.frame import Handle, Margins
from desktop.panels.blend import BlendDialog
from desktop.session import Session
from tests.desktop.canvas.test_frame import pull
from tests.desktop.swapping import dialog_of, press

SECONDS = 120_000
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_a_picture_grows(session: Session, qtbot: QtBot, tmp_path) -> None:
    rows, columns = np.mgrid[:96, :96]
    pixels = np.stack([rows + 60, columns + 90, rows // 2 + 120], axis=2).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "ground.png")
    file_actions.open_picture(session, tmp_path / "ground.png")
    document, panel, canvas = session.document, session.window.panel, session.canvas
    stage = session.window.foot.stage
    qtbot.waitUntil(lambda: document.has_picture, timeout=20_000)

    def results(count: int) -> None:
        qtbot.waitUntil(
            lambda: session.queue.is_idle or bool(session.window.message.text()), timeout=SECONDS
        )
        assert session.window.message.text() == ""
        assert len(document.alternatives) == count

    press(qtbot, panel.jobs.buttons[1])
    assert session.state.job is Job.EXTEND
    panel.steps.spin_box.setValue(2)
    panel.variations.setValue(2)
    pull(canvas, Handle(1, 0), (round(32 * canvas.viewport.zoom), 0))
    assert session.state.frame.margins == Margins(right=32)
    press(qtbot, panel.run_button)
    results(2)
    for result in document.alternatives:
        assert result.size == QSize(128, 96)
        assert np.array_equal(result.pixels[:, :96], pixels)
        assert result.finished.changed_outside == 0
    first, second = document.alternatives
    assert not np.array_equal(first.pixels, second.pixels)

    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert document.shown is second
    panel.variations.setValue(1)
    press(qtbot, stage.more_button)
    results(3)
    alike = document.alternatives[2]
    new = np.s_[:, 96:]
    assert _distance(alike.pixels[new], second.pixels[new]) > 0

    press(qtbot, stage.blend_button)
    dialog = dialog_of(session, BlendDialog)
    for choice, row in zip(dialog.choices, (0, 1), strict=True):
        choice.setCurrentIndex(row)
    press(qtbot, dialog.blend_button)
    results(4)
    dialog.close()
    session.window.activateWindow()
    qtbot.waitUntil(session.window.isActiveWindow)
    between = document.alternatives[3]
    assert _distance(between.pixels[new], first.pixels[new]) > 0
    assert _distance(between.pixels[new], second.pixels[new]) > 0

    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert np.array_equal(document.pixels, between.pixels)
    qtbot.keyClick(canvas, Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(document.pixels, pixels)


def _distance(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(float) - other).mean())
