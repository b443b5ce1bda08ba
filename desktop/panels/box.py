"""A box in the picture, in numbers: for an exact selection, and for whoever uses no mouse."""

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QSpinBox, QVBoxLayout, QWidget


class BoxDialog(QDialog):
    """Left, top, width and height in picture pixels. `box()` is the answer once it was accepted.

    picture: the whole picture, which no box reaches beyond; start: what is shown first.
    """

    def __init__(self, picture: QRect, start: QRect, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("box")
        self.setWindowTitle(self.tr("Select a box"))
        self.setMinimumWidth(280)
        self.left, self.top = _number(0, picture.width() - 1), _number(0, picture.height() - 1)
        self.width_box, self.height_box = _number(1, picture.width()), _number(1, picture.height())
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setText(self.tr("Select"))
        ok.setProperty("role", "primary")
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._picture = picture
        self._arrange()
        for box, value in zip(self._boxes, start.getRect(), strict=True):  # type: ignore[arg-type]
            box.setValue(value)
        self.left.setFocus()
        self.left.selectAll()

    def box(self) -> QRect:
        """What lies in the picture of the box."""
        values = [box.value() for box in self._boxes]
        return QRect(*values).intersected(self._picture)

    @property
    def _boxes(self) -> tuple[QSpinBox, ...]:
        return self.left, self.top, self.width_box, self.height_box

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setSpacing(10)
        for box, name, help_text in (
            (self.left, self.tr("Left"), self.tr("Pixels between the picture's left and the box")),
            (self.top, self.tr("Top"), self.tr("Pixels between the picture's top and the box")),
            (self.width_box, self.tr("Width"), self.tr("The box's width in picture pixels")),
            (self.height_box, self.tr("Height"), self.tr("The box's height in picture pixels")),
        ):
            box.setAccessibleName(name)
            box.setToolTip(help_text)
            form.addRow(name, box)  # which makes the label the number's own
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(14)
        layout.addLayout(form)
        layout.addWidget(self.buttons)


def _number(low: int, high: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(low, high)
    box.setProperty("role", "framed")
    return box
