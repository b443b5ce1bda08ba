"""Whole journeys of selecting, in the window: tools, the bar, the menu, the background."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog
from pytestqt.qtbot import QtBot

from core.imaging.image import Picture
from core.imaging.selection import How, Patch
from desktop import actions
from desktop.canvas.tools import BrushSettings, SelectionOptions, SelectionWish, ToolKind
from desktop.document.selection import select
from desktop.panels.amount import AmountDialog
from desktop.preferences import Preferences
from desktop.session import Session

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
TOOLS = {
    ToolKind.LASSO: (Qt.Key.Key_L, PLAIN),
    ToolKind.POLYGON: (Qt.Key.Key_L, SHIFT),
    ToolKind.RECTANGLE: (Qt.Key.Key_U, PLAIN),
    ToolKind.ELLIPSE: (Qt.Key.Key_U, SHIFT),
    ToolKind.WAND: (Qt.Key.Key_W, PLAIN),
    ToolKind.OBJECT: (Qt.Key.Key_W, SHIFT),
}


def press(session: Session, x: float, y: float, modifiers=PLAIN) -> None:
    at = session.canvas.picture_to_widget(QPointF(x, y)).toPoint()
    QTest.mouseClick(session.canvas, LEFT, modifiers, at)


def drag(session: Session, start: tuple[float, float], end: tuple[float, float]) -> None:
    places = [session.canvas.picture_to_widget(QPointF(*p)).toPoint() for p in (start, end)]
    QTest.mousePress(session.canvas, LEFT, PLAIN, places[0])
    QTest.mouseMove(session.canvas, places[1])
    QTest.mouseRelease(session.canvas, LEFT, PLAIN, places[1])


def scene() -> np.ndarray:
    """Two red squares, one with a hole, on a green and grainy ground; 120 x 160."""
    pixels = np.random.default_rng(0).integers(60, 76, (120, 160, 3)).astype(np.uint8)
    pixels[..., 1] += 80
    pixels[30:80, 30:80] = pixels[30:80, 110:140] = (210, 50, 40)
    return pixels


@pytest.fixture
def squares(session: Session) -> Session:
    session.document.set_picture(Picture(pixels=scene()))  # type: ignore[arg-type]
    session.canvas.setFocus()
    return session


@pytest.fixture
def found(qtbot: QtBot) -> Callable[[Session], None]:
    """Wait until nothing is being found any more."""
    return lambda session: qtbot.waitUntil(
        lambda: session.selecting.running is None, timeout=20_000
    )


def boxed(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    mask = np.zeros((120, 160), np.uint8)
    for top, bottom, left, right in boxes:
        mask[top:bottom, left:right] = 255
    return mask


def test_keys_choose_the_tools_and_the_bar_follows(squares: Session) -> None:
    bar = squares.window.tool_options
    for kind, (key, modifiers) in TOOLS.items():
        QTest.keyClick(squares.canvas, key, modifiers)
        assert squares.canvas.tool is kind
        assert squares.menus.actions[kind].isChecked()
        assert bar.heading.text() == squares.menus.actions[kind].text()
        assert bar.ways.isVisible()
        assert not bar.size_slider.isVisible()
        assert bar.tolerance_slider.isVisible() == (kind is ToolKind.WAND)
    QTest.keyClick(squares.canvas, Qt.Key.Key_B)
    assert bar.size_slider.isVisible()
    assert not bar.ways.isVisible()


def test_the_bar_sets_the_brush_and_shows_it(squares: Session) -> None:
    bar = squares.window.tool_options
    for slider, value in (
        (bar.size_slider, 33),
        (bar.hardness_slider, 0.25),
        (bar.opacity_slider, 0.5),
    ):
        slider.spin_box.setValue(value)
    bar.pressure_fades.trigger()
    bar.pressure_sizes.trigger()
    assert squares.canvas.brush == BrushSettings(33, 0.25, 0.5, False, True)
    QTest.keyClick(squares.canvas, Qt.Key.Key_BracketRight)
    assert bar.size_slider.value() == squares.canvas.brush.size > 33
    bar.ways.buttons[2].click()
    assert squares.canvas.selection.how is How.SUBTRACT


def test_the_wand_selects_one_square_or_all_of_its_colour(
    squares: Session, found: Callable[[Session], None]
) -> None:
    squares.canvas.set_tool(ToolKind.WAND)
    press(squares, 50, 50)
    found(squares)
    assert (squares.document.mask_u8() == boxed((30, 80, 30, 80))).all()
    assert squares.document.undo_stack.undoText() == "Magic wand"
    squares.window.tool_options.connected.click()
    press(squares, 50, 50)
    found(squares)
    both = boxed((30, 80, 30, 80), (30, 80, 110, 140))
    assert (squares.document.mask_u8() == both).all()
    press(squares, 120, 50, CONTROL)
    found(squares)
    assert not squares.document.has_mask
    squares.document.undo_stack.undo()
    assert (squares.document.mask_u8() == both).all()


def test_the_bar_sets_the_tolerance(squares: Session, found: Callable[[Session], None]) -> None:
    squares.canvas.set_tool(ToolKind.WAND)
    squares.window.tool_options.tolerance_slider.spin_box.setValue(30)
    assert squares.canvas.selection == SelectionOptions(tolerance=30)
    press(squares, 95, 10)
    found(squares)
    ground = 255 - boxed((30, 80, 30, 80), (30, 80, 110, 140))
    assert (squares.document.mask_u8() == ground).all()


def test_an_object_is_found_in_its_box(squares: Session, found: Callable[[Session], None]) -> None:
    squares.canvas.set_tool(ToolKind.OBJECT)
    drag(squares, (18, 15), (95, 96))
    found(squares)
    mask = squares.document.mask_u8() >= 128
    truth = boxed((30, 80, 30, 80)) > 0
    assert (mask & truth).sum() / (mask | truth).sum() > 0.97
    assert squares.document.undo_stack.undoText() == "Object in a box"
    squares.document.undo_stack.undo()
    assert not squares.document.has_mask


def test_a_box_around_everything_says_why_not(
    squares: Session, found: Callable[[Session], None]
) -> None:
    squares.canvas.set_tool(ToolKind.OBJECT)
    drag(squares, (-9, -9), (170, 130))
    found(squares)
    assert "whole picture" in squares.window.message.text()
    assert not squares.document.has_mask


def slow_wish(started: Event, how: How = How.ADD, of_mask: bool = False) -> SelectionWish:
    """Found only once it was given up."""

    def find(cancelled: Callable[[], bool]) -> Patch:
        started.set()
        while not cancelled():
            Event().wait(0.005)
        return Patch(np.full((120, 160), 255, np.uint8))

    return SelectionWish("slow", find, how, of_mask)


def test_escape_gives_up_what_is_being_found(squares: Session, qtbot: QtBot) -> None:
    started = Event()
    squares.selecting.start(slow_wish(started))
    qtbot.waitUntil(started.is_set)
    qtbot.waitUntil(lambda: squares.window.foot.hint.text().startswith("Finding"))
    press(squares, 60, 60)  # the window is alive: the brush paints meanwhile
    painted = squares.document.mask_u8().copy()
    assert painted.any()
    QTest.keyClick(squares.window, Qt.Key.Key_Escape)
    assert squares.selecting.running is None
    assert not squares.window.foot.hint.text().startswith("Finding")
    qtbot.waitUntil(lambda: squares.background.is_idle)
    assert (squares.document.mask_u8() == painted).all()


def test_the_next_thing_takes_the_place_of_what_is_being_found(
    squares: Session, qtbot: QtBot, found: Callable[[Session], None]
) -> None:
    squares.selecting.start(slow_wish(Event()))
    squares.canvas.set_tool(ToolKind.WAND)
    press(squares, 50, 50)
    found(squares)
    qtbot.waitUntil(lambda: squares.background.is_idle)
    assert (squares.document.mask_u8() == boxed((30, 80, 30, 80))).all()


def test_painting_ends_what_was_made_from_the_selection(squares: Session, qtbot: QtBot) -> None:
    squares.document.fill_mask()
    squares.selecting.start(slow_wish(Event(), How.REPLACE, of_mask=True))
    squares.document.invert_mask()
    assert squares.selecting.running is None
    qtbot.waitUntil(lambda: squares.background.is_idle)
    assert not squares.document.has_mask
    # Another picture ends whatever is being found.
    squares.selecting.start(slow_wish(Event()))
    squares.document.set_picture(Picture(pixels=np.zeros((9, 9, 3), np.uint8)))
    assert squares.selecting.running is None
    qtbot.waitUntil(lambda: squares.background.is_idle)
    assert not squares.document.has_mask


def ask(session: Session, name: str, pixels: int | None) -> None:
    """Choose a command that asks for pixels, and answer (None: cancel)."""
    session.menus.actions[name].trigger()
    dialog = session.window.findChild(AmountDialog)
    assert dialog is not None
    buttons = QDialogButtonBox.StandardButton
    if pixels is not None:
        dialog.amount.spin_box.setValue(pixels)
    pressed = buttons.Cancel if pixels is None else buttons.Ok
    dialog.buttons.button(pressed).click()
    dialog.deleteLater()
    dialog.setParent(None)


def test_grow_shrink_feather_and_fill(
    squares: Session, found: Callable[[Session], None], preferences: Preferences
) -> None:
    document = squares.document
    start = boxed((40, 70, 50, 90))
    start[50:55, 60:70] = 0  # a hole
    document.set_mask(start, "")
    steps = (("fill_holes", None), ("grow", 6), ("shrink", 6), ("feather", 8))
    seen = []
    for name, pixels in steps:
        if pixels is None:
            squares.menus.actions[name].trigger()
        else:
            ask(squares, name, pixels)
        found(squares)
        seen.append(document.mask_u8().copy())
    filled, grown, shrunk, soft = seen
    assert (filled == boxed((40, 70, 50, 90))).all()
    assert grown[34:76, 60:80].min() == 255
    assert grown[33].max() == grown[76].max() == 0
    assert (shrunk == filled).all()
    assert len(np.unique(soft)) > 10
    assert document.undo_stack.count() == 5
    assert document.undo_stack.undoText() == "Feather the selection"
    document.undo_stack.undo()
    assert (document.mask_u8() == shrunk).all()
    assert (preferences.amount("grow"), preferences.amount("feather")) == (6, 8)


def test_cancelling_the_question_changes_nothing(squares: Session) -> None:
    squares.document.fill_mask()
    ask(squares, "shrink", None)
    assert squares.selecting.running is None
    assert squares.document.undo_stack.count() == 1


def test_without_a_selection_they_say_so(squares: Session) -> None:
    for name in ("grow", "shrink", "feather", "fill_holes", "save_mask"):
        squares.window.message.dismiss()
        squares.menus.actions[name].trigger()
        assert "Nothing is selected yet" in squares.window.message.text()
        assert squares.window.findChild(AmountDialog) is None
    assert squares.document.undo_stack.count() == 0


def test_a_selection_that_would_vanish_stays(
    squares: Session, found: Callable[[Session], None]
) -> None:
    squares.document.set_mask(boxed((40, 44, 50, 54)), "")
    ask(squares, "shrink", 30)
    found(squares)
    assert "stays as it is" in squares.window.message.text()
    assert (squares.document.mask_u8() == boxed((40, 44, 50, 54))).all()


def choose_file(session: Session, name: str, path: Path) -> None:
    session.menus.actions[name].trigger()
    dialog = session.window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(path))
    dialog.close()
    dialog.setParent(None)
    dialog.deleteLater()


def test_a_selection_is_saved_and_loaded(
    squares: Session, found: Callable[[Session], None], qtbot: QtBot, tmp_path: Path
) -> None:
    document, path = squares.document, tmp_path / "mask.png"
    soft = np.random.default_rng(1).integers(0, 256, (120, 160)).astype(np.uint8)
    document.set_mask(soft, "")
    choose_file(squares, "save_mask", path)
    qtbot.waitUntil(lambda: squares.background.is_idle)
    document.clear_mask()
    choose_file(squares, "load_mask", path)
    found(squares)
    assert (document.mask_u8() == soft).all()
    assert document.undo_stack.undoText() == "Load selection"
    document.undo_stack.undo()
    assert not document.has_mask


def test_a_selection_of_another_size_is_refused_with_both(
    squares: Session, found: Callable[[Session], None], tmp_path: Path
) -> None:
    squares.document.fill_mask()
    Image.new("L", (31, 17), 255).save(tmp_path / "other.png")
    choose_file(squares, "load_mask", tmp_path / "other.png")
    found(squares)
    text = squares.window.message.text()
    assert "31 x 17" in text
    assert "160 x 120" in text
    assert (squares.document.mask_u8() == 255).all()


def test_a_place_that_cannot_be_written_says_so(
    squares: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    squares.document.fill_mask()
    choose_file(squares, "save_mask", tmp_path / "nowhere" / "mask.png")
    qtbot.waitUntil(lambda: squares.window.message.text() != "")
    assert "mask.png" in squares.window.message.text()


def test_a_word_of_a_recorded_edit_becomes_a_selection(
    opened: Session, ended: Callable[[Session], None]
) -> None:
    action, menu = opened.menus.actions["select_word"], opened.word_menu
    assert not action.isEnabled()
    opened.inspecting.set_open(True)
    opened.state.set_source_prompt("a red apple")
    opened.state.set_target_prompt("a green apple")
    actions.run(opened)
    ended(opened)
    opened.inspecting.set_open(False)
    assert action.isEnabled()
    menu.aboutToShow.emit()
    words = {entry.text(): entry for entry in menu.actions()}
    assert {"red", "green", "apple"} <= set(words)
    words["green"].trigger()
    assert opened.document.has_mask
    assert opened.document.undo_stack.undoText() == "Make mask from “green”"
    opened.document.undo_stack.undo()
    assert not opened.document.has_mask
    opened.document.close()
    assert not action.isEnabled()


def test_a_narrow_bar_keeps_its_controls(squares: Session) -> None:
    squares.window.resize(900, 600)
    bar = squares.window.tool_options
    for kind in ToolKind:
        squares.canvas.set_tool(kind)
        bar.layout().activate()
        shown = [w for w in bar.findChildren(type(bar.size_slider)) if w.isVisible()]
        assert all(w.width() >= w.minimumSizeHint().width() for w in shown), kind
        assert bar.modify_button.geometry().right() <= bar.width()


def test_the_document_joins_a_patch_as_one_step(squares: Session) -> None:
    document = squares.document
    stroke = document.strokes.begin()
    stroke.dab(np.full((5, 5), 255, np.uint8), 0, 0)
    select(document, Patch(np.full((4, 4), 200, np.uint8), 20, 10), How.ADD, "patch")
    assert document.undo_stack.count() == 2  # the running stroke was ended first
    assert document.mask_u8()[12, 22] == 200
    assert document.mask_u8()[2, 2] == 255
    select(document, Patch(np.full((4, 4), 200, np.uint8), 20, 10), How.ADD, "patch")
    assert document.undo_stack.count() == 2  # nothing changed
