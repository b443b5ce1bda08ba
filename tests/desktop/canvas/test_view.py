"""Zoom, pan, what is shown, keys and drops."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, QSize, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from core.imaging.image import Picture
from desktop.canvas.drop import FileDrop
from desktop.canvas.tools import ToolKind
from desktop.canvas.view import CanvasView
from desktop.canvas.viewport import Viewport
from tests.desktop.canvas.canvases import (
    LEFT,
    PLAIN,
    at,
    drag,
    layer,
    open_canvas,
    screen,
    shown_at,
)
from tests.desktop.document.results import noise, result_for

RED, BLUE, GREEN = [200, 30, 20], [10, 40, 220], [30, 190, 60]


def plain(colour: list[int], height: int = 300, width: int = 400) -> np.ndarray:
    return np.full((height, width, 3), colour, np.uint8)


def wheel(view: CanvasView, point: QPointF, notches: float) -> None:
    event = QWheelEvent(
        point,
        QPointF(view.mapToGlobal(point.toPoint())),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        PLAIN,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return open_canvas(qtbot, noise(300, 400))


# -- zoom and pan -----------------------------------------------------------------------------


def test_the_wheel_keeps_the_point_under_the_pointer(view: CanvasView) -> None:
    pointer = QPointF(321, 123)
    before = view.widget_to_picture(pointer)
    for notches in (1, 1, 1, -1, 3, -2, 0.25, 4, -6):
        wheel(view, pointer, notches)
        now = view.widget_to_picture(pointer)
        assert now.x() == pytest.approx(before.x(), abs=1e-6)
        assert now.y() == pytest.approx(before.y(), abs=1e-6)
        drawn = view.picture_to_widget(before)
        assert abs(drawn.x() - pointer.x()) <= 0.5
        assert abs(drawn.y() - pointer.y()) <= 0.5


def test_zooming_stops_at_100_percent(view: CanvasView) -> None:
    view.set_zoom(0.9)
    view.zoom_in()
    assert view.zoom == 1.0
    view.zoom_in()
    assert view.zoom > 1.2


def test_fit_actual_size_and_resize(view: CanvasView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.zoom_changed):
        QTest.keyClick(view, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view.is_fitted
    fitted = view.zoom
    assert fitted == pytest.approx(min((500 - 48) / 400, (400 - 48) / 300))
    view.resize(900, 700)
    assert view.zoom > fitted
    QTest.keyClick(view, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert view.zoom == 1.0
    middle = view.widget_to_picture(QPointF(450, 350))
    view.resize(600, 500)
    assert view.zoom == 1.0
    now = view.widget_to_picture(QPointF(300, 250))
    assert (now.x(), now.y()) == pytest.approx((middle.x(), middle.y()))


def test_100_percent_shows_the_very_pixels(view: CanvasView) -> None:
    rect = view.viewport.visible_rect
    shown = screen(view)[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1]
    assert (shown == view.document.pixels).all()


def test_large_zoom_shows_single_pixels_and_a_grid(view: CanvasView) -> None:
    view.set_zoom(16.0)
    assert shown_at(view, 200.5, 150.5) == view.document.pixels[150, 200].tolist()
    assert shown_at(view, 200.8, 150.8) == view.document.pixels[150, 200].tolist()
    line = screen(view)[:, int(view.viewport.to_device(QPointF(200, 150)).x())]
    inside = screen(view)[:, int(view.viewport.to_device(QPointF(200.5, 150)).x())]
    assert (line != inside).any()


@pytest.mark.parametrize("zoom", [0.5, 0.25, 0.11, 0.03])
def test_zoomed_out_is_the_mean_and_not_a_sample(qtbot: QtBot, zoom: float) -> None:
    stripes = np.zeros((2048, 2048, 3), np.uint8)
    stripes[:, ::2] = 255
    view = open_canvas(qtbot, stripes, zoom)
    rect = view.viewport.visible_rect.adjusted(2, 2, -2, -2)
    shown = screen(view)[rect.top() : rect.bottom(), rect.left() : rect.right()]
    assert abs(shown.astype(int) - 128).max() <= 3


def test_middle_and_space_and_hand_pan(view: CanvasView) -> None:
    def corner() -> QPoint:
        return view.picture_to_widget(QPointF(0, 0)).toPoint()

    before = corner()
    middle = Qt.MouseButton.MiddleButton
    QTest.mousePress(view, middle, PLAIN, QPoint(200, 200))
    QTest.mouseMove(view, QPoint(230, 190))
    QTest.mouseRelease(view, middle, PLAIN, QPoint(230, 190))
    assert corner() - before == QPoint(30, -10)
    before = corner()
    QTest.keyPress(view, Qt.Key.Key_Space)
    QTest.mousePress(view, LEFT, PLAIN, QPoint(200, 200))
    QTest.mouseMove(view, QPoint(180, 220))
    assert view.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    QTest.mouseRelease(view, LEFT, PLAIN, QPoint(180, 220))
    QTest.keyRelease(view, Qt.Key.Key_Space)
    assert corner() - before == QPoint(-20, 20)
    assert view.cursor().shape() == Qt.CursorShape.BlankCursor
    before = corner()
    view.set_tool(ToolKind.HAND)
    QTest.mousePress(view, LEFT, PLAIN, QPoint(200, 200))
    QTest.mouseMove(view, QPoint(205, 207))
    QTest.mouseRelease(view, LEFT, PLAIN, QPoint(205, 207))
    assert corner() - before == QPoint(5, 7)
    assert not view.document.has_mask


def test_arrows_pan_and_the_picture_stays_in_reach(view: CanvasView) -> None:
    before = view.picture_to_widget(QPointF(0, 0))
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.picture_to_widget(QPointF(0, 0)).x() == before.x() - 48
    for _ in range(40):
        QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.viewport.visible_rect.width() >= 40


def test_small_pictures_fit_without_a_grid(qtbot: QtBot) -> None:
    view = open_canvas(qtbot, noise(16, 16), zoom=None)
    assert not view.viewport.shows_grid
    assert view.zoom == 6.0


def test_device_pixels_at_2x() -> None:
    viewport = Viewport()
    viewport.set_picture(QSize(400, 300))
    viewport.resize(QSize(500, 400), 2.0)
    assert viewport.device == QSize(1000, 800)
    viewport.set_zoom(1.0)
    assert viewport.picture_rect == QRect(300, 250, 400, 300)
    assert not viewport.smooth


def test_it_is_drawn_in_device_pixels_time_and_again(qtbot: QtBot) -> None:
    view = open_canvas(qtbot, noise(300, 400))
    view.devicePixelRatioF = lambda: 2.0  # type: ignore[method-assign]
    view.resize(510, 400)
    view.set_zoom(1.0)
    rect = view.viewport.picture_rect
    assert rect.size() == QSize(400, 300)
    for _ in range(2):
        pixels = layer(view)[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1, 2::-1]
        assert (pixels == view.document.pixels).all()
        assert view._scene.renderer.cache.devicePixelRatio() == 2.0
        view._scene.repaint()


# -- what is shown ----------------------------------------------------------------------------


def test_the_mask_shows_on_its_own_colour(qtbot: QtBot) -> None:
    view = open_canvas(qtbot, plain(RED))
    view.set_mask_colour(QColor(*RED))
    untouched = screen(view).astype(int)
    drag(view, (100, 150), (300, 150))
    QTest.mouseMove(view, QPoint(2, 2))
    rect = view.viewport.device_rect(QRect(110, 145, 180, 10))
    part = np.s_[rect.top() : rect.bottom(), rect.left() : rect.right()]
    difference = np.abs(screen(view).astype(int) - untouched)[part].max(axis=2)
    assert (difference > 25).mean() > 0.2
    view.set_mask_visible(False)
    assert (screen(view)[part] == untouched[part]).all()


def test_an_alternative_covers_the_picture_until_hidden(qtbot: QtBot) -> None:
    view = open_canvas(qtbot, plain(RED))
    alternative = view.document.add_alternative(result_for(view.document, None, 1), "a")
    assert shown_at(view, 20.5, 30.5) == alternative.pixels[30, 20].tolist()
    view.document.show(None)
    assert shown_at(view, 20.5, 30.5) == RED
    view.document.apply(alternative)
    assert shown_at(view, 20.5, 30.5) == alternative.pixels[30, 20].tolist()
    view.document.undo_stack.undo()
    assert shown_at(view, 20.5, 30.5) == RED


def test_tab_held_shows_the_original(qtbot: QtBot) -> None:
    view = open_canvas(qtbot, plain(RED))
    view.document.apply(view.document.add_alternative(result_for(view.document, None, 1), "a"))
    with qtbot.waitSignal(view.original_shown_changed):
        QTest.keyPress(view, Qt.Key.Key_Tab)
    assert shown_at(view, 20.5, 30.5) == RED
    drag(view, (50, 50), (90, 90))
    assert not view.document.has_mask
    QTest.keyRelease(view, Qt.Key.Key_Tab)
    assert shown_at(view, 20.5, 30.5) == view.document.pixels[30, 20].tolist()


def test_tab_is_let_go_when_the_focus_goes(view: CanvasView) -> None:
    QTest.keyPress(view, Qt.Key.Key_Tab)
    assert view.original_shown
    view.clearFocus()
    assert not view.original_shown


def test_shift_tab_leaves_the_canvas(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout = QHBoxLayout(window)
    edit = QLineEdit()
    inner = open_canvas(qtbot, noise(20, 20))
    layout.addWidget(edit)
    layout.addWidget(inner)
    window.show()
    window.activateWindow()
    inner.setFocus()
    QTest.keyClick(inner, Qt.Key.Key_Tab)
    assert window.focusWidget() is inner
    QTest.keyClick(inner, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert window.focusWidget() is edit
    inner.setParent(None)


def test_compare_divides_and_the_divider_can_be_dragged(qtbot: QtBot) -> None:
    view = open_canvas(qtbot, plain(RED))
    green = result_for(view.document, None, 1)
    green.picture[...] = GREEN
    view.document.add_alternative(green, "a")
    with qtbot.waitSignal(view.compare_changed):
        view.set_compare(True)
    assert shown_at(view, 150.5, 40.5) == RED
    assert shown_at(view, 250.5, 40.5) == GREEN
    drag(view, (200, 250), (300, 250))
    assert shown_at(view, 250.5, 40.5) == RED
    assert shown_at(view, 350.5, 100.5) == GREEN
    assert not view.document.has_mask
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert shown_at(view, 295.5, 280.5) == GREEN
    view.set_compare(False)
    assert shown_at(view, 20.5, 100.5) == GREEN


def test_transparent_pictures_lie_on_chequers(qtbot: QtBot) -> None:
    view = open_canvas(qtbot, plain(RED))
    alpha = np.zeros((300, 400), np.uint8)
    alpha[:, 200:] = 255
    view.document.set_picture(Picture(pixels=plain(RED), alpha=alpha))
    view.set_zoom(1.0)
    left = {tuple(shown_at(view, x + 0.5, 20.5)) for x in range(10, 40, 4)}
    assert len(left) == 2
    assert shown_at(view, 300.5, 20.5) == RED


def test_sixteen_bits_are_shown_and_kept(qtbot: QtBot) -> None:
    pixels = noise(60, 80, np.uint16)
    view = open_canvas(qtbot, pixels)
    drag(view, (10, 10), (20, 20))
    assert view.document.pixels.dtype == np.uint16
    assert (view.document.pixels == pixels).all()
    assert shown_at(view, 50.5, 40.5) == (pixels[40, 50] >> 8).tolist()


# -- what it tells, what it takes -----------------------------------------------------------------


def test_the_pointers_place_is_told(view: CanvasView) -> None:
    told: list[QPoint | None] = []
    view.pointer_moved.connect(told.append)
    QTest.mouseMove(view, at(view, 33, 44))
    assert told[-1] == QPoint(33, 44)
    QTest.mouseMove(view, QPoint(1, 1))
    assert told[-1] is None


def test_dropped_files_are_told_and_other_things_ignored(view: CanvasView, qtbot: QtBot) -> None:
    taker = view.findChild(FileDrop)
    assert taker is not None

    def drop(*urls: str) -> QDropEvent:
        mime = QMimeData()
        mime.setUrls([QUrl(url) for url in urls])
        event = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, LEFT, PLAIN)
        event.setAccepted(False)
        taker.eventFilter(view, event)
        return event

    told: list[list[Path]] = []
    view.files_dropped.connect(told.append)
    assert drop("file:///tmp/a%20b.png", "file:///tmp/c.png").isAccepted()
    assert told == [[Path("/tmp/a b.png"), Path("/tmp/c.png")]]
    assert not drop("https://example.org/a.png").isAccepted()
    assert len(told) == 1


def test_it_is_named_and_described(view: CanvasView) -> None:
    assert view.accessibleName() == "Canvas"
    assert "400 by 300" in view.accessibleDescription()
    view.set_zoom(2.0)
    assert "200 percent" in view.accessibleDescription()
    view.document.close()
    assert view.accessibleDescription() == "No picture is open."


def test_shift_shows_where_the_line_would_go(view: CanvasView) -> None:
    QTest.mouseClick(view, LEFT, PLAIN, at(view, 50, 50))
    QTest.mouseMove(view, at(view, 350, 250))
    without = screen(view)
    QTest.keyPress(view, Qt.Key.Key_Shift)
    assert (screen(view) != without).any()
    QTest.keyRelease(view, Qt.Key.Key_Shift)
    assert (screen(view) == without).all()
