"""What is seen of it: zoom, panels, layers, theme, language, help."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop import (
    actions,
    layer_actions,
    report_actions,
    settings_actions,
    tour,
)
from desktop.commands.command import Command
from desktop.language import QT_TRANSLATE_NOOP, Language
from desktop.theme import ThemeChoice

if TYPE_CHECKING:
    from desktop.session import Session


def _theme(choice: ThemeChoice) -> "Callable[[Session], object]":
    return lambda session: actions.choose_theme(session, choice)


def _language(language: Language) -> "Callable[[Session], object]":
    return lambda session: actions.choose_language(session, language)


VIEW: tuple[Command, ...] = (
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
        settings_actions.open_shortcuts,
        "F1",
    ),
    Command("tour", QT_TRANSLATE_NOOP("Commands", "Tour"), tour.start),
    Command("report", QT_TRANSLATE_NOOP("Commands", "Report…"), report_actions.open_report),
    Command("about", QT_TRANSLATE_NOOP("Commands", "About Sfumato"), actions.show_about),
)
