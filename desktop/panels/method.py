"""A method's lesser settings, built from its settings class: one control per field."""

import typing
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from core.settings import Settings
from desktop.icons import icon
from desktop.panels.core_texts import setting_label, setting_text
from desktop.panels.number import NumberSlider


class MethodSettings(QWidget):
    """A heading with the method's name that opens and closes its controls.

    Signals
        setting_changed(str, object): a field's name and its new value.
    """

    setting_changed = Signal(str, object)

    def __init__(self, method: type[Settings], main: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._method = method
        self.controls: dict[str, NumberSlider | QComboBox] = {}
        self._combo_labels: dict[str, QLabel] = {}
        self.heading = QPushButton()
        self.heading.setProperty("role", "fold")
        self.heading.setCheckable(True)
        self.heading.setIconSize(QSize(13, 13))
        self.heading.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.heading.toggled.connect(self._open)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 4, 0, 0)
        body.setSpacing(8)
        for name, field in method.model_fields.items():
            if name != main:
                self._add(body, name, field.annotation, field.metadata)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.heading)
        layout.addWidget(self._body)
        self._open(False)
        self.retranslate()

    def show_settings(self, settings: Settings) -> None:
        """Show these values, without telling anybody."""
        self.blockSignals(True)
        for name, control in self.controls.items():
            value = getattr(settings, name)
            if isinstance(control, QComboBox):
                control.setCurrentIndex(control.findData(value))
            else:
                control.set_value(value)
        self.blockSignals(False)

    def retranslate(self) -> None:
        title = setting_text(self._method.title)
        self.heading.setText(self.tr("Method: {title}").format(title=title))
        self.heading.setToolTip(self._method.paper)
        self.heading.setAccessibleName(self.heading.text())
        for name, control in self.controls.items():
            help_text = setting_text(self._method.model_fields[name].description or "")
            label = setting_label(name)
            if isinstance(control, NumberSlider):
                control.set_texts(label, help_text)
                continue
            self._combo_labels[name].setText(label)
            control.setAccessibleName(label)
            control.setToolTip(help_text)
            for index in range(control.count()):
                control.setItemText(index, setting_text(control.itemData(index)))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _open(self, opened: bool) -> None:
        self._body.setVisible(opened)
        self.heading.setIcon(icon("caret-down" if opened else "caret-right"))

    def _add(self, body: QVBoxLayout, name: str, kind: Any, bounds: list[Any]) -> None:
        choices = typing.get_args(kind)
        if choices:
            combo = QComboBox()
            for choice in choices:
                combo.addItem(choice, choice)
            combo.activated.connect(
                lambda index: self.setting_changed.emit(name, combo.itemData(index))
            )
            self._combo_labels[name] = label = QLabel()
            label.setProperty("role", "dim")
            label.setBuddy(combo)
            form = QFormLayout()
            form.addRow(label, combo)
            body.addLayout(form)
            self.controls[name] = combo
            return
        low = next(b.ge for b in bounds if hasattr(b, "ge"))
        high = next(b.le for b in bounds if hasattr(b, "le"))
        whole = kind is int
        slider = NumberSlider(low, high, 1 if whole else 0.01, 0 if whole else 2)
        slider.value_changed.connect(
            lambda value: self.setting_changed.emit(name, int(value) if whole else value)
        )
        body.addWidget(slider)
        self.controls[name] = slider
