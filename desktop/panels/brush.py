"""Size and softness of the brush, and what can be done with the whole selection."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QWidget

from desktop.icons import icon
from desktop.panels.number import NumberSlider


class BrushPanel(QWidget):
    """Signals
    brush_edited(float, float): diameter in picture pixels, softness in [0, 1].
    """

    brush_edited = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = QLabel()
        self.heading.setProperty("role", "dim")
        self.invert_button = QToolButton()
        self.invert_button.setIcon(icon("selection-inverse"))
        self.clear_button = QToolButton()
        self.clear_button.setIcon(icon("selection-slash"))
        self.size_slider = NumberSlider(1, 1000, 1, 0)
        self.softness_slider = NumberSlider(0, 1, 0.01)
        buttons = QHBoxLayout()
        buttons.setSpacing(2)
        buttons.addWidget(self.heading, 1)
        for button in (self.invert_button, self.clear_button):
            button.setIconSize(QSize(18, 18))
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            buttons.addWidget(button)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(16)
        layout.setVerticalSpacing(4)
        layout.setColumnStretch(0, 1)
        layout.setColumnStretch(1, 1)
        layout.addLayout(buttons, 0, 0, 1, 2)
        layout.addWidget(self.size_slider, 1, 0)
        layout.addWidget(self.softness_slider, 1, 1)
        self.size_slider.value_changed.connect(self._tell)
        self.softness_slider.value_changed.connect(self._tell)
        self.retranslate()

    def show_brush(self, size: float, softness: float) -> None:
        """Show these values, without telling anybody."""
        self.blockSignals(True)
        self.size_slider.set_value(size)
        self.softness_slider.set_value(softness)
        self.blockSignals(False)

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Selection brush"))
        self.size_slider.set_texts(self.tr("Size"), self.tr("Diameter in picture pixels ([ and ])"))
        self.softness_slider.set_texts(
            self.tr("Softness"), self.tr("How softly the brush's edge fades")
        )
        for button, text in (
            (self.invert_button, self.tr("Invert the selection (Ctrl+Shift+I)")),
            (self.clear_button, self.tr("Clear the selection (Ctrl+D)")),
        ):
            button.setToolTip(text)
            button.setAccessibleName(text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _tell(self) -> None:
        self.brush_edited.emit(self.size_slider.value(), self.softness_slider.value())
