"""Choose two results of one edit, and how far the new one lies from the first to the second."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.document.alternative import Alternative
from desktop.panels.fields import ChoiceBox
from desktop.panels.number import NumberSlider
from desktop.panels.picture_box import PictureBox
from desktop.panels.stage import seed_text


class BlendDialog(QDialog):
    """Stays open, so that several amounts can be tried one after the other.

    results: what can be blended with each other; first, second: two of them.

    Signals
        blend_wanted(object, object, float): two Alternatives, and the amount of the second.
    """

    blend_wanted = Signal(object, object, float)

    def __init__(
        self,
        results: Sequence[Alternative],
        first: Alternative,
        second: Alternative,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Blend two results"))
        self._results = tuple(results)
        self.choices = (ChoiceBox(), ChoiceBox())
        self.boxes = (PictureBox(), PictureBox())
        self.amount = NumberSlider(0.0, 1.0, 0.01)
        self.blend_button = QPushButton(self.tr("Blend"))
        self.close_button = QPushButton(self.tr("Close"))
        names = (self.tr("First result"), self.tr("Second result"))
        for choice, box, name, chosen in zip(
            self.choices, self.boxes, names, (first, second), strict=True
        ):
            choice.addItems([self._name_of(result) for result in self._results])
            choice.setCurrentIndex(self._results.index(chosen))
            choice.setAccessibleName(name)
            choice.setToolTip(name)
            box.setAccessibleName(name)
            choice.currentIndexChanged.connect(self._show_chosen)
        self.amount.set_texts(
            self.tr("Amount of the second"),
            self.tr("Where the new picture lies on the way from the first to the second"),
            self.tr("first"),
            self.tr("second"),
        )
        self.amount.set_value(0.5)
        self.blend_button.setToolTip(
            self.tr("Run the edit from noise between the two; the result joins the strip")
        )
        self.blend_button.setProperty("role", "primary")
        self.blend_button.setDefault(True)
        self.blend_button.clicked.connect(self._blend)
        self.close_button.setToolTip(self.tr("Close (Esc)"))
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.close)
        self._arrange()
        self._show_chosen()

    def _chosen(self) -> tuple[Alternative, Alternative]:
        first, second = (self._results[choice.currentIndex()] for choice in self.choices)
        return first, second

    def _show_chosen(self) -> None:
        for box, result in zip(self.boxes, self._chosen(), strict=True):
            box.show_pixels(result.pixels)
        first, second = self._chosen()
        self.blend_button.setEnabled(first is not second)

    def _blend(self) -> None:
        self.amount.spin_box.interpretText()
        self.blend_wanted.emit(*self._chosen(), self.amount.value())

    @staticmethod
    def _name_of(result: Alternative) -> str:
        return f"{result.number}: {result.title}, {seed_text(result.request)}"

    def _arrange(self) -> None:
        pair = QHBoxLayout()
        pair.setSpacing(16)
        for choice, box in zip(self.choices, self.boxes, strict=True):
            column = QVBoxLayout()
            column.setSpacing(8)
            column.addWidget(box, 1)
            column.addWidget(choice)
            pair.addLayout(column, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.blend_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(14)
        column.addLayout(pair, 1)
        column.addWidget(self.amount)
        column.addLayout(buttons)
        self.resize(640, 430)
