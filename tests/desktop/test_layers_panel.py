"""Journeys through layers and paint: real presses in the real window."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QColorDialog, QLineEdit
from pytestqt.qtbot import QtBot

from core.settings import Job
from desktop import actions
from desktop.canvas.tools import BrushSettings, ToolKind
from desktop.document.stack import LayerKind
from desktop.panels.layer_list import EYE
from desktop.session import Session
from tests.desktop.canvas.canvases import at, drag

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
LEFT = Qt.MouseButton.LeftButton


def open_panel(session: Session, qtbot: QtBot) -> None:
    qtbot.keyClick(session.window, Qt.Key.Key_F7)
    assert session.window.layers.isVisible()


def paint_line(session: Session, qtbot: QtBot, y: float = 20) -> None:
    qtbot.keyClick(session.canvas, Qt.Key.Key_P)
    assert session.canvas.tool is ToolKind.PAINT
    session.canvas.set_brush(BrushSettings(6, 1.0, 1.0))
    drag(session.canvas, (10, y), (50, y))


def names(session: Session) -> list[str]:
    """As the list shows them, from the top."""
    model = session.window.layers.model
    return [model.index(row).data() for row in range(model.rowCount())]


def test_painting_makes_a_layer_that_the_list_shows(opened: Session, qtbot: QtBot) -> None:
    open_panel(opened, qtbot)
    assert names(opened) == ["Picture"]
    before = opened.document.pixels
    opened.canvas.set_paint_colour(QColor(1, 200, 3))
    paint_line(opened, qtbot)
    assert names(opened) == ["Paint 1", "Picture"]
    assert opened.document.pixels[20, 30].tolist() == [1, 200, 3]
    paint_line(opened, qtbot, 40)
    assert len(names(opened)) == 2
    for _ in range(2):
        qtbot.keyClick(opened.canvas, Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(opened.document.pixels, before)
    qtbot.keyClick(opened.canvas, Qt.Key.Key_Z, CONTROL)
    assert names(opened) == ["Picture"]
    assert not opened.document.modified


def test_the_eraser_takes_paint_after_paint_and_the_selection_after_the_brush(
    opened: Session, qtbot: QtBot
) -> None:
    before = opened.document.pixels
    paint_line(opened, qtbot)
    qtbot.keyClick(opened.canvas, Qt.Key.Key_E)
    opened.canvas.set_brush(BrushSettings(12, 1.0, 1.0))
    drag(opened.canvas, (5, 20), (55, 20))
    assert np.array_equal(opened.document.pixels, before)
    qtbot.keyClick(opened.canvas, Qt.Key.Key_B)
    drag(opened.canvas, (10, 20), (50, 20))
    assert opened.document.has_mask
    qtbot.keyClick(opened.canvas, Qt.Key.Key_E)
    opened.canvas.set_brush(BrushSettings(30, 1.0, 1.0))
    drag(opened.canvas, (5, 20), (55, 20))
    assert not opened.document.has_mask


def test_escape_takes_a_stroke_back(opened: Session, qtbot: QtBot) -> None:
    paint_line(opened, qtbot)
    after = opened.document.pixels
    drag(opened.canvas, (10, 40), (50, 40), release=False)
    assert opened.document.pixels[40, 30].tolist() == after[20, 30].tolist()
    qtbot.keyClick(opened.canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(opened.canvas, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(5, 5))
    assert np.array_equal(opened.document.pixels, after)


def test_alt_picks_a_colour_and_the_dialog_chooses_one(opened: Session, qtbot: QtBot) -> None:
    qtbot.keyClick(opened.canvas, Qt.Key.Key_P)
    drag(opened.canvas, (40.5, 30.5), modifiers=ALT)
    picked = opened.canvas.paint_colour
    expected = opened.document.pixels[30, 40].tolist()
    assert [picked.red(), picked.green(), picked.blue()] == expected
    assert opened.window.tool_options.swatch.colour == picked
    assert len(opened.document.layers) == 1
    qtbot.mouseClick(opened.window.tool_options.swatch, LEFT)
    dialog = opened.window.findChild(QColorDialog)
    assert dialog is not None
    dialog.setCurrentColor(QColor(9, 8, 7))
    dialog.accept()
    assert opened.canvas.paint_colour == QColor(9, 8, 7)


def test_strokes_guide_restyle(
    opened: Session, qtbot: QtBot, ended: Callable[[Session], None]
) -> None:
    opened.canvas.set_paint_colour(QColor(250, 0, 250))
    paint_line(opened, qtbot)
    opened.state.set_job(Job.RESTYLE)
    opened.state.set_steps(2)
    opened.state.set_target_prompt("a pink line")
    actions.run(opened)
    ended(opened)
    (result,) = opened.document.alternatives
    assert result.request.picture is not None
    assert result.request.picture[20, 30].tolist() == [250, 0, 250]
    assert result.pixels[20, 30].tolist() == [5, 255, 5]
    actions.apply(opened)
    assert names(opened)[1:] == ["Paint 1", "Picture"]
    assert np.array_equal(opened.document.pixels, result.pixels)


def test_a_stroke_after_a_run_leaves_the_request_alone(opened: Session, qtbot: QtBot) -> None:
    request_pixels = opened.document.pixels
    copy = request_pixels.copy()
    paint_line(opened, qtbot)
    assert np.array_equal(request_pixels, copy)


def test_eye_name_opacity_and_order(opened: Session, qtbot: QtBot) -> None:
    open_panel(opened, qtbot)
    panel = opened.window.layers
    before = opened.document.pixels
    paint_line(opened, qtbot)
    painted = opened.document.pixels
    top = panel.view.visualRect(panel.model.index(0))
    qtbot.mouseClick(panel.view.viewport(), LEFT, pos=top.topLeft() + QPoint(EYE // 2, 20))
    assert np.array_equal(opened.document.pixels, before)
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_Space)
    assert np.array_equal(opened.document.pixels, painted)
    qtbot.mouseDClick(panel.view.viewport(), LEFT, pos=top.center())
    editor = panel.view.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "Sky")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(opened) == ["Sky", "Picture"])
    count = opened.document.undo_stack.count()
    panel.opacity.slider.setValue(70)
    panel.opacity.slider.setValue(50)
    assert opened.document.undo_stack.count() == count + 1
    expected = (painted[20, 30].astype(int) + before[20, 30]) / 2
    assert np.abs(opened.document.pixels[20, 30] - expected).max() <= 1
    qtbot.keyClick(panel.view, Qt.Key.Key_Down, ALT)
    assert names(opened) == ["Picture", "Sky"]
    assert np.array_equal(opened.document.pixels, before)


def test_layers_are_dragged(opened: Session, qtbot: QtBot) -> None:
    open_panel(opened, qtbot)
    for _ in range(2):
        opened.menus.actions["layer_new"].trigger()
    assert names(opened) == ["Paint 2", "Paint 1", "Picture"]
    model = opened.window.layers.model
    move = Qt.DropAction.MoveAction
    nowhere = QModelIndex()
    assert model.dropMimeData(model.mimeData([model.index(0)]), move, 3, 0, nowhere)
    assert names(opened) == ["Paint 1", "Picture", "Paint 2"]
    assert model.dropMimeData(model.mimeData([model.index(2)]), move, 1, 0, nowhere)
    assert names(opened) == ["Paint 1", "Paint 2", "Picture"]
    assert model.dropMimeData(model.mimeData([model.index(1)]), move, 0, 0, nowhere)
    assert names(opened) == ["Paint 2", "Paint 1", "Picture"]


def test_merge_duplicate_delete_by_shortcut(opened: Session, qtbot: QtBot) -> None:
    paint_line(opened, qtbot)
    painted = opened.document.pixels
    qtbot.keyClick(opened.canvas, Qt.Key.Key_J, CONTROL)
    assert names(opened) == ["Paint 1 copy", "Paint 1", "Picture"]
    qtbot.keyClick(opened.canvas, Qt.Key.Key_Delete, SHIFT)
    assert names(opened) == ["Paint 1", "Picture"]
    qtbot.keyClick(opened.canvas, Qt.Key.Key_J, CONTROL | SHIFT)
    assert names(opened) == ["Picture"]
    assert np.array_equal(opened.document.pixels, painted)
    (only,) = opened.document.layers
    assert only.kind is LayerKind.PICTURE
    assert not opened.menus.actions["layer_delete"].isEnabled()
    assert not opened.menus.actions["layer_merge"].isEnabled()
    assert opened.menus.actions["layer_new"].isEnabled()


def test_the_canvas_shows_the_paint(opened: Session, qtbot: QtBot) -> None:
    opened.canvas.set_paint_colour(QColor(250, 0, 250))
    paint_line(opened, qtbot)
    opened.canvas.set_tool(ToolKind.HAND)
    grabbed = opened.canvas.grab().toImage()
    place = at(opened.canvas, 30, 20)
    assert grabbed.pixelColor(place) == QColor(250, 0, 250)
    qtbot.keyClick(opened.canvas, Qt.Key.Key_Z, CONTROL)
    assert opened.canvas.grab().toImage().pixelColor(place) != QColor(250, 0, 250)
