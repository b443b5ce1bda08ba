"""A form for a settings class: one control per field, with its range, default and help."""

import typing
from collections.abc import Collection
from typing import Any

from pydantic import BaseModel, ValidationError
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from desktop.icons import icon
from desktop.panels.core_texts import setting_label, setting_text
from desktop.panels.fields import Field, field_for
from desktop.panels.kernel import KernelField
from desktop.panels.tab_order import controls_in, put_after


class SettingsForm(QWidget):
    """The fields of a pydantic class, from top to bottom.

    controls: by the fields' names. A field whose kind of value has no control is left out.

    Signals
        setting_changed(str, object): a field's name and its new value.
    """

    setting_changed = Signal(str, object)

    def __init__(
        self, kind: type[BaseModel], leave_out: Collection[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._kind = kind
        self.controls: dict[str, Field] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        for name in kind.model_fields:
            field = None if name in leave_out else _field(kind, name)
            if field is not None:
                field.changed.connect(lambda value, name=name: self._tell(name, value))
                column.addWidget(field)
                self.controls[name] = field
        self.retranslate()

    def show_values(self, values: BaseModel) -> None:
        """Show these values, without telling anybody; what does not count for them is hidden."""
        for name, field in self.controls.items():
            field.show_value(getattr(values, name))
            field.setVisible(_counts(self._kind, name, values))

    def commit(self) -> None:
        """Take over what is still being typed."""
        for field in self.controls.values():
            field.commit()

    def retranslate(self) -> None:
        for name, field in self.controls.items():
            help_text = self._kind.model_fields[name].description or ""
            field.set_texts(
                setting_label(name, self._kind), setting_text(help_text) if help_text else ""
            )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _tell(self, name: str, value: Any) -> None:
        self.setting_changed.emit(name, value)


def _counts(kind: type[BaseModel], name: str, values: BaseModel) -> bool:
    """Whether a field counts, by the "when" of its schema: what other fields must be."""
    extra = kind.model_fields[name].json_schema_extra
    when = extra.get("when", {}) if isinstance(extra, dict) else {}
    assert isinstance(when, dict)
    return all(getattr(values, other) in typing.cast(Any, some) for other, some in when.items())


def _field(kind: type[BaseModel], name: str) -> Field | None:
    """The control for a field; one that holds several things of one class has a form for each."""
    info = kind.model_fields[name]
    origin, parts = typing.get_origin(info.annotation), typing.get_args(info.annotation)
    if origin is tuple and isinstance(parts[0], type) and issubclass(parts[0], BaseModel):
        return PartsField(parts[0])
    if info.annotation == tuple[tuple[float, ...], ...]:
        return KernelField()
    return field_for(info)


class PartsField(Field):
    """Any number of things of one class, each with a form of its own; a tuple of those that hold.

    What is not complete yet (an edit without words) stays on the screen and does not count.
    """

    def __init__(self, kind: type[BaseModel]) -> None:
        super().__init__()
        self._kind = kind
        self.parts: list[_Part] = []
        self.add_button = _small_button("plus")
        self.add_button.clicked.connect(self._on_add)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.label = QLabel()
        self.label.setProperty("role", "dim")
        top = QHBoxLayout()
        top.addWidget(self.label, 1)
        top.addWidget(self.add_button)
        self._column.addLayout(top)

    def value(self) -> tuple[BaseModel, ...]:
        """Those that are complete."""
        values = (part.value() for part in self.parts)
        return tuple(value for value in values if value is not None)

    def show_value(self, value: Any) -> None:
        if value == self.value():
            return
        for part in list(self.parts):
            self._take_out(part)
        for one in value:
            self._put_in(one)

    def set_texts(self, label: str, help_text: str) -> None:
        self.label.setText(label)
        self.label.setToolTip(help_text)
        self.add_button.setAccessibleName(self.tr("Add to: {what}").format(what=label))
        self.add_button.setToolTip(self.tr("Add to: {what}").format(what=label))

    def commit(self) -> None:
        for part in self.parts:
            part.form.commit()

    def _on_add(self) -> None:
        part = self._put_in(None)
        put_after(self.add_button, part)
        controls_in(part.form)[0].setFocus()
        self.changed.emit(self.value())

    def _put_in(self, values: BaseModel | None) -> "_Part":
        part = _Part(self._kind, values)
        part.changed.connect(lambda: self.changed.emit(self.value()))
        part.removed.connect(lambda: self._on_remove(part))
        self.parts.append(part)
        self._column.addWidget(part)
        return part

    def _on_remove(self, part: "_Part") -> None:
        self._take_out(part)
        self.add_button.setFocus()
        self.changed.emit(self.value())

    def _take_out(self, part: "_Part") -> None:
        self.parts.remove(part)
        self._column.removeWidget(part)
        part.hide()
        part.deleteLater()


class _Part(QFrame):
    """One thing of several.

    Signals
        changed(), removed()
    """

    changed = Signal()
    removed = Signal()

    def __init__(self, kind: type[BaseModel], values: BaseModel | None) -> None:
        super().__init__()
        self.setObjectName("part")
        self._kind = kind
        self._values = _defaults(kind) if values is None else values.model_dump()
        self.form = SettingsForm(kind)
        self.form.show_values(kind.model_construct(**self._values))
        self.form.setting_changed.connect(self._on_setting)
        self.remove_button = _small_button("x")
        self.remove_button.clicked.connect(self.removed)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 6, 8)
        column.setSpacing(0)
        column.addWidget(self.remove_button, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self.form)
        self.retranslate()

    def value(self) -> BaseModel | None:
        """The thing, or None while it is not complete."""
        try:
            return self._kind.model_validate(self._values)
        except ValidationError:
            return None

    def retranslate(self) -> None:
        self.remove_button.setAccessibleName(self.tr("Remove"))
        self.remove_button.setToolTip(self.tr("Remove"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _on_setting(self, name: str, value: object) -> None:
        self._values[name] = value
        self.changed.emit()


def _small_button(name: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(name))
    button.setIconSize(QSize(14, 14))
    button.setProperty("role", "tiny")
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def _defaults(kind: type[BaseModel]) -> dict[str, Any]:
    """A value for every field; an empty text where there is no default."""
    return {
        name: "" if info.is_required() else info.default for name, info in kind.model_fields.items()
    }
