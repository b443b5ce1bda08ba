"""Lasso, polygon, rectangle, ellipse, wand and object box, driven by real mouse and key events."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.imaging.object_box import in_box
from core.imaging.selection import How
from desktop.canvas.tools import SelectionOptions, SelectionWish, ToolKind
from desktop.canvas.tools.options import how_for
from desktop.canvas.view import CanvasView
from desktop.document.selection import select
from tests.desktop.canvas.canvases import LEFT, PLAIN, at, drag, open_canvas, screen
from tests.desktop.document.results import noise

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
OUTLINES = (ToolKind.LASSO, ToolKind.POLYGON, ToolKind.RECTANGLE, ToolKind.ELLIPSE)


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return open_canvas(qtbot, noise(300, 400))


def click(view: CanvasView, x: float, y: float, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    QTest.mouseClick(view, LEFT, modifiers, at(view, x, y))


def block(top: int, bottom: int, left: int, right: int, value: int = 255) -> np.ndarray:
    mask = np.zeros((300, 400), np.uint8)
    mask[top:bottom, left:right] = value
    return mask


def square(view: CanvasView, kind: ToolKind) -> None:
    """Outline the square from (100, 50) to (200, 150) with a tool."""
    view.set_tool(kind)
    corners = [(100, 50), (200, 50), (200, 150), (100, 150)]
    if kind is ToolKind.POLYGON:
        for corner in corners:
            click(view, *corner)
        click(view, *corners[0])
    elif kind is ToolKind.LASSO:
        drag(view, *corners)
    else:
        drag(view, corners[0], corners[2])


@pytest.mark.parametrize("kind", [ToolKind.LASSO, ToolKind.POLYGON, ToolKind.RECTANGLE])
def test_a_square_is_selected_to_the_pixel(view: CanvasView, kind: ToolKind) -> None:
    square(view, kind)
    assert (view.document.mask_u8() == block(50, 150, 100, 200)).all()
    assert view.document.undo_stack.count() == 1
    assert view.document.undo_stack.undoText() == kind.value.capitalize()
    view.document.undo_stack.undo()
    assert not view.document.has_mask
    view.document.undo_stack.redo()
    assert (view.document.mask_u8() == block(50, 150, 100, 200)).all()


def test_an_ellipse_is_round_and_smooth(view: CanvasView) -> None:
    square(view, ToolKind.ELLIPSE)
    mask = view.document.mask_u8().astype(int)
    assert mask.sum() / 255 == pytest.approx(np.pi * 50**2, rel=0.001)
    rows, columns = np.indices(mask.shape)
    distance = np.hypot(rows - 99.5, columns - 149.5)
    assert (mask[distance < 49] == 255).all()
    assert (mask[distance > 51] == 0).all()
    assert ((mask > 0) & (mask < 255)).any()


@pytest.mark.parametrize(
    ("modifiers", "expected"),
    [
        (PLAIN, block(50, 150, 100, 200) | block(100, 200, 150, 250)),
        (SHIFT, block(50, 150, 100, 200) | block(100, 200, 150, 250)),
        (CONTROL, block(50, 150, 100, 200) & ~block(100, 200, 150, 250)),
        (CONTROL | SHIFT, block(100, 150, 150, 200)),
        (ALT, block(100, 150, 150, 200)),
    ],
)
@pytest.mark.parametrize("kind", [ToolKind.LASSO, ToolKind.POLYGON, ToolKind.RECTANGLE])
def test_keys_say_how_a_selection_joins(
    view: CanvasView, kind: ToolKind, modifiers: Qt.KeyboardModifier, expected: np.ndarray
) -> None:
    square(view, ToolKind.RECTANGLE)
    view.set_tool(kind)
    corners = [(150, 100), (250, 100), (250, 200), (150, 200)]
    if kind is ToolKind.POLYGON:
        for corner in corners:
            click(view, *corner, modifiers)
        QTest.keyClick(view, Qt.Key.Key_Return)
    elif kind is ToolKind.LASSO:
        drag(view, *corners, modifiers=modifiers)
    else:  # the keys are let go, so that Shift does not ask for a square
        QTest.mousePress(view, LEFT, modifiers, at(view, *corners[0]))
        QTest.mouseRelease(view, LEFT, PLAIN, at(view, *corners[2]))
    assert (view.document.mask_u8() == expected).all()
    assert view.document.undo_stack.count() == 2


def test_the_bar_says_what_a_press_without_keys_does(view: CanvasView) -> None:
    square(view, ToolKind.RECTANGLE)
    for how, expected in (
        (How.SUBTRACT, block(50, 150, 100, 200) & ~block(100, 200, 150, 250)),
        (How.REPLACE, block(100, 200, 150, 250)),
    ):
        view.selection = SelectionOptions(how)
        drag(view, (150, 100), (250, 200))
        assert (view.document.mask_u8() == expected).all()


def test_shift_while_dragging_makes_sides_equal(view: CanvasView) -> None:
    view.set_tool(ToolKind.RECTANGLE)
    QTest.mousePress(view, LEFT, PLAIN, at(view, 100, 50))
    QTest.mouseRelease(view, LEFT, SHIFT, at(view, 180, 100))
    assert (view.document.mask_u8() == block(50, 130, 100, 180)).all()
    view.document.undo_stack.undo()
    drag(view, (100, 150), (40, 100), modifiers=SHIFT)  # it adds anyway, so Shift is free
    assert (view.document.mask_u8() == block(90, 150, 40, 100)).all()


def test_shift_that_adds_must_be_pressed_again_for_equal_sides(view: CanvasView) -> None:
    view.selection = SelectionOptions(How.REPLACE)
    view.set_tool(ToolKind.RECTANGLE)
    drag(view, (10, 10), (20, 20))
    QTest.mousePress(view, LEFT, SHIFT, at(view, 100, 50))
    QTest.mouseRelease(view, LEFT, SHIFT, at(view, 180, 100))
    expected = block(10, 20, 10, 20) | block(50, 100, 100, 180)
    assert (view.document.mask_u8() == expected).all()
    QTest.mousePress(view, LEFT, SHIFT, at(view, 200, 200))
    QTest.mouseMove(view, at(view, 210, 200))  # let go ...
    QTest.mouseRelease(view, LEFT, SHIFT, at(view, 280, 220))  # ... and pressed again
    assert (view.document.mask_u8() == expected | block(200, 280, 200, 280)).all()


@pytest.mark.parametrize("kind", OUTLINES)
def test_escape_leaves_everything_as_it_was(view: CanvasView, kind: ToolKind) -> None:
    view.set_tool(kind)
    before = screen(view)
    drag(view, (100, 50), (150, 80), (200, 150), release=kind is ToolKind.POLYGON)
    assert (screen(view) != before).any()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(view, LEFT, PLAIN, at(view, 200, 150))
    assert not view.document.has_mask
    assert view.document.undo_stack.count() == 0
    assert view.held_tool is None


@pytest.mark.parametrize("kind", OUTLINES)
def test_a_click_selects_nothing_and_loses_nothing(view: CanvasView, kind: ToolKind) -> None:
    view.document.fill_mask()
    view.selection = SelectionOptions(How.REPLACE)
    view.set_tool(kind)
    click(view, 100, 100)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert (view.document.mask_u8() == 255).all()
    assert view.document.undo_stack.count() == 1


def test_a_polygon_is_closed_by_a_double_click(view: CanvasView) -> None:
    view.set_tool(ToolKind.POLYGON)
    for corner in ((100, 50), (200, 50), (200, 150), (100, 150)):
        click(view, *corner)
    QTest.mouseDClick(view, LEFT, PLAIN, at(view, 100, 150))
    QTest.mouseRelease(view, LEFT, PLAIN, at(view, 100, 150))
    assert view.held_tool is None
    assert (view.document.mask_u8() == block(50, 150, 100, 200)).all()


def test_backspace_takes_a_corner_back(view: CanvasView) -> None:
    view.set_tool(ToolKind.POLYGON)
    for corner in ((100, 50), (200, 50), (200, 150), (390, 290)):
        click(view, *corner)
    QTest.keyClick(view, Qt.Key.Key_Backspace)
    click(view, 100, 150)
    QTest.keyClick(view, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert (view.document.mask_u8() == block(50, 150, 100, 200)).all()
    assert view.held_tool is None


def test_a_polygon_waits_while_one_zooms_pans_and_looks_at_the_original(view: CanvasView) -> None:
    view.set_tool(ToolKind.POLYGON)
    click(view, 100, 50)
    click(view, 200, 50)
    view.set_zoom(2.0, view.picture_to_widget(QPointF(150, 100)))
    QTest.keyPress(view, Qt.Key.Key_Tab)
    QTest.keyRelease(view, Qt.Key.Key_Tab)
    view.set_zoom(1.0, view.picture_to_widget(QPointF(150, 100)))
    QTest.keyPress(view, Qt.Key.Key_Space)
    drag(view, (150, 100), (170, 120))  # moves the picture by 20; the corners stay in sight
    before = screen(view)
    QTest.keyRelease(view, Qt.Key.Key_Space)
    assert view.picture_to_widget(QPointF(0, 0)) == QPointF(70, 70)
    edge = view.picture_to_widget(QPointF(150, 50)).toPoint()
    column = before[edge.y() - 3 : edge.y() + 4, edge.x()].astype(int).sum(axis=1)
    assert np.ptp(column) > 100
    click(view, 200, 150)
    click(view, 100, 150)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert (view.document.mask_u8() == block(50, 150, 100, 200)).all()


def test_another_tool_or_picture_drops_a_polygon(view: CanvasView) -> None:
    for change in (
        lambda: view.set_tool(ToolKind.BRUSH),
        lambda: view.document.close(),
    ):
        view.set_tool(ToolKind.POLYGON)
        click(view, 100, 50)
        click(view, 200, 50)
        assert view.held_tool is not None
        change()
        view.set_tool(ToolKind.POLYGON)
        assert view.held_tool is None


@pytest.mark.parametrize("ground", [(0, 0, 0), (255, 255, 255), (232, 115, 79), (128, 128, 128)])
@pytest.mark.parametrize("kind", OUTLINES)
def test_the_line_shows_on_any_ground(qtbot: QtBot, kind: ToolKind, ground: tuple) -> None:
    view = open_canvas(qtbot, np.full((300, 400, 3), ground, np.uint8))
    view.set_tool(kind)
    if kind is ToolKind.POLYGON:
        click(view, 100, 50)
        click(view, 200, 50)
        QTest.mouseMove(view, at(view, 200, 150))
    else:
        drag(view, (100, 50), (200, 50), (200, 150), release=False)
    shown = screen(view).astype(int).sum(axis=2) / 3
    x, y = (round(v) for v in view.picture_to_widget(QPointF(150, 50)).toTuple())
    across = shown[y - 5 : y + 6, x]
    assert across.max() - across.min() > 70


@pytest.mark.parametrize("ground", [(0, 0, 0), (255, 255, 255), (232, 115, 79), (128, 128, 128)])
def test_the_selection_shows_on_any_ground(qtbot: QtBot, ground: tuple) -> None:
    view = open_canvas(qtbot, np.full((300, 400, 3), ground, np.uint8))
    square(view, ToolKind.RECTANGLE)
    view.set_tool(ToolKind.HAND)
    shown = screen(view).astype(int)
    left, top = (round(v) for v in view.picture_to_widget(QPointF(110, 60)).toTuple())
    inside = shown[top : top + 80, left : left + 80].reshape(-1, 3)
    assert np.ptp(inside.mean(axis=1)) > 20  # light and dark stripes
    assert np.abs(inside - ground).max(axis=1).mean() > 20


def test_half_selected_looks_half_as_strong(view: CanvasView) -> None:
    view.document.set_mask(block(50, 150, 100, 200, 255) | block(200, 280, 100, 200, 110), "")
    with_mask = screen(view).astype(int)
    view.set_mask_visible(False)
    change = np.abs(with_mask - screen(view)).sum(axis=2)
    full, half = (
        change[round(y) : round(y) + 60, round(x) : round(x) + 80].mean()
        for x, y in (view.picture_to_widget(QPointF(110, top)).toTuple() for top in (60.0, 210.0))
    )
    assert 0.25 < half / full < 0.6


def test_the_wand_asks_for_the_colour_that_was_clicked(view: CanvasView, qtbot: QtBot) -> None:
    pixels = np.zeros((300, 400, 3), np.uint8)
    pixels[:, 200:] = (200, 30, 30)
    view = open_canvas(qtbot, pixels)
    view.set_tool(ToolKind.WAND)
    view.selection = SelectionOptions(tolerance=5.0)
    with qtbot.waitSignal(view.selection_wanted) as told:
        click(view, 300.5, 150.5, CONTROL)
    wish: SelectionWish = told.args[0]
    assert (wish.how, wish.title) == (How.SUBTRACT, "Magic wand")
    patch = wish.find(lambda: False)
    assert (patch.left, patch.top, patch.values.shape) == (200, 0, (300, 200))


def test_the_wand_off_the_picture_asks_for_nothing(view: CanvasView, qtbot: QtBot) -> None:
    view.set_zoom(0.3)
    view.set_tool(ToolKind.WAND)
    with qtbot.assertNotEmitted(view.selection_wanted):
        click(view, -20, 10)
        click(view, 401, 10)
        QTest.mousePress(view, LEFT, PLAIN, at(view, 10, 10))
        QTest.keyClick(view, Qt.Key.Key_Escape)
        QTest.mouseRelease(view, LEFT, PLAIN, at(view, 10, 10))


def test_the_object_tool_asks_for_what_is_in_its_box(qtbot: QtBot) -> None:
    pixels = np.random.default_rng(0).integers(90, 120, (300, 400, 3)).astype(np.uint8)
    pixels[100:200, 150:250] = (220, 60, 40)
    view = open_canvas(qtbot, pixels)
    view.set_tool(ToolKind.OBJECT)
    with qtbot.waitSignal(view.selection_wanted) as told:
        drag(view, (290, 240), (110, 60), modifiers=CONTROL | SHIFT)
    wish: SelectionWish = told.args[0]
    assert wish.how is How.INTERSECT
    found = wish.find(lambda: False)
    expected = in_box(pixels, (110, 60, 290, 240))
    assert (found.left, found.top) == (expected.left, expected.top)
    assert (found.values == expected.values).all()
    with qtbot.assertNotEmitted(view.selection_wanted):
        click(view, 100, 100)


@pytest.mark.parametrize("size", [(1, 1), (300, 20_000), (1, 5000)])
@pytest.mark.parametrize("kind", OUTLINES)
def test_pictures_of_odd_shapes(qtbot: QtBot, kind: ToolKind, size: tuple[int, int]) -> None:
    height, width = size
    view = open_canvas(qtbot, np.zeros((height, width, 3), np.uint8), zoom=None)
    view.selection_wanted.connect(
        lambda wish: select(view.document, wish.find(lambda: False), wish.how, wish.title)
    )
    view.set_tool(kind)
    far = max(height, width)
    box = [(-far, -far), (2 * far, -far), (2 * far, 2 * far), (-far, 2 * far)]
    if kind is ToolKind.POLYGON:
        for corner in box:
            click(view, *corner)
        QTest.keyClick(view, Qt.Key.Key_Return)
    elif kind is ToolKind.LASSO:
        drag(view, *box)
    else:
        drag(view, box[0], box[2])
    assert view.document.has_mask
    assert (view.document.mask_u8() == 255).all()


def test_a_large_outline_is_filled_in_the_background(qtbot: QtBot) -> None:
    view = open_canvas(qtbot, np.zeros((2100, 2100, 3), np.uint8), zoom=None)
    view.set_tool(ToolKind.ELLIPSE)
    with qtbot.waitSignal(view.selection_wanted) as told:
        drag(view, (0, 0), (2100, 2100))
    assert told.args[0].find(lambda: False).values.shape == (2100, 2100)
    view.document.close()
    view.cancel_stroke()


def test_without_a_picture_nothing_happens(view: CanvasView, qtbot: QtBot) -> None:
    view.document.close()
    with qtbot.assertNotEmitted(view.selection_wanted):
        for kind in (*OUTLINES, ToolKind.WAND, ToolKind.OBJECT):
            view.set_tool(kind)
            QTest.mousePress(view, LEFT, PLAIN)
            QTest.mouseMove(view)
            QTest.mouseRelease(view, LEFT, PLAIN)
            QTest.keyClick(view, Qt.Key.Key_Return)
            view.grab()


@pytest.mark.parametrize(
    ("keys", "how"),
    [
        (PLAIN, How.REPLACE),
        (SHIFT, How.ADD),
        (CONTROL, How.SUBTRACT),
        (CONTROL | SHIFT, How.INTERSECT),
        (ALT, How.INTERSECT),
    ],
)
def test_what_the_keys_mean(keys: Qt.KeyboardModifier, how: How) -> None:
    assert how_for(keys, How.REPLACE) is how


def test_the_sign_at_the_pointer_follows_the_keys(view: CanvasView) -> None:
    view.set_tool(ToolKind.LASSO)
    QTest.mouseMove(view, at(view, 30, 20))
    QTest.mouseMove(view, at(view, 210, 140))
    seen: list[bytes] = []
    look: Callable[[], None] = lambda: seen.append(screen(view).tobytes())  # noqa: E731
    look()
    for key in (Qt.Key.Key_Control, Qt.Key.Key_Shift):
        QTest.keyPress(view, key, CONTROL if key == Qt.Key.Key_Shift else PLAIN)
        look()
    assert len(set(seen)) == 3
    QTest.keyRelease(view, Qt.Key.Key_Shift, CONTROL)  # lets both go
    look()
    assert seen[3] == seen[0]
