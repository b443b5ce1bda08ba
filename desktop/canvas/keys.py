"""The canvas's own keys. Shortcuts of the window's actions come first; these work without them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from desktop.canvas.tools import Tool
    from desktop.canvas.view import CanvasView

PAN = 48.0  # logical pixels per arrow key
NUDGE = 0.02  # of the visible width, per arrow key with Shift while comparing

_ARROWS = {
    Qt.Key.Key_Left: QPointF(1, 0),
    Qt.Key.Key_Right: QPointF(-1, 0),
    Qt.Key.Key_Up: QPointF(0, 1),
    Qt.Key.Key_Down: QPointF(0, -1),
}
_MODIFIERS = {
    Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier,
    Qt.Key.Key_Control: Qt.KeyboardModifier.ControlModifier,
    Qt.Key.Key_Alt: Qt.KeyboardModifier.AltModifier,
}
_TOOLS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace)
_STAGED = {
    Qt.Key.Key_Left: "previous",
    Qt.Key.Key_Right: "next",
    Qt.Key.Key_Up: "leave_results",
    Qt.Key.Key_Home: "leave_results",
    Qt.Key.Key_Return: "apply",
    Qt.Key.Key_Enter: "apply",
    Qt.Key.Key_Delete: "delete",
    Qt.Key.Key_Backspace: "delete",
}
"""What keys do while a result is looked at, as commands of the window."""

_HELD = (Qt.Key.Key_Tab, Qt.Key.Key_Space)


def handle(view: "CanvasView", event: QKeyEvent) -> bool:
    """Do what a key asks for. Returns whether it was the canvas's."""
    if event.key() in _MODIFIERS:
        own = _MODIFIERS[Qt.Key(event.key())]
        pressed = event.type() == QEvent.Type.KeyPress
        others = event.modifiers() & ~own
        view.modifiers_changed(others | own if pressed else others)
        return False
    plain = event.modifiers() in (
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.KeypadModifier,
    )
    if event.key() in _HELD and (plain or event.type() == QEvent.Type.KeyRelease):
        _hold(view, event)
        return True
    if event.type() != QEvent.Type.KeyPress:
        return False
    if event.key() == Qt.Key.Key_Tab and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
        view.focusNextChild()
        return True
    if view.held_tool is not None and is_tools(view, event):
        _give_to_tool(view.held_tool, event)
        return True
    if plain and view.document.shown is not None and event.key() in _STAGED:
        view.command_wanted.emit(_STAGED[Qt.Key(event.key())])
        return True
    if event.key() in _ARROWS:
        return _arrow(view, event, plain)
    if event.key() == Qt.Key.Key_Escape:
        return view.cancel_stroke()
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        action = _with_control(view).get(event.key())
    else:
        action = _without(view).get(event.key())
    if action is None:
        return False
    action()
    return True


def is_tools(view: "CanvasView", event: QKeyEvent) -> bool:
    """Whether the tool holds something (a polygon) that this key is about."""
    others = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return view.held_tool is not None and event.key() in _TOOLS and not others


def _give_to_tool(tool: "Tool", event: QKeyEvent) -> None:
    if event.key() == Qt.Key.Key_Backspace:
        tool.step_back()
    else:
        tool.finish()


def _hold(view: "CanvasView", event: QKeyEvent) -> None:
    if event.isAutoRepeat():
        return
    pressed = event.type() == QEvent.Type.KeyPress
    if event.key() == Qt.Key.Key_Tab:
        view.set_original_shown(pressed)
    else:
        view.set_space_held(pressed)


def _arrow(view: "CanvasView", event: QKeyEvent, plain: bool) -> bool:
    way = _ARROWS[Qt.Key(event.key())]
    if plain:
        view.pan_by(way * PAN * view.viewport.ratio)
        return True
    shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    if shift and view.compare and way.x():
        view.nudge_divider(-way.x() * NUDGE)
        return True
    return False


def _with_control(view: "CanvasView") -> dict[int, Callable[[], None]]:
    return {
        Qt.Key.Key_0: view.fit,
        Qt.Key.Key_1: view.actual_size,
        Qt.Key.Key_Plus: view.zoom_in,
        Qt.Key.Key_Equal: view.zoom_in,
        Qt.Key.Key_Minus: view.zoom_out,
    }


def _without(view: "CanvasView") -> dict[int, Callable[[], None]]:
    return {
        Qt.Key.Key_Plus: view.zoom_in,
        Qt.Key.Key_Equal: view.zoom_in,
        Qt.Key.Key_Minus: view.zoom_out,
        Qt.Key.Key_BracketLeft: view.shrink_brush,
        Qt.Key.Key_BracketRight: view.grow_brush,
    }
