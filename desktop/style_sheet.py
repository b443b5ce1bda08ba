"""The Qt style sheet, one for both themes. Sizes are in device-independent pixels."""

from string import Template
from typing import TYPE_CHECKING

import resources

if TYPE_CHECKING:
    from desktop.theme import Theme


def style_sheet(theme: "Theme") -> str:
    """The style sheet with the colours of `theme` put in."""
    return _TEMPLATE.substitute(vars(theme), check=resources.path("marks", "check.png").as_posix())


_TEMPLATE = Template("""
* { outline: none; }
QMainWindow, QDialog, QMessageBox { background: $window; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 6px; }

#header { background: $window; border-bottom: 1px solid $line; }
#headerTitle { color: $text; font-weight: 600; }
#headerDetails { color: $dim; }
QMenuBar { background: transparent; color: $text; border: none; padding: 4px 0; }
QMenuBar::item { padding: 6px 10px; border-radius: 6px; background: transparent; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $raised; }
QMenu { background: $window; color: $text; border: 1px solid $line; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 26px; border-radius: 5px; }
QMenu::item:selected { background: $accent_fill; color: $on_accent; }
QMenu::item:disabled { color: $faded; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }
QMenu::icon { padding-left: 6px; }

#rail { background: $window; border-right: 1px solid $line; }
#railGap { background: $line; }
#panel, #panelContent { background: $window; }
#panelFrame { background: $window; border-left: 1px solid $line; }
#rulerCorner { background: $window; }
#hintRow, #canvasHost { background: $surround; }
#hint { background: $window; color: $text; border-radius: 15px; padding: 0 16px; }
#toolOptions { background: $window; border-bottom: 1px solid $line; }
#stage { background: $window; border: 1px solid $line; border-radius: 20px; }
#stage QPushButton[role="primary"] { padding: 2px 14px; border-radius: 12px; min-height: 18px; }
#strip { background: $window; border-top: 1px solid $line; }
#welcome { background: $surround; }
#welcomeTitle { font-size: 21px; font-weight: 600; color: $text; }
#coach { background: $window; border-top: 1px solid $line; border-left: 3px solid $accent; }
#settingsSide { background: $surround; border-right: 1px solid $line; }
#pageTitle { font-size: 17px; font-weight: 600; color: $text; }
#pages { background: transparent; border: none; }
#pages::item { padding: 0 8px; border-radius: 7px; color: $text; }
#pages::item:hover { background: $raised; }
#pages::item:selected { background: $accent_fill; color: $on_accent; }
#pages:focus { border: 1px solid $accent; border-radius: 8px; }
#settings QAbstractSpinBox { border-radius: 7px; }
#folders, #shortcutTable {
    background: $field; color: $text; border: 1px solid $line; border-radius: 7px;
}
#folders { padding: 4px; }
#folders:focus, #shortcutTable:focus { border: 1px solid $accent; }
#shortcutTable::item { padding: 4px 6px; }
#shortcutTable::item:selected, #folders::item:selected {
    background: $accent_fill; color: $on_accent;
}
QHeaderView { background: $field; }
QHeaderView::section {
    background: $field; color: $dim; border: none; border-bottom: 1px solid $line;
    padding: 5px 8px;
}
QKeySequenceEdit QLineEdit { padding: 5px 9px; }
QCheckBox:focus { color: $accent; }
#statusBar { background: $window; border-top: 1px solid $line; }
QStatusBar { background: $window; border: none; }
QStatusBar::item { border: none; }

QLabel { background: transparent; color: $text; }
QLabel[role="dim"] { color: $dim; }
QLabel[role="small"] { color: $dim; font-size: 12px; }
QLabel[role="heading"] { color: $text; font-weight: 600; }
QLabel[role="good"] { color: $added; }
QLabel[role="bad"] { color: $removed; }
#offline { color: $added; border: 1px solid $added; border-radius: 10px; padding: 1px 9px; }

QPlainTextEdit, QLineEdit, QComboBox {
    background: $field; color: $text; border: 1px solid $line; border-radius: 7px;
    padding: 6px 9px; selection-background-color: $accent_fill;
    selection-color: $on_accent;
}
QPlainTextEdit { padding: 4px 6px; }
QPlainTextEdit:focus, QLineEdit:focus, QComboBox:focus { border: 1px solid $accent; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox QAbstractItemView {
    background: $window; color: $text; border: 1px solid $line;
    selection-background-color: $accent_fill; selection-color: $on_accent;
}
QAbstractSpinBox {
    background: transparent; color: $text; border: 1px solid transparent; border-radius: 5px;
    padding: 1px 4px; selection-background-color: $accent_fill;
    selection-color: $on_accent;
}
QAbstractSpinBox::up-button {
    subcontrol-origin: border; subcontrol-position: top right; width: 0; border: none;
}
QAbstractSpinBox::down-button {
    subcontrol-origin: border; subcontrol-position: bottom right; width: 0; border: none;
}
QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow { image: none; width: 0; height: 0; }
QAbstractSpinBox QLineEdit { background: transparent; border: none; padding: 0; }
QAbstractSpinBox[role="framed"] { border: 1px solid $line; background: $field; }
#variations { min-height: 32px; border-radius: 9px; }
QAbstractSpinBox:hover { border: 1px solid $line; }
QAbstractSpinBox:focus { border: 1px solid $accent; background: $field; }
#seedField {
    background: $field; border: 1px solid $line; border-radius: 7px; padding: 5px 8px;
}
#seedField:focus { border: 1px solid $accent; }

QSlider { background: transparent; min-height: 22px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $track; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal {
    width: 14px; height: 14px; margin: -6px 0; border-radius: 8px;
    background: #ffffff; border: 1px solid $line;
}
QSlider::handle:horizontal:focus { border: 2px solid $accent; }
QSlider::sub-page:horizontal:disabled { background: $track; }

QPushButton {
    background: $field; color: $text; border: 1px solid $line; border-radius: 7px;
    padding: 6px 14px;
}
QPushButton:hover { background: $raised; }
QPushButton:focus { border: 1px solid $accent; }
QPushButton:disabled { color: $faded; background: transparent; }
QPushButton:default { border: 1px solid $accent; }
QPushButton#runButton, QPushButton[role="primary"] {
    background: $accent_fill; color: $on_accent; border: 2px solid $accent_fill;
    font-weight: 600; border-radius: 9px; padding: 7px 14px; min-height: 20px;
}
QPushButton#runButton:hover, QPushButton[role="primary"]:hover {
    background: $accent_fill_hover; border-color: $accent_fill_hover;
}
QPushButton#runButton:focus, QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled {
    background: $track; border-color: $track; color: $dim;
}

QToolButton {
    background: transparent; color: $text; border: 1px solid transparent; border-radius: 7px;
    padding: 4px;
}
QToolButton:hover { background: $raised; }
QToolButton:focus { border: 1px solid $accent; }
QToolButton:checked { background: $raised; }
QToolButton:disabled { color: $faded; }
QToolButton[role="tool"] { padding: 7px; border-radius: 9px; }
QToolButton[role="tool"]:checked { background: $accent_fill; }
QToolButton[role="tool"]:checked:focus { border: 1px solid $text; }
QToolButton[role="text"] { color: $dim; padding: 3px 7px; }
QToolButton[role="text"]:hover { color: $text; }
QPushButton[role="fold"] {
    color: $dim; background: transparent; border: 1px solid transparent; border-radius: 5px;
    padding: 3px 0; text-align: left;
}
QPushButton[role="fold"]:hover { color: $text; }
QPushButton[role="fold"]:focus { border: 1px solid $accent; }
QPushButton[role="link"] {
    color: $dim; background: transparent; border: 1px solid transparent; border-radius: 5px;
    padding: 3px 5px;
}
QPushButton[role="link"]:hover { color: $text; }
QPushButton[role="link"]:focus { border: 1px solid $accent; }
QPushButton[role="link"]:disabled { color: $faded; }
#restorationBar { background: $window; border-bottom: 1px solid $line; }
#picker { background: $window; border: 1px solid $line; border-radius: 8px; }
#part { border: 1px solid $line; border-radius: 7px; }
#verdict { background: $field; border-radius: 7px; }
QToolButton[role="word"] {
    background: $field; border: 1px solid $line; border-radius: 6px; padding: 1px 2px;
}
QToolButton[role="word"]:hover { background: $raised; }
QToolButton[role="word"]:checked {
    background: $accent_fill; border-color: $accent_fill; color: $on_accent;
}
QToolButton[role="word"]:focus { border: 1px solid $accent; }
QToolButton[role="word"]:checked:focus { border: 1px solid $text; }
QToolButton[role="tiny"] { padding: 1px; border-radius: 5px; }
QToolButton::menu-indicator { image: none; width: 0; }

#segments { background: $field; border: 1px solid $line; border-radius: 9px; }
QToolButton[role="segment"] { color: $dim; padding: 6px 2px; border-radius: 7px; margin: 2px; }
QToolButton[role="segment"]:hover { color: $text; background: transparent; }
QToolButton[role="segment"]:checked { background: $raised; color: $text; font-weight: 600; }

QProgressBar {
    background: $track; border: none; border-radius: 2px; min-height: 4px; max-height: 4px;
}
QProgressBar::chunk { background: $accent; border-radius: 2px; }

#message { background: $message; border-bottom: 1px solid $accent; }
#messageText { color: $text; }

QListView {
    background: transparent; border: 1px solid transparent; border-radius: 7px; color: $text;
}
QListView:focus { border: 1px solid $accent; }
QScrollArea { border: none; background: transparent; }
QScrollBar:horizontal { height: 9px; background: transparent; margin: 0; }
QScrollBar:vertical { width: 9px; background: transparent; margin: 0; }
QScrollBar::handle { background: $track; border-radius: 4px; min-width: 30px; min-height: 30px; }
QScrollBar::handle:hover { background: $dim; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $line; }
QCheckBox, QRadioButton {
    color: $text; spacing: 8px; border: 1px solid transparent; border-radius: 5px; padding: 1px 3px;
}
QCheckBox:focus, QRadioButton:focus { border: 1px solid $accent; }
QCheckBox::indicator {
    width: 14px; height: 14px; background: $field; border: 1px solid $dim; border-radius: 4px;
}
QCheckBox::indicator:checked {
    background: $accent_fill; border: 1px solid $accent_fill; image: url("$check");
}
QCheckBox::indicator:disabled { border: 1px solid $track; background: $track; }
""")
