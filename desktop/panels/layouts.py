"""What panels are laid out with: rows, columns, and a part that scrolls."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget


def row(*parts: QWidget, stretch: int = 0) -> QWidget:
    """Widgets side by side, 8 pixels apart, each with its share of the room."""
    widget = QWidget()
    layout = QHBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for part in parts:
        layout.addWidget(part, stretch)
    return widget


def column(widget: QWidget, *, margins: tuple[int, int, int, int], spacing: int = 0) -> QVBoxLayout:
    """A layout for `widget`, top to bottom. margins: left, top, right and bottom, in pixels."""
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    return layout


def scrolled(inside: QWidget) -> QScrollArea:
    """A panel's long part: it scrolls up and down only, and Tab goes past it."""
    scroll = QScrollArea()
    scroll.setObjectName("panel")
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(inside)
    return scroll
