"""One control for one field of a settings class, by the field's type."""

import typing
from typing import Any

from pydantic.fields import FieldInfo
from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from desktop.icons import icon
from desktop.panels.core_texts import setting_text
from desktop.panels.number import NumberSlider

UNBOUNDED = 100
"""The end of the slider of a number that has none."""


class Field(QWidget):
    """Base of the controls.

    Signals
        changed(object): the user chose another value, of the field's own type.
    """

    changed = Signal(object)

    def show_value(self, value: Any) -> None:
        """Show `value`, without telling anybody."""
        raise NotImplementedError

    def set_texts(self, label: str, help_text: str) -> None:
        """The field's name, and what it is for."""
        raise NotImplementedError

    def commit(self) -> None:
        """Take over what is still being typed."""


def field_for(info: FieldInfo) -> Field | None:
    """The control for a field; None for a kind of value that has none."""
    if info.annotation in (int, float):
        return NumberField(info)
    parts = typing.get_args(info.annotation)
    if set(parts) == {float, type(None)}:
        return OptionalNumberField(info)
    if typing.get_origin(info.annotation) is typing.Literal:
        return ChoiceField(parts)
    if info.annotation is bool:
        return SwitchField()
    if info.annotation is str or set(parts) == {str, type(None)}:
        return TextField(empty=None if parts else "")
    if info.annotation == tuple[str, ...]:
        return WordsField()
    return None


class NumberField(Field):
    """A slider with a number; "usual" in the field's schema is where the slider ends."""

    def __init__(self, info: FieldInfo) -> None:
        super().__init__()
        whole = info.annotation is int
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        limits = ("ge", "gt", "le", "lt")
        bounds = {n: getattr(one, n) for one in info.metadata for n in limits if hasattr(one, n)}
        low = bounds.get("ge", bounds.get("gt", 0))
        high = bounds.get("le", bounds.get("lt", UNBOUNDED))
        reach = typing.cast(float, extra.get("usual", high))
        step = 1 if whole else 0.01 if reach - low <= 10 else 0.1
        low += step if "gt" in bounds else 0
        high -= step if "lt" in bounds else 0
        decimals = 0 if whole else max(2 if step < 0.1 else 1, _decimals(info.default))
        reach = None if reach >= high else reach
        self.number = NumberSlider(low, high, step, decimals, reach)
        self.number.value_changed.connect(lambda value: self._tell(int(value) if whole else value))
        _fill(self, self.number)

    def show_value(self, value: Any) -> None:
        self.number.blockSignals(True)
        self.number.set_value(value)
        self.number.blockSignals(False)

    def set_texts(self, label: str, help_text: str) -> None:
        self.number.set_texts(label, help_text)

    def commit(self) -> None:
        self.number.spin_box.interpretText()

    def _tell(self, value: float) -> None:
        self.changed.emit(value)


class OptionalNumberField(NumberField):
    """A number that is found by itself (None) unless the user sets it."""

    def __init__(self, info: FieldInfo) -> None:
        super().__init__(info)
        self.box = QCheckBox()
        self.box.setChecked(True)
        self.number.set_value(1.0)
        self.box.clicked.connect(self._on_clicked)
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.setDirection(QHBoxLayout.Direction.TopToBottom)
        layout.setSpacing(2)
        layout.addWidget(self.box)

    def show_value(self, value: Any) -> None:
        self.box.setChecked(value is None)
        self.number.setEnabled(value is not None)
        if value is not None:
            super().show_value(value)

    def set_texts(self, label: str, help_text: str) -> None:
        super().set_texts(label, help_text)
        self.box.setText(self.tr("By itself"))
        _name(self.box, self.tr("{setting}: by itself").format(setting=label), help_text)

    def _tell(self, value: float) -> None:
        if not self.box.isChecked():
            super()._tell(value)

    def _on_clicked(self, by_itself: bool) -> None:
        self.changed.emit(None if by_itself else self.number.value())


def _decimals(default: Any) -> int:
    """How many decimals a default needs to be shown as it is."""
    return len(str(default).partition(".")[2]) if isinstance(default, float) else 0


class ChoiceField(Field):
    """A label and a list of a few named choices."""

    def __init__(self, choices: tuple[str, ...]) -> None:
        super().__init__()
        self.box = ChoiceBox()
        for choice in choices:
            self.box.addItem(choice, choice)
        self.box.activated.connect(lambda index: self.changed.emit(self.box.itemData(index)))
        self.label = _label_of(self.box)
        _fill(self, self.label, self.box)

    def show_value(self, value: Any) -> None:
        self.box.setCurrentIndex(self.box.findData(value))

    def set_texts(self, label: str, help_text: str) -> None:
        self.label.setText(label)
        for index in range(self.box.count()):
            self.box.setItemText(index, setting_text(self.box.itemData(index)))
        _name(self.box, label, help_text)


class SwitchField(Field):
    """On or off."""

    def __init__(self) -> None:
        super().__init__()
        self.box = QCheckBox()
        self.box.clicked.connect(lambda on: self.changed.emit(on))
        _fill(self, self.box)

    def show_value(self, value: Any) -> None:
        self.box.setChecked(bool(value))

    def set_texts(self, label: str, help_text: str) -> None:
        self.box.setText(label)
        _name(self.box, label, help_text)


class TextField(Field):
    """A line of text; it counts when the line is left or Enter is pressed.

    empty: the value of an empty line.
    """

    def __init__(self, empty: Any = "") -> None:
        super().__init__()
        self._empty = self._value = empty
        self.line = QLineEdit()
        self.line.editingFinished.connect(self.commit)
        self.label = _label_of(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self.label)
        column.addWidget(self.line)

    def show_value(self, value: Any) -> None:
        self._value = value
        if self.read(self.line.text()) != value:
            self.line.setText(self.write(value))

    def set_texts(self, label: str, help_text: str) -> None:
        self.label.setText(label)
        _name(self.line, label, help_text)

    def commit(self) -> None:
        value = self.read(self.line.text())
        if value != self._value:
            self._value = value
            self.changed.emit(value)

    def read(self, text: str) -> Any:
        """The value that `text` stands for."""
        return text.strip() or self._empty

    def write(self, value: Any) -> str:
        """The text that stands for a value."""
        return value or ""


class WordsField(TextField):
    """Words with commas between them, as a tuple."""

    def __init__(self) -> None:
        super().__init__(empty=())

    def read(self, text: str) -> Any:
        words = (word.strip() for word in text.split(","))
        return tuple(word for word in words if word)

    def write(self, value: Any) -> str:
        return ", ".join(value)


class ChoiceBox(QComboBox):
    """A list that opens. A wheel that rolls over it scrolls the panel, unless it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setItemDelegate(QStyledItemDelegate(self))  # the menu's own draws no item grey

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        caret = QRect(self.width() - 24, 0, 14, self.height())
        icon("caret-down").paint(painter, caret)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def _label_of(control: QWidget) -> QLabel:
    label = QLabel()
    label.setProperty("role", "dim")
    label.setBuddy(control)
    return label


def _name(control: QWidget, label: str, help_text: str) -> None:
    control.setAccessibleName(label)
    control.setAccessibleDescription(help_text)
    control.setToolTip(help_text or label)


def _fill(field: Field, *widgets: QWidget) -> None:
    row = QHBoxLayout(field)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(10)
    for widget in widgets:
        row.addWidget(widget, 0 if isinstance(widget, QLabel) else 1)
