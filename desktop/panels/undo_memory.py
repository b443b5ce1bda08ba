"""How much memory undoing may take: a small dialog."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop.preferences import UNDO_RANGE


class UndoMemoryDialog(QDialog):
    """Asks for a number of megabytes.

    Signals
        chosen(int): megabytes.
    """

    chosen = Signal(int)

    def __init__(self, megabytes: int, used: float, steps: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Memory for undo"))
        self.spin_box = QSpinBox()
        self.spin_box.setProperty("role", "framed")
        self.spin_box.setRange(*UNDO_RANGE)
        self.spin_box.setSingleStep(64)
        self.spin_box.setSuffix(self.tr(" MB"))
        self.spin_box.setValue(megabytes)
        self.spin_box.setAccessibleName(self.tr("Memory for undo, in megabytes"))
        help_text = self.tr("Beyond this the oldest steps can no longer be undone.")
        self.spin_box.setToolTip(help_text)
        note = QLabel(help_text)
        note.setProperty("role", "dim")
        now = self.tr("In use now: {used:.1f} MB for {steps} steps.")
        usage = QLabel(now.format(used=used, steps=steps))
        usage.setProperty("role", "dim")
        standard = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        self.buttons.button(standard.Ok).setText(self.tr("OK"))
        self.buttons.button(standard.Cancel).setText(self.tr("Cancel"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.accepted.connect(lambda: self.chosen.emit(self.spin_box.value()))
        form = QFormLayout()
        form.addRow(self.tr("At most"), self.spin_box)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(note)
        column.addWidget(usage)
        column.addWidget(self.buttons)
