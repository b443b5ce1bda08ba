"""Where widgets that were made later stand among those that Tab goes through."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def controls_in(container: QWidget) -> list[QWidget]:
    """What takes the keyboard's focus in `container`, in the order of its making."""
    return [
        widget
        for widget in container.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.window() is container.window()  # not a list that pops up
        and not widget.objectName().startswith("qt_")
    ]


def put_after(before: QWidget, container: QWidget) -> None:
    """Let Tab go from `before` through the controls in `container`.

    Qt puts new widgets at the end of the window's order, wherever they are shown.
    """
    for widget in controls_in(container):
        QWidget.setTabOrder(before, widget)
        before = widget
