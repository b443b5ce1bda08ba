"""Brush and eraser, pressed and dragged with real mouse events."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.imaging.image import Picture
from desktop.canvas.tools import BrushSettings, ToolKind
from desktop.canvas.tools.stamp import along, place, spacing, stamp
from desktop.canvas.view import CanvasView
from tests.desktop.canvas.canvases import LEFT, PLAIN, at, drag, layer, open_canvas
from tests.desktop.document.results import noise

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return open_canvas(qtbot, noise(300, 400))


def test_a_drag_paints_a_band(view: CanvasView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.stroke_finished) as blocker:
        drag(view, (100, 150), (200, 150), (300, 150))
    mask = view.document.mask()
    assert mask is not None
    assert (mask[142:158, 100:300] == 1).all()
    assert (mask[:138] == 0).all()
    assert (mask[162:] == 0).all()
    assert (mask[:, :88] == 0).all()
    assert blocker.args[0].contains(QRect(91, 141, 218, 18))
    assert view.document.undo_stack.undoText() == "Brush stroke"


def test_undo_and_redo_of_strokes_is_exact(view: CanvasView) -> None:
    document = view.document
    view.set_brush(BrushSettings(40, 0.2, 0.7))
    states = [document.mask_u8().copy()]
    for points in (((50, 50), (250, 90)), ((60, 200), (390, 20)), ((399, 299), (200, 100))):
        drag(view, *points)
        states.append(document.mask_u8().copy())
    view.set_tool(ToolKind.ERASER)
    drag(view, (0, 0), (399, 299))
    states.append(document.mask_u8().copy())
    for state in reversed(states[:-1]):
        document.undo_stack.undo()
        assert (document.mask_u8() == state).all()
    for state in states[1:]:
        document.undo_stack.redo()
        assert (document.mask_u8() == state).all()


def test_a_stroke_never_exceeds_its_opacity(view: CanvasView) -> None:
    view.set_brush(BrushSettings(30, 0.5, 0.5))
    drag(view, (100, 100), (150, 100), (100, 100), (150, 100))
    assert view.document.mask_u8().max() == 128


def test_the_eraser_takes_everything_up_to_the_edges(view: CanvasView) -> None:
    view.document.fill_mask()
    view.set_tool(ToolKind.ERASER)
    view.set_brush(BrushSettings(120, 1.0, 1.0))
    for y in (0, 100, 200, 300):
        drag(view, (-20, y), (420, y))
    assert not view.document.has_mask


def test_shift_click_draws_a_straight_line(view: CanvasView) -> None:
    view.set_brush(BrushSettings(6, 1.0, 1.0))
    QTest.mouseClick(view, LEFT, PLAIN, at(view, 50, 50))
    QTest.mouseClick(view, LEFT, SHIFT, at(view, 350, 250))
    mask = view.document.mask_u8()
    for share in np.linspace(0, 1, 200):
        assert mask[int(50 + 200 * share), int(50 + 300 * share)] == 255
    rows, columns = np.nonzero(mask)
    distance = np.abs(300 * (rows + 0.5 - 50) - 200 * (columns + 0.5 - 50)) / np.hypot(300, 200)
    assert distance.max() < 4.5
    assert view.document.undo_stack.count() == 2


def test_a_straight_line_does_not_start_in_another_picture(view: CanvasView) -> None:
    QTest.mouseClick(view, LEFT, PLAIN, at(view, 50, 50))
    view.document.set_picture(Picture(pixels=noise(300, 400)))
    view.set_zoom(1.0)
    QTest.mouseClick(view, LEFT, SHIFT, at(view, 300, 200))
    assert not view.document.mask_u8()[:180, :280].any()


def test_escape_takes_a_running_stroke_back(view: CanvasView) -> None:
    drag(view, (50, 50), (150, 150), release=False)
    assert view.document.has_mask
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not view.document.has_mask
    QTest.mouseMove(view, at(view, 250, 150))
    QTest.mouseRelease(view, LEFT, PLAIN, at(view, 250, 150))
    assert not view.document.has_mask
    assert view.document.undo_stack.count() == 0


def test_undo_in_the_middle_of_a_stroke(view: CanvasView) -> None:
    drag(view, (50, 50), (90, 50))
    drag(view, (50, 150), (90, 150), release=False)
    view.document.undo_stack.undo()
    QTest.mouseMove(view, at(view, 250, 150))
    QTest.mouseRelease(view, LEFT, PLAIN, at(view, 250, 150))
    assert not view.document.has_mask
    assert view.document.undo_stack.canRedo()


@pytest.mark.parametrize("button", [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton])
def test_other_buttons_do_not_paint(view: CanvasView, button: Qt.MouseButton) -> None:
    drag(view, (50, 50), (150, 150), button=button)
    assert not view.document.has_mask


def test_an_empty_canvas_takes_clicks_calmly(qtbot: QtBot) -> None:
    view = open_canvas(qtbot, noise(20, 20))
    view.document.close()
    QTest.mouseClick(view, LEFT, PLAIN, QPoint(100, 100))
    QTest.keyClick(view, Qt.Key.Key_Left)
    view.fit()
    view.grab()
    assert view.document.undo_stack.count() == 0


def test_painting_repaints_its_rectangle_only(view: CanvasView) -> None:
    layer(view)
    stale: list[QRect] = []
    view._scene.changed.connect(stale.append)
    drag(view, (100, 100), (110, 100))
    assert stale
    limit = view.viewport.device_rect(QRect(70, 70, 80, 60))
    assert all(not rect.isEmpty() and limit.contains(rect) for rect in stale)


@pytest.mark.parametrize("zoom", [0.2, 0.37, 0.5, 0.73, 1.0, 1.9, 5.3, 11.0])
def test_a_repainted_part_fits_what_is_around_it(qtbot: QtBot, zoom: float) -> None:
    view = open_canvas(qtbot, noise(1001, 1207), zoom)
    view.set_brush(BrushSettings(60 / zoom, 0.3, 1.0))
    layer(view)
    middle = view.widget_to_picture(QPointF(250.3, 200.6))
    for step in range(8):
        offset = 9 * step / zoom
        x, y = middle.x() + offset, middle.y() + offset / 2
        drag(view, (x, y), (x + 5 / zoom, y - 20 / zoom))
        layer(view)
    part_by_part = layer(view).astype(int)
    view._scene.repaint()
    # Qt's sampler rounds its steps from the start of what it draws, so noise differs by a level
    # or two, and the outline by a pixel where the mask is at its threshold.
    difference = np.abs(part_by_part - layer(view)).max(axis=2)
    assert (difference > 4).mean() < 1e-4


def test_the_cost_of_a_dab_does_not_know_the_canvas(qtbot: QtBot) -> None:
    costs = []
    for height, width in ((1024, 1024), (2048, 8192)):
        view = open_canvas(qtbot, np.zeros((height, width, 3), np.uint8))
        view.pan_by(QPointF(250, 200) - view.viewport.to_device(QPointF(500, 500)))
        view.set_brush(BrushSettings(100, 0.5, 1.0))
        layer(view)
        stale: list[QRect] = []
        view._scene.changed.connect(stale.append)
        drag(view, (500, 500), (560, 520), (600, 500), release=False)
        stroke = view.document.strokes.running
        assert stroke is not None
        area = sum(rect.width() * rect.height() for rect in stale)
        costs.append((stroke.bytes_written, area, len(stale)))
        view.cancel_stroke()
        view.close()
    assert costs[0] == costs[1]


def test_brackets_and_control_wheel_change_the_size(view: CanvasView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.brush_changed):
        QTest.keyClick(view, Qt.Key.Key_BracketRight)
    assert view.brush.size > 20
    QTest.keyClick(view, Qt.Key.Key_BracketLeft)
    QTest.keyClick(view, Qt.Key.Key_BracketLeft)
    assert view.brush.size < 20
    size, zoom = view.brush.size, view.zoom
    wheel = QWheelEvent(
        QPointF(100, 100),
        QPointF(100, 100),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, wheel)
    assert view.brush.size > size + 1
    assert view.zoom == zoom


def test_brush_settings_stay_in_range() -> None:
    assert BrushSettings(0, -1, 2) == BrushSettings(1, 0, 1)
    small = BrushSettings(1)
    assert small.grown(1).size == 2
    assert small.grown(-1).size == 1
    assert BrushSettings(1e9).size == 1000


@pytest.mark.parametrize("size", [1, 2, 3, 7.5, 20, 101, 300])
@pytest.mark.parametrize("hardness", [0.0, 0.5, 1.0])
def test_a_stamp_is_round_and_of_its_size(size: float, hardness: float) -> None:
    values = stamp(size, hardness, 1.0, 0.0, 0.0)
    assert (values == values.T).all()
    assert (values == values[::-1]).all()
    assert values[values.shape[0] // 2, values.shape[0] // 2] == 255
    assert not values[0].any()
    if hardness == 1.0 and size >= 7:
        assert values.sum() / 255 == pytest.approx(np.pi * size**2 / 4, rel=0.02)


def test_a_one_pixel_brush_paints_one_pixel(view: CanvasView) -> None:
    view.set_zoom(4.0)
    view.set_brush(BrushSettings(1, 1.0, 1.0))
    QTest.mouseClick(view, LEFT, PLAIN, at(view, 200.5, 150.5))
    assert np.argwhere(view.document.mask_u8()).tolist() == [[150, 200]]


def test_a_dab_lies_where_it_was_put() -> None:
    values, left, top = place(QPointF(100.0, 50.25), 12, 1.0, 1.0)
    rows, columns = np.mgrid[: values.shape[0], : values.shape[1]]
    total = values.sum()
    assert (values * columns).sum() / total + left + 0.5 == pytest.approx(100.0, abs=0.05)
    assert (values * rows).sum() / total + top + 0.5 == pytest.approx(50.25, abs=0.05)


def test_dabs_keep_their_distance_across_moves() -> None:
    whole, rest = along(QPointF(0, 0), QPointF(100, 0), 7.0, 0.0)
    first, travelled = along(QPointF(0, 0), QPointF(31, 0), 7.0, 0.0)
    second, rest_of_two = along(QPointF(31, 0), QPointF(100, 0), 7.0, travelled)
    assert [p.x() for p in first + second] == pytest.approx([p.x() for p in whole])
    assert rest_of_two == pytest.approx(rest)
    assert spacing(1) == 0.5
    assert spacing(1000) < 20
