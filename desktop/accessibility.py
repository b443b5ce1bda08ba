"""What a screen reader is told of the widgets that are painted here, and news that it reads out."""

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleInterface,
    QKeySequence,
)
from PySide6.QtWidgets import QAccessibleWidget, QKeySequenceEdit, QWidget

_interfaces: dict[int, QAccessibleInterface] = {}
"""By the widget's id: Qt owns them, and Python must not collect one before the widget goes."""


@runtime_checkable
class Described(Protocol):
    """A widget that says what it is, and what it shows now: a number, a choice, a size."""

    accessible_role: QAccessible.Role

    def accessible_value(self) -> str: ...


def install() -> None:
    """Have Qt ask here about widgets that are `Described`. More than once does no harm."""
    QAccessible.installFactory(_describe)


def announce(widget: QWidget, text: str) -> None:
    """Have a screen reader say what happened, without taking the focus anywhere."""
    if text and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


class _Interface(QAccessibleWidget):
    def __init__(self, widget: QWidget, role: QAccessible.Role) -> None:
        super().__init__(widget, role)

    def text(self, kind: QAccessible.Text) -> str:
        widget = self.object()
        if kind is QAccessible.Text.Value and isinstance(widget, Described):
            return widget.accessible_value()
        if kind is QAccessible.Text.Value and isinstance(widget, QKeySequenceEdit):
            return widget.keySequence().toString(QKeySequence.SequenceFormat.NativeText)
        return super().text(kind)


def _describe(_class_name: str, thing: QObject) -> QAccessibleInterface | None:
    if isinstance(thing, QKeySequenceEdit):  # to which Qt gives no role
        role = QAccessible.Role.HotkeyField
    elif isinstance(thing, QWidget) and isinstance(thing, Described):
        role = thing.accessible_role
    else:
        return None
    key = id(thing)
    _interfaces[key] = _Interface(thing, role)
    thing.destroyed.connect(lambda: _interfaces.pop(key, None))
    return _interfaces[key]
