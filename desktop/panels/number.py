"""A slider with its name on the left and its number, editable, on the right."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget


class NumberSlider(QWidget):
    """One number: drag it, or type it. Whole numbers have no decimals.

    reach: where the slider ends, if numbers beyond it are possible but rare; they are typed.

    Signals
        value_changed(float): by the user or by `set_value`.
    """

    value_changed = Signal(float)

    def __init__(
        self,
        minimum: float,
        maximum: float,
        step: float,
        decimals: int = 2,
        reach: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._per_unit = round(1.0 / step, 9)
        self.name_label = QLabel()
        self.name_label.setProperty("role", "dim")
        self.spin_box = QDoubleSpinBox()
        self.spin_box.setDecimals(decimals)
        self.spin_box.setRange(minimum, maximum)
        self.spin_box.setSingleStep(step)
        self.spin_box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.spin_box.setKeyboardTracking(False)
        self.spin_box.setFixedWidth(64)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        end = maximum if reach is None else reach
        self.slider.setRange(round(minimum * self._per_unit), round(end * self._per_unit))
        self.slider.setPageStep(max(1, (self.slider.maximum() - self.slider.minimum()) // 10))
        self._ends = QWidget()
        self._low, self._high = QLabel(), QLabel()
        self._build()
        self.slider.valueChanged.connect(self._on_slider)
        self.spin_box.valueChanged.connect(self._on_spin_box)
        for widget in (self.slider, self.spin_box):
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            widget.installEventFilter(self)
        self.name_label.setBuddy(self.spin_box)

    def value(self) -> float:
        return self.spin_box.value()

    def set_value(self, value: float) -> None:
        """Show `value`; what is being typed stays when it is the same."""
        if round(value, self.spin_box.decimals()) != self.spin_box.value():
            self.spin_box.setValue(value)
        self._on_spin_box(self.spin_box.value(), tell=False)

    def set_texts(self, name: str, tooltip: str = "", low: str = "", high: str = "") -> None:
        """The name, the help, and what the two ends mean (nothing: no captions)."""
        self.name_label.setText(name)
        for widget in (self.slider, self.spin_box):
            widget.setAccessibleName(name)
            widget.setAccessibleDescription(tooltip)
            widget.setToolTip(tooltip or name)
        self.name_label.setToolTip(tooltip)
        self._low.setText(low)
        self._high.setText(high)
        self._ends.setVisible(bool(low or high))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A wheel that rolls over scrolls the panel; it turns only a number that has the focus."""
        rolled = isinstance(event, QWheelEvent)
        if rolled and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(4)
        top.addWidget(self.name_label, 1)
        top.addWidget(self.spin_box)
        ends = QHBoxLayout(self._ends)
        ends.setContentsMargins(0, 0, 0, 0)
        for label in (self._low, self._high):
            label.setProperty("role", "small")
        ends.addWidget(self._low)
        ends.addStretch(1)
        ends.addWidget(self._high)
        self._ends.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.slider)
        layout.addWidget(self._ends)

    def _on_slider(self, position: int) -> None:
        self.spin_box.setValue(position / self._per_unit)

    def _on_spin_box(self, value: float, tell: bool = True) -> None:
        position = min(round(value * self._per_unit), self.slider.maximum())
        if position != self.slider.value():
            self.slider.blockSignals(True)
            self.slider.setValue(position)
            self.slider.blockSignals(False)
            self.slider.update()
        if tell:
            self.value_changed.emit(value)
