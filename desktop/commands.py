"""Everything that a user can do, in one table: name, shortcut, icon, and the function that does it.

Menus, tool buttons and the list of shortcuts are all made from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from core.settings import Job
from desktop import (
    actions,
    file_actions,
    frame_actions,
    layer_actions,
    result_actions,
    selection_actions,
)
from desktop.canvas.tools import ToolKind
from desktop.language import QT_TRANSLATE_NOOP, Language
from desktop.restored import Look
from desktop.theme import ThemeChoice

if TYPE_CHECKING:
    from desktop.session import Session


@dataclass(frozen=True)
class Command:
    """One thing to do.

    id: for settings and tests. text: English, translated in the context "Commands".
    group: commands of one group exclude each other (a tool, a job, a theme).
    checkable: can be on or off; `do` is then called after it changed.
    repeats: holding the key down repeats it.
    """

    id: str
    text: str
    do: "Callable[[Session], object]"
    shortcut: str = ""
    icon: str = ""
    group: str = ""
    checkable: bool = False
    repeats: bool = False

    @property
    def title(self) -> str:
        return QCoreApplication.translate("Commands", self.text)


def _tool(kind: ToolKind) -> "Callable[[Session], object]":
    return lambda session: actions.choose_tool(session, kind)


def _job(job: Job) -> "Callable[[Session], object]":
    return lambda session: session.state.set_job(job)


def _theme(choice: ThemeChoice) -> "Callable[[Session], object]":
    return lambda session: actions.choose_theme(session, choice)


def _language(language: Language) -> "Callable[[Session], object]":
    return lambda session: actions.choose_language(session, language)


COMMANDS: tuple[Command, ...] = (
    Command("open", QT_TRANSLATE_NOOP("Commands", "Open…"), file_actions.open_dialog, "Ctrl+O"),
    Command("save", QT_TRANSLATE_NOOP("Commands", "Save"), file_actions.save, "Ctrl+S"),
    Command(
        "save_as", QT_TRANSLATE_NOOP("Commands", "Save as…"), file_actions.save_as, "Ctrl+Shift+S"
    ),
    Command("export", QT_TRANSLATE_NOOP("Commands", "Export…"), file_actions.export, "Ctrl+E"),
    Command("close", QT_TRANSLATE_NOOP("Commands", "Close picture"), file_actions.close, "Ctrl+W"),
    Command("quit", QT_TRANSLATE_NOOP("Commands", "Quit"), file_actions.quit_window, "Ctrl+Q"),
    Command("undo", QT_TRANSLATE_NOOP("Commands", "Undo"), actions.undo, "Ctrl+Z", repeats=True),
    Command(
        "redo", QT_TRANSLATE_NOOP("Commands", "Redo"), actions.redo, "Ctrl+Shift+Z", repeats=True
    ),
    Command(
        "undo_memory",
        QT_TRANSLATE_NOOP("Commands", "Memory for undo…"),
        layer_actions.ask_undo_memory,
    ),
    Command("copy", QT_TRANSLATE_NOOP("Commands", "Copy picture"), file_actions.copy, "Ctrl+C"),
    Command("paste", QT_TRANSLATE_NOOP("Commands", "Paste picture"), file_actions.paste, "Ctrl+V"),
    Command("run", QT_TRANSLATE_NOOP("Commands", "Run"), actions.run, "Ctrl+Return"),
    Command(
        "check",
        QT_TRANSLATE_NOOP("Commands", "Check reconstruction"),
        actions.check_reconstruction,
        "Ctrl+Shift+K",
    ),
    Command("sweep", QT_TRANSLATE_NOOP("Commands", "Sweep…"), actions.open_sweep, "Ctrl+Shift+E"),
    Command("cancel", QT_TRANSLATE_NOOP("Commands", "Cancel"), actions.escape, "Esc"),
    Command(
        "cancel_all",
        QT_TRANSLATE_NOOP("Commands", "Cancel all waiting edits"),
        actions.cancel_all,
        "Ctrl+Shift+Esc",
    ),
    Command(
        "apply", QT_TRANSLATE_NOOP("Commands", "Apply result"), actions.apply, "Ctrl+Shift+Return"
    ),
    Command("delete", QT_TRANSLATE_NOOP("Commands", "Delete result"), actions.delete, "Ctrl+Del"),
    Command("next", QT_TRANSLATE_NOOP("Commands", "Next result"), actions.next_result, "."),
    Command(
        "previous", QT_TRANSLATE_NOOP("Commands", "Previous result"), actions.previous_result, ","
    ),
    Command(
        "leave_results",
        QT_TRANSLATE_NOOP("Commands", "Back to the picture"),
        result_actions.leave,
    ),
    Command(
        "more_like_this",
        QT_TRANSLATE_NOOP("Commands", "More like this"),
        result_actions.more_like_this,
        "Ctrl+Shift+M",
    ),
    Command(
        "blend",
        QT_TRANSLATE_NOOP("Commands", "Blend…"),
        result_actions.open_blend,
        "Ctrl+Shift+B",
    ),
    Command(
        "swap_prompts", QT_TRANSLATE_NOOP("Commands", "Swap prompts"), actions.swap_prompts, "X"
    ),
    Command(
        "job_fill",
        QT_TRANSLATE_NOOP("Commands", "Fill"),
        _job(Job.FILL),
        "Ctrl+Shift+F",
        group="job",
    ),
    Command(
        "job_extend",
        QT_TRANSLATE_NOOP("Commands", "Extend"),
        _job(Job.EXTEND),
        "Ctrl+Shift+X",
        group="job",
    ),
    Command(
        "job_swap",
        QT_TRANSLATE_NOOP("Commands", "Swap"),
        _job(Job.SWAP),
        "Ctrl+Shift+W",
        group="job",
    ),
    Command(
        "job_restyle",
        QT_TRANSLATE_NOOP("Commands", "Restyle"),
        _job(Job.RESTYLE),
        "Ctrl+Shift+R",
        group="job",
    ),
    Command(
        "job_restore",
        QT_TRANSLATE_NOOP("Commands", "Restore"),
        _job(Job.RESTORE),
        "Ctrl+Shift+O",
        group="job",
    ),
    Command(
        "preview_degraded",
        QT_TRANSLATE_NOOP("Commands", "Show the picture degraded"),
        actions.preview_degraded,
        "Ctrl+Shift+D",
        checkable=True,
    ),
    Command(
        "tomography",
        QT_TRANSLATE_NOOP("Commands", "Tomography…"),
        actions.open_tomography,
        "Ctrl+Shift+T",
    ),
    Command(
        "view_result",
        QT_TRANSLATE_NOOP("Commands", "Look at the result"),
        lambda session: session.restored.look_at(Look.RESULT),
        "1",
    ),
    Command(
        "view_residual",
        QT_TRANSLATE_NOOP("Commands", "Look at the residual"),
        lambda session: session.restored.look_at(Look.RESIDUAL),
        "2",
    ),
    Command(
        "view_uncertainty",
        QT_TRANSLATE_NOOP("Commands", "Look at the uncertainty"),
        lambda session: session.restored.look_at(Look.SPREAD),
        "3",
    ),
    Command(
        "next_sample",
        QT_TRANSLATE_NOOP("Commands", "Next sample"),
        lambda session: session.restored.flick(1),
        "Ctrl+.",
        repeats=True,
    ),
    Command(
        "previous_sample",
        QT_TRANSLATE_NOOP("Commands", "Previous sample"),
        lambda session: session.restored.flick(-1),
        "Ctrl+,",
        repeats=True,
    ),
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
    Command(
        "zoom_in",
        QT_TRANSLATE_NOOP("Commands", "Zoom in"),
        lambda session: session.canvas.zoom_in(),
        "Ctrl++",
        repeats=True,
    ),
    Command(
        "zoom_out",
        QT_TRANSLATE_NOOP("Commands", "Zoom out"),
        lambda session: session.canvas.zoom_out(),
        "Ctrl+-",
        repeats=True,
    ),
    Command(
        "fit",
        QT_TRANSLATE_NOOP("Commands", "Fit the window"),
        lambda session: session.canvas.fit(),
        "Ctrl+0",
        "arrows-out-simple",
    ),
    Command(
        "actual_size",
        QT_TRANSLATE_NOOP("Commands", "Actual size"),
        lambda session: session.canvas.actual_size(),
        "Ctrl+1",
    ),
    Command(
        "compare",
        QT_TRANSLATE_NOOP("Commands", "Compare side by side"),
        actions.compare,
        "C",
        "square-half",
        checkable=True,
    ),
    Command(
        "original",
        QT_TRANSLATE_NOOP("Commands", "Show the original"),
        actions.show_original,
        "O",
        "clock-counter-clockwise",
        checkable=True,
    ),
    Command(
        "inspect",
        QT_TRANSLATE_NOOP("Commands", "Inspect"),
        actions.inspect,
        "I",
        "eye",
        checkable=True,
    ),
    Command(
        "rulers",
        QT_TRANSLATE_NOOP("Commands", "Rulers"),
        actions.rulers,
        "Ctrl+R",
        checkable=True,
    ),
    Command(
        "layers",
        QT_TRANSLATE_NOOP("Commands", "Layers"),
        layer_actions.show_panel,
        "F7",
        "stack",
        checkable=True,
    ),
    Command(
        "layer_new",
        QT_TRANSLATE_NOOP("Commands", "New paint layer"),
        layer_actions.new,
        "Ctrl+Shift+N",
        "plus",
    ),
    Command(
        "layer_duplicate",
        QT_TRANSLATE_NOOP("Commands", "Duplicate layer"),
        layer_actions.duplicate,
        "Ctrl+J",
        "copy-simple",
    ),
    Command(
        "layer_up",
        QT_TRANSLATE_NOOP("Commands", "Move layer up"),
        layer_actions.move_up,
        "Ctrl+]",
        "arrow-up",
        repeats=True,
    ),
    Command(
        "layer_down",
        QT_TRANSLATE_NOOP("Commands", "Move layer down"),
        layer_actions.move_down,
        "Ctrl+[",
        "arrow-down",
        repeats=True,
    ),
    Command(
        "layer_merge",
        QT_TRANSLATE_NOOP("Commands", "Merge with the layer below"),
        layer_actions.merge_down,
        "Ctrl+Shift+J",
        "arrow-line-down",
    ),
    Command(
        "layer_flatten",
        QT_TRANSLATE_NOOP("Commands", "Flatten the picture"),
        layer_actions.flatten,
    ),
    Command(
        "layer_delete",
        QT_TRANSLATE_NOOP("Commands", "Delete layer"),
        layer_actions.delete,
        "Shift+Del",
        "trash",
    ),
    Command(
        "theme_dark",
        QT_TRANSLATE_NOOP("Commands", "Dark"),
        _theme(ThemeChoice.DARK),
        group="theme",
    ),
    Command(
        "theme_light",
        QT_TRANSLATE_NOOP("Commands", "Light"),
        _theme(ThemeChoice.LIGHT),
        group="theme",
    ),
    Command(
        "theme_system",
        QT_TRANSLATE_NOOP("Commands", "As the system"),
        _theme(ThemeChoice.SYSTEM),
        group="theme",
    ),
    Command("language_en", "English", _language(Language.ENGLISH), group="language"),
    Command("language_ko", "한국어", _language(Language.KOREAN), group="language"),
    Command(
        "shortcuts",
        QT_TRANSLATE_NOOP("Commands", "Keyboard shortcuts…"),
        actions.show_shortcuts,
        "F1",
    ),
    Command("about", QT_TRANSLATE_NOOP("Commands", "About Sfumato"), actions.show_about),
)

Entry = str | None | tuple[str, tuple[str, ...]]
"""A command's id; None, a separator; or a submenu's title with its commands."""

MENUS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        QT_TRANSLATE_NOOP("Commands", "&File"),
        ("open", None, "save", "save_as", "export", None, "close", "quit"),
    ),
    (
        QT_TRANSLATE_NOOP("Commands", "&Edit"),
        (
            *(
                "undo",
                "redo",
                "undo_memory",
                None,
                "copy",
                "paste",
                None,
                "run",
                "check",
                "sweep",
                None,
            ),
            *("cancel", "cancel_all", None),
            *("apply", "delete", "next", "previous", "leave_results", None),
            *("more_like_this", "blend", None, "swap_prompts"),
            "crop",
            "tomography",
            (
                QT_TRANSLATE_NOOP("Commands", "Job"),
                ("job_fill", "job_extend", "job_swap", "job_restyle", "job_restore"),
            ),
        ),
    ),
    (
        QT_TRANSLATE_NOOP("Commands", "&Select"),
        (
            *("select_all", "clear_mask", "invert_mask", "select_word", None),
            *("grow", "shrink", "feather", "fill_holes", None, "load_mask", "save_mask", None),
            (
                QT_TRANSLATE_NOOP("Commands", "Tool"),
                (
                    *("brush", "eraser", "lasso", "polygon", "rectangle", "ellipse"),
                    *("wand", "object", "hand", "frame"),
                ),
            ),
            *("brush_larger", "brush_smaller", None, "show_mask", "mask_colour"),
        ),
    ),
    (
        QT_TRANSLATE_NOOP("Commands", "&Layer"),
        (
            *("layer_new", "layer_duplicate", None, "layer_up", "layer_down", None),
            *("layer_merge", "layer_flatten", None, "layer_delete", None),
            *("paint", "paint_colour"),
        ),
    ),
    (
        QT_TRANSLATE_NOOP("Commands", "&View"),
        (
            *(
                "zoom_in",
                "zoom_out",
                "fit",
                "actual_size",
                None,
                "original",
                "compare",
                "inspect",
                "layers",
                "rulers",
                None,
            ),
            (
                QT_TRANSLATE_NOOP("Commands", "Restoration"),
                (
                    *("preview_degraded", "view_result", "view_residual", "view_uncertainty"),
                    *("previous_sample", "next_sample"),
                ),
            ),
            (
                QT_TRANSLATE_NOOP("Commands", "Theme"),
                ("theme_dark", "theme_light", "theme_system"),
            ),
            (QT_TRANSLATE_NOOP("Commands", "Language"), ("language_en", "language_ko")),
        ),
    ),
    (QT_TRANSLATE_NOOP("Commands", "&Help"), ("shortcuts", None, "about")),
)

RAIL: tuple[str | None, ...] = (
    *("brush", "eraser", "lasso", "polygon", "rectangle", "ellipse", "wand", "object"),
    "frame",
    None,
    *("paint", "hand"),
    None,
    *("fit", "original", "compare", "layers", "inspect"),
)
"""The commands with a button at the left edge; None, a line between two kinds."""
