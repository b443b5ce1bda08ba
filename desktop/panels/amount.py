"""A question for a number of pixels."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from desktop.panels.number import NumberSlider

LARGEST = 200


class AmountDialog(QDialog):
    """By how many pixels, 1 to 200. `pixels()` is the answer once it was accepted."""

    def __init__(self, title: str, what: str, pixels: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("amount")
        self.setWindowTitle(title)
        self.setMinimumWidth(320)
        self.amount = NumberSlider(1, LARGEST, 1, 0)
        self.amount.set_texts(self.tr("Pixels"), what)
        self.amount.set_value(pixels)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setText(title.rstrip("…"))
        ok.setProperty("role", "primary")
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(14)
        layout.addWidget(self.amount)
        layout.addWidget(self.buttons)
        self.amount.spin_box.setFocus()
        self.amount.spin_box.selectAll()

    def pixels(self) -> int:
        return int(self.amount.value())
