"""Extend and Crop as a person does them: by dragging the frame, by numbers, by ratios."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.settings import ExtendSettings, Job, RemoveSettings
from desktop import actions
from desktop.canvas.tools import ToolKind
from desktop.frame import Handle, Margins
from desktop.session import Session
from tests.desktop.canvas.test_frame import pull
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.swapping import press

Ended = Callable[[Session], None]
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def extending(opened: Session, qtbot: QtBot) -> Session:
    """Extend, chosen in the panel, in two steps."""
    press(qtbot, opened.window.panel.jobs.buttons[1])
    assert opened.state.job is Job.EXTEND
    opened.state.set_steps(2)
    return opened


def drag_out(session: Session, qtbot: QtBot, handle: Handle, by: tuple[float, float]) -> None:
    """Drag a handle by so many pixels of the picture, with nothing falling onto its edges."""
    zoom = session.canvas.viewport.zoom
    pull(session.canvas, handle, (round(by[0] * zoom), round(by[1] * zoom)))


def test_extend_by_dragging_apply_and_undo(extending: Session, qtbot: QtBot, ended: Ended) -> None:
    document, canvas, panel = extending.document, extending.canvas, extending.window.panel
    before = document.pixels
    assert canvas.tool is ToolKind.FRAME
    assert extending.menus.actions["frame"].isChecked()
    assert panel.run_button.text() == "Extend"
    drag_out(extending, qtbot, Handle(1, 1), (32, 24))
    frame = extending.state.frame
    assert frame.margins == Margins(right=32, bottom=24)
    assert panel.frame.sides["right"].value() == 32
    assert (panel.frame.width_box.value(), panel.frame.height_box.value()) == (96, 72)
    drag_out(extending, qtbot, Handle(-1, 0), (-16, 0))
    assert frame.margins == Margins(left=16, right=32, bottom=24)
    qtbot.keyClick(canvas, Qt.Key.Key_Return, CONTROL)
    ended(extending)
    (result,) = document.alternatives
    assert result.title == "extended"
    assert result.request.mask is None
    assert result.request.settings == ExtendSettings(left=16, right=32, bottom=24)
    assert result.finished.offset == (16, 0)
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert document.size == QSize(112, 72)
    assert np.array_equal(document.pixels[:48, 16:80], before)
    assert np.array_equal(document.pixels, result.pixels)
    assert frame.margins == Margins()
    assert frame.picture == QSize(112, 72)
    qtbot.keyClick(canvas, Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(document.pixels, before)
    assert frame.picture == QSize(64, 48)


def test_a_result_lies_where_it_will_be_applied(
    extending: Session, qtbot: QtBot, ended: Ended
) -> None:
    """While it is looked at, the old pixels do not move on the screen."""
    from tests.desktop.canvas.canvases import shown_at

    document, canvas = extending.document, extending.canvas
    extending.state.frame.set_margins(Margins(left=32, top=24))
    places = [(10.5, 10.5), (50.5, 30.5)]
    before = [shown_at(canvas, *place) for place in places]
    actions.run(extending)
    ended(extending)
    (result,) = document.alternatives
    assert document.shown is result
    assert [shown_at(canvas, *place) for place in places] == before
    wide = result.pixels
    for x, y in ((-20.5, 10.5), (10.5, -20.5), (-30.5, -20.5)):
        want = wide[int(y + 24), int(x + 32)].astype(int)
        assert np.abs(np.array(shown_at(canvas, x, y)) - want).max() <= 6, (x, y)
    canvas.set_compare(True)
    canvas.set_original_shown(True)
    assert [shown_at(canvas, *place) for place in places] == before


def test_an_edge_must_be_dragged_outwards_first(extending: Session) -> None:
    actions.run(extending)
    assert "Drag it outwards" in extending.window.message.text()
    assert extending.queue.is_idle


def test_ratio_size_and_place_by_their_controls(extending: Session, qtbot: QtBot) -> None:
    panel, frame = extending.window.panel.frame, extending.state.frame
    panel.ratio.setFocus()
    names = [panel.ratio.itemText(i) for i in range(panel.ratio.count())]
    assert names == ["Free", "1:1", "4:3", "3:2", "16:9", "A4", "Phone 9:19.5"]
    qtbot.keyClicks(panel.ratio, "1")
    qtbot.keyClick(panel.ratio, Qt.Key.Key_Home)
    qtbot.keyClick(panel.ratio, Qt.Key.Key_Down)
    panel.ratio.activated.emit(panel.ratio.currentIndex())
    assert frame.margins == Margins(top=8, bottom=8)
    panel.anchor.setFocus()
    qtbot.keyClick(panel.anchor, Qt.Key.Key_Up)
    assert frame.margins == Margins(bottom=16)
    panel.ratio.setCurrentIndex(4)
    panel.ratio.activated.emit(4)
    assert frame.rect.size() == QSize(85, 48)
    press(qtbot, panel.turn)
    assert frame.rect.size() == QSize(64, 114)
    panel.ratio.setCurrentIndex(6)
    panel.ratio.activated.emit(6)
    assert frame.rect.width() < frame.rect.height(), "a telephone stands upright"
    panel.width_box.setFocus()
    panel.width_box.selectAll()
    qtbot.keyClicks(panel.width_box, "100")
    qtbot.keyClick(panel.width_box, Qt.Key.Key_Return)
    assert frame.rect.width() == 100
    assert frame.margins.left == frame.margins.right == 18
    assert panel.ratio.currentText() == "Free"
    press(qtbot, panel.reset_button)
    assert frame.margins == Margins()


def test_a_side_by_its_arrow_keys(extending: Session, qtbot: QtBot) -> None:
    box = extending.window.panel.frame.sides["left"]
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Up)
    qtbot.keyClick(box, Qt.Key.Key_Up, CONTROL)
    assert extending.state.frame.margins == Margins(left=11)
    box.selectAll()
    qtbot.keyClicks(box, "-99")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert extending.state.frame.margins == Margins(left=-63), "one column stays"


def test_escape_puts_the_frame_back_and_another_job_takes_it_away(
    extending: Session, qtbot: QtBot
) -> None:
    canvas, frame = extending.canvas, extending.state.frame
    drag_out(extending, qtbot, Handle(0, 1), (0, 30))
    assert frame.margins == Margins(bottom=30)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert frame.margins == Margins()
    press(qtbot, extending.window.panel.jobs.buttons[0])
    assert canvas.frame is None
    assert canvas.tool is ToolKind.BRUSH
    qtbot.keyClicks(canvas, "f")
    assert extending.state.job is Job.EXTEND
    assert canvas.frame is not None


def test_crop_by_the_same_frame_and_what_is_beyond_stays(extending: Session, qtbot: QtBot) -> None:
    document, panel = extending.document, extending.window.panel.frame
    before = document.pixels
    assert not panel.crop_button.isEnabled()
    drag_out(extending, qtbot, Handle(1, 1), (-24, -12))
    drag_out(extending, qtbot, Handle(-1, 0), (-20, 0))
    assert extending.state.frame.margins == Margins(left=20, right=-24, bottom=-12)
    press(qtbot, panel.crop_button)
    assert np.array_equal(document.pixels, before[:36, :40])
    assert extending.state.frame.margins == Margins(left=20)
    assert document.modified
    actions.undo(extending)
    assert np.array_equal(document.pixels, before)


def test_variations_of_an_extension_keep_the_old_pixels(extending: Session, ended: Ended) -> None:
    before = extending.document.pixels
    extending.state.frame.set_margins(Margins(top=8))
    extending.state.set_variations(2)
    actions.run(extending)
    ended(extending)
    one, two = extending.document.alternatives
    assert np.array_equal(one.pixels[8:], before)
    assert np.array_equal(two.pixels[8:], before)
    assert not np.array_equal(one.pixels, two.pixels)


def test_remove_is_a_way_to_fill_that_asks_for_no_words(
    opened: Session, qtbot: QtBot, ended: Ended, engine: FakeEngine
) -> None:
    panel = opened.window.panel
    press(qtbot, panel.jobs.buttons[0])
    opened.state.set_target_prompt("left over")
    opened.document.fill_mask()
    box = panel.method_choice.box
    row = next(i for i in range(box.count()) if box.itemText(i) == "Remove")
    box.setFocus()
    box.setCurrentIndex(row)
    box.activated.emit(row)
    assert opened.state.method is RemoveSettings
    assert not panel.target.isVisible()
    assert "No prompt is needed" in panel.source_note.text()
    assert panel.source_note.isVisible()
    assert panel.run_button.text() == "Remove what is selected"
    press(qtbot, panel.run_button)
    ended(opened)
    (result,) = opened.document.alternatives
    assert result.title == "removed"
    assert result.request.target_prompt == ""
    QTest.qWait(1)


def test_a_word_of_an_extension_lies_over_it_and_makes_a_mask_of_the_picture(
    extending: Session, qtbot: QtBot, ended: Ended
) -> None:
    document, panel = extending.document, extending.window.inspect
    extending.inspecting.set_open(True)
    extending.state.set_target_prompt("a red apple")
    extending.state.frame.set_margins(Margins(left=32, top=24))
    actions.run(extending)
    ended(extending)
    recording = panel.recording
    assert recording is not None
    prompt = next(iter(recording.words))
    panel.choose_word((prompt, 0))
    heat = extending.canvas._scene._heat
    assert heat is not None
    frame = recording.frame
    assert heat.box == QRect(frame.left - 32, frame.top - 24, frame.width, frame.height)
    press(qtbot, panel.mask_button)
    assert panel.heat is not None
    wide = recording.in_picture(panel.heat, (72, 96)) >= panel.threshold
    assert np.array_equal(document.mask_u8() > 0, wide[24:, 32:])
