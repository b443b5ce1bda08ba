"""The seed: a number, a lock that keeps it, dice that draw another."""

from PySide6.QtCore import QEvent, QRegularExpression, QSize, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from core.request import MAX_SEED
from desktop.icons import icon


class SeedField(QWidget):
    """Any whole number from 0 to 2**63 - 1.

    Signals
        seed_changed(object): an int, typed by the user.
        lock_changed(bool), dice_thrown()
    """

    seed_changed = Signal(object)
    lock_changed = Signal(bool)
    dice_thrown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = QLabel()
        self.label.setProperty("role", "dim")
        self.field = QLineEdit()
        self.field.setObjectName("seedField")
        self.field.setValidator(QRegularExpressionValidator(QRegularExpression(r"\d{1,19}")))
        self.label.setBuddy(self.field)
        self.dice = QToolButton()
        self.dice.setIcon(icon("dice-five"))
        self.lock = QToolButton()
        self.lock.setCheckable(True)
        for button in (self.dice, self.lock):
            button.setIconSize(QSize(18, 18))
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.label)
        layout.addSpacing(6)
        layout.addWidget(self.field, 1)
        layout.addWidget(self.dice)
        layout.addWidget(self.lock)
        self.field.editingFinished.connect(self._on_typed)
        self.lock.toggled.connect(self._on_lock)
        self.dice.clicked.connect(self.dice_thrown)
        self._seed = 0
        self._show_lock()
        self.retranslate()

    def set_seed(self, seed: int, locked: bool) -> None:
        self._seed = seed
        if self.field.text() != str(seed):
            self.field.setText(str(seed))
        self.lock.setChecked(locked)

    def commit(self) -> None:
        """Take over what is being typed."""
        self._on_typed()

    def retranslate(self) -> None:
        self.label.setText(self.tr("Seed"))
        self.field.setAccessibleName(self.tr("Seed"))
        self.field.setToolTip(self.tr("The same seed and settings give the same picture again."))
        self.dice.setAccessibleName(self.tr("Draw another seed"))
        self.dice.setToolTip(self.tr("Draw another seed"))
        self.lock.setAccessibleName(self.tr("Keep the seed"))
        self.lock.setToolTip(self.tr("Locked: the seed stays. Open: every run draws a new one."))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _on_typed(self) -> None:
        text = self.field.text()
        seed = min(int(text), MAX_SEED) if text else self._seed
        self.field.setText(str(seed))
        if seed != self._seed:
            self._seed = seed
            self.seed_changed.emit(seed)

    def _on_lock(self, locked: bool) -> None:
        self._show_lock()
        self.lock_changed.emit(locked)

    def _show_lock(self) -> None:
        self.lock.setIcon(icon("lock-simple" if self.lock.isChecked() else "lock-simple-open"))
