"""Tools and selections."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop import (
    actions,
    frame_actions,
    selection_actions,
)
from desktop.canvas.tools import ToolKind
from desktop.commands.command import Command
from desktop.language import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from desktop.session import Session


def _tool(kind: ToolKind) -> "Callable[[Session], object]":
    return lambda session: actions.choose_tool(session, kind)


TOOLS: tuple[Command, ...] = (
    Command(
        "brush",
        QT_TRANSLATE_NOOP("Commands", "Brush"),
        _tool(ToolKind.BRUSH),
        "B",
        "paint-brush",
        "tool",
    ),
    Command(
        "eraser",
        QT_TRANSLATE_NOOP("Commands", "Eraser"),
        _tool(ToolKind.ERASER),
        "E",
        "eraser",
        "tool",
    ),
    Command(
        "lasso",
        QT_TRANSLATE_NOOP("Commands", "Lasso"),
        _tool(ToolKind.LASSO),
        "L",
        "scribble-loop",
        "tool",
    ),
    Command(
        "polygon",
        QT_TRANSLATE_NOOP("Commands", "Polygon"),
        _tool(ToolKind.POLYGON),
        "Shift+L",
        "polygon",
        "tool",
    ),
    Command(
        "rectangle",
        QT_TRANSLATE_NOOP("Commands", "Rectangle"),
        _tool(ToolKind.RECTANGLE),
        "U",
        "selection",
        "tool",
    ),
    Command(
        "ellipse",
        QT_TRANSLATE_NOOP("Commands", "Ellipse"),
        _tool(ToolKind.ELLIPSE),
        "Shift+U",
        "circle-dashed",
        "tool",
    ),
    Command(
        "wand",
        QT_TRANSLATE_NOOP("Commands", "Magic wand"),
        _tool(ToolKind.WAND),
        "W",
        "magic-wand",
        "tool",
    ),
    Command(
        "object",
        QT_TRANSLATE_NOOP("Commands", "Object in a box"),
        _tool(ToolKind.OBJECT),
        "Shift+W",
        "bounding-box",
        "tool",
    ),
    Command(
        "paint",
        QT_TRANSLATE_NOOP("Commands", "Paint"),
        _tool(ToolKind.PAINT),
        "P",
        "palette",
        "tool",
    ),
    Command(
        "paint_colour",
        QT_TRANSLATE_NOOP("Commands", "Paint colour…"),
        lambda session: session.window.tool_options.swatch.ask(),
        "Shift+P",
    ),
    Command(
        "hand", QT_TRANSLATE_NOOP("Commands", "Hand"), _tool(ToolKind.HAND), "H", "hand", "tool"
    ),
    Command(
        "frame",
        QT_TRANSLATE_NOOP("Commands", "Frame"),
        frame_actions.choose_frame,
        "F",
        "frame-corners",
        "tool",
    ),
    Command(
        "crop",
        QT_TRANSLATE_NOOP("Commands", "Crop to frame"),
        frame_actions.crop_to_frame,
        "Ctrl+Shift+C",
    ),
    Command(
        "brush_larger",
        QT_TRANSLATE_NOOP("Commands", "Larger brush"),
        lambda session: session.canvas.grow_brush(),
        "]",
        repeats=True,
    ),
    Command(
        "brush_smaller",
        QT_TRANSLATE_NOOP("Commands", "Smaller brush"),
        lambda session: session.canvas.shrink_brush(),
        "[",
        repeats=True,
    ),
    Command(
        "select_all", QT_TRANSLATE_NOOP("Commands", "Select all"), actions.select_all, "Ctrl+A"
    ),
    Command(
        "select_box",
        QT_TRANSLATE_NOOP("Commands", "Select a box…"),
        selection_actions.box,
        "Ctrl+Shift+A",
    ),
    Command(
        "clear_mask",
        QT_TRANSLATE_NOOP("Commands", "Clear selection"),
        actions.clear_mask,
        "Ctrl+D",
        "selection-slash",
    ),
    Command(
        "invert_mask",
        QT_TRANSLATE_NOOP("Commands", "Invert selection"),
        actions.invert_mask,
        "Ctrl+Shift+I",
        "selection-inverse",
    ),
    Command("grow", QT_TRANSLATE_NOOP("Commands", "Grow…"), selection_actions.grow, "Ctrl+Alt+Up"),
    Command(
        "shrink",
        QT_TRANSLATE_NOOP("Commands", "Shrink…"),
        selection_actions.shrink,
        "Ctrl+Alt+Down",
    ),
    Command(
        "feather", QT_TRANSLATE_NOOP("Commands", "Feather…"), selection_actions.feather, "Shift+F6"
    ),
    Command(
        "fill_holes", QT_TRANSLATE_NOOP("Commands", "Fill holes"), selection_actions.fill_holes
    ),
    Command(
        "select_word", QT_TRANSLATE_NOOP("Commands", "Select by word"), selection_actions.by_word
    ),
    Command("load_mask", QT_TRANSLATE_NOOP("Commands", "Load selection…"), selection_actions.load),
    Command("save_mask", QT_TRANSLATE_NOOP("Commands", "Save selection…"), selection_actions.save),
    Command(
        "show_mask",
        QT_TRANSLATE_NOOP("Commands", "Show selection"),
        actions.show_mask,
        "M",
        checkable=True,
    ),
    Command(
        "mask_colour",
        QT_TRANSLATE_NOOP("Commands", "Selection colour…"),
        actions.choose_mask_colour,
    ),
)
