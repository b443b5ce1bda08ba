"""The frame on the canvas: found, dragged and drawn, by real mouse events."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.canvas.frame import FrameView
from desktop.canvas.tools import ToolKind
from desktop.canvas.view import CanvasView
from desktop.frame import HANDLES, Frame, Handle, Margins
from tests.desktop.canvas.canvases import LEFT, PLAIN, open_canvas, screen

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
Open = Callable[..., tuple[CanvasView, Frame, FrameView]]


@pytest.fixture
def framed(qtbot: QtBot) -> Open:
    def make(zoom: float | None = 1.0) -> tuple[CanvasView, Frame, FrameView]:
        view = open_canvas(qtbot, np.full((100, 160, 3), 90, np.uint8), zoom)
        frame = Frame(view)
        frame.set_picture(QSize(160, 100))
        view.set_frame(frame)
        if zoom is not None:
            view.set_zoom(zoom)
        view.set_tool(ToolKind.FRAME)
        assert view.frame is not None
        return view, frame, view.frame

    return make


def pull(
    view: CanvasView,
    handle: Handle,
    by: tuple[int, int],
    modifiers: Qt.KeyboardModifier = PLAIN,
    *,
    release: bool = True,
) -> None:
    """Drag a handle by logical pixels, in two moves."""
    assert view.frame is not None
    start = (view.frame.place_of(handle) / view.viewport.ratio).toPoint()
    QTest.mouseMove(view, start)
    QTest.mousePress(view, LEFT, modifiers, start)
    for part in (0.5, 1.0):
        place = QPointF(start) + QPointF(*by) * part
        move(view, place, modifiers)
    if release:
        end = (QPointF(start) + QPointF(*by)).toPoint()
        QTest.mouseRelease(view, LEFT, modifiers, end)


def move(view: CanvasView, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
    """QTest moves without modifiers: send the event itself."""
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    place = QPointF(place.toPoint())
    event = QMouseEvent(
        QEvent.Type.MouseMove, place, view.mapToGlobal(place), LEFT, LEFT, modifiers
    )
    QApplication.sendEvent(view, event)


@pytest.mark.parametrize("handle", HANDLES, ids=str)
def test_each_handle_moves_its_sides(framed: Open, handle: Handle) -> None:
    view, frame, _ = framed()
    pull(view, handle, (30 * (handle.x or 1), 20 * (handle.y or 1)))
    assert frame.margins == Margins(
        left=30 if handle.x < 0 else 0,
        right=30 if handle.x > 0 else 0,
        top=20 if handle.y < 0 else 0,
        bottom=20 if handle.y > 0 else 0,
    )


def test_the_whole_edge_can_be_taken_and_the_cursor_says_so(framed: Open) -> None:
    view, _, shown = framed()
    edge = view.picture_to_widget(QPointF(160, 20)).toPoint()
    QTest.mouseMove(view, edge)
    assert view.cursor().shape() is Qt.CursorShape.SizeHorCursor
    assert shown.hovered == Handle(1, 0)
    QTest.mouseMove(view, view.picture_to_widget(QPointF(80, 50)).toPoint())
    assert shown.hovered is None
    assert view.cursor().shape() is Qt.CursorShape.OpenHandCursor


def test_shift_keeps_the_ratio_and_alt_is_symmetric(framed: Open) -> None:
    view, frame, _ = framed()
    pull(view, Handle(1, 1), (80, 0), SHIFT)
    assert frame.margins == Margins(right=80, bottom=50)
    frame.reset()
    view.set_zoom(1.0)
    pull(view, Handle(0, 1), (0, 25), ALT)
    assert frame.margins == Margins(top=25, bottom=25)


def test_a_chosen_ratio_holds_in_every_drag(framed: Open) -> None:
    view, frame, _ = framed()
    frame.set_ratio(1.0)
    view.set_zoom(1.0)
    assert frame.margins == Margins(top=30, bottom=30)
    pull(view, Handle(-1, 0), (-40, 0))
    assert frame.rect.size() == QSize(200, 200)
    assert frame.margins == Margins(left=40, top=50, bottom=50)


def test_an_edge_near_the_pictures_falls_onto_it(framed: Open) -> None:
    view, frame, _ = framed()
    pull(view, Handle(0, -1), (0, -3))
    assert frame.margins == Margins()
    pull(view, Handle(0, -1), (0, 20))
    assert frame.margins == Margins(top=-20)


def test_escape_takes_a_drag_back(framed: Open, qtbot: QtBot) -> None:
    view, frame, shown = framed()
    pull(view, Handle(1, 0), (40, 0))
    pull(view, Handle(1, 0), (50, 0), release=False)
    assert frame.margins.right == 90
    assert shown.held
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert frame.margins == Margins(right=40)
    assert not shown.held


def test_the_view_zooms_out_until_the_frame_is_seen(framed: Open) -> None:
    view, frame, shown = framed(zoom=2.0)
    pull(view, Handle(1, 0), (100, 0))
    inside = QRect(0, 0, view.width(), view.height())
    assert frame.margins.right == 50
    assert inside.contains(shown.rect.toAlignedRect())
    frame.set_margins(Margins(300, 300, 300, 300))
    assert inside.contains(shown.rect.toAlignedRect())
    view.set_frame(None)
    assert view.viewport.content == QRect(0, 0, 160, 100)


def test_beside_the_handles_the_picture_moves(framed: Open) -> None:
    view, frame, _ = framed()
    before = view.viewport.origin
    start = view.picture_to_widget(QPointF(80, 50)).toPoint()
    QTest.mousePress(view, LEFT, PLAIN, start)
    move(view, QPointF(start) + QPointF(20, 0), PLAIN)
    QTest.mouseRelease(view, LEFT, PLAIN, start)
    assert view.viewport.origin.x() != before.x()
    assert frame.margins == Margins()


def test_the_new_area_is_hatched_and_the_picture_stays(framed: Open) -> None:
    view, frame, _ = framed()
    plain = screen(view)
    frame.set_margins(Margins(right=60, top=-30))
    view.set_zoom(1.0)
    drawn = screen(view)
    origin = view.viewport.origin
    new = drawn[origin.y() + 50 : origin.y() + 90, origin.x() + 175 : origin.x() + 205]
    assert len(np.unique(new.reshape(-1, 3), axis=0)) > 2
    kept = drawn[origin.y() + 50 : origin.y() + 90, origin.x() + 20 : origin.x() + 140]
    assert (kept == 90).all()
    cut = drawn[origin.y() + 5 : origin.y() + 20, origin.x() + 20 : origin.x() + 60]
    assert (cut < 60).all()
    view.set_frame(None)
    view.set_zoom(1.0)
    assert np.array_equal(screen(view).shape, plain.shape)
    assert (screen(view)[origin.y() + 5, origin.x() + 20] == 90).all()
