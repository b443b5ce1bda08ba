"""Two themes, dark and light, with one accent colour: colours, palette and where they apply."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from desktop.style_sheet import style_sheet


class ThemeChoice(StrEnum):
    """What the user chose; `SYSTEM` follows the desktop."""

    DARK = "dark"
    LIGHT = "light"
    SYSTEM = "system"


@dataclass(frozen=True)
class Theme:
    """Colours by what they are for. Text on every ground reaches a contrast of 4.5 to 1."""

    name: str
    window: str  # panels, menus, bars
    surround: str  # around the picture
    field: str  # where something is typed
    raised: str  # chosen segment, hovered row
    line: str  # borders and separators
    track: str  # the empty part of a slider
    text: str
    dim: str  # labels and hints
    faded: str  # what cannot be pressed now
    accent: str  # lines, handles, marks
    accent_fill: str  # large accent areas with text on them
    accent_fill_hover: str
    on_accent: str
    added: str  # new words, good news
    removed: str  # words that go, bad news
    message: str  # ground of the message bar


DARK = Theme(
    name="dark",
    window="#24272b",
    surround="#17181b",
    field="#1b1d20",
    raised="#3a3f46",
    line="#34383e",
    track="#3d4249",
    text="#e7e9ec",
    dim="#a0a7af",
    faded="#686e75",
    accent="#e8714f",
    accent_fill="#c74f2a",
    accent_fill_hover="#d55c36",
    on_accent="#ffffff",
    added="#7fdca4",
    removed="#f08f7e",
    message="#43291f",
)

LIGHT = Theme(
    name="light",
    window="#f6f6f7",
    surround="#dfe1e4",
    field="#ffffff",
    raised="#e4e7ea",
    line="#d3d6da",
    track="#c9cdd2",
    text="#1f2226",
    dim="#5c636b",
    faded="#9fa4aa",
    accent="#cf5530",
    accent_fill="#c24c28",
    accent_fill_hover="#ad4120",
    on_accent="#ffffff",
    added="#14713c",
    removed="#b3261e",
    message="#fbe6dd",
)

_current = DARK


def current_theme() -> Theme:
    return _current


def chosen_theme(choice: ThemeChoice) -> Theme:
    """The colours for `choice`; a desktop without a preference counts as dark."""
    if choice is ThemeChoice.SYSTEM:
        light = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Light
        return LIGHT if light else DARK
    return LIGHT if choice is ThemeChoice.LIGHT else DARK


def apply_theme(application: QApplication, choice: ThemeChoice) -> Theme:
    """Colour the whole application; every widget gets a PaletteChange event."""
    global _current
    _current = chosen_theme(choice)
    application.setPalette(palette(_current))
    application.setStyleSheet(style_sheet(_current))
    return _current


def palette(theme: Theme) -> QPalette:
    """For what Qt draws by itself: dialogs, tooltips, selections, disabled text."""
    roles = QPalette.ColorRole
    result = QPalette()
    for role, colour in (
        (roles.Window, theme.window),
        (roles.WindowText, theme.text),
        (roles.Base, theme.field),
        (roles.AlternateBase, theme.window),
        (roles.ToolTipBase, theme.raised),
        (roles.ToolTipText, theme.text),
        (roles.PlaceholderText, theme.dim),
        (roles.Text, theme.text),
        (roles.Button, theme.window),
        (roles.ButtonText, theme.text),
        (roles.BrightText, theme.on_accent),
        (roles.Highlight, theme.accent_fill),
        (roles.HighlightedText, theme.on_accent),
        (roles.Link, theme.accent),
        (roles.Accent, theme.accent),
        (roles.Mid, theme.line),
    ):
        result.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.faded))
    return result
