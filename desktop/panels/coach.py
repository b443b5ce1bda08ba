"""The bar below the canvas that leads through the tour. It never stands in the way."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget


class Coach(QFrame):
    """One step: its number, its title, a sentence or two, and a button that does it.

    Signals
        do_wanted(): the step shall be done for the user. end_wanted(): no more of the tour.
        language_changed(): the step is to be shown in another language.
    """

    do_wanted = Signal()
    end_wanted = Signal()
    language_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("coach")
        self.place = QLabel()
        self.place.setProperty("role", "small")
        self.title = QLabel()
        self.title.setProperty("role", "heading")
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setMinimumWidth(120)
        self.do_button, self.end_button = QPushButton(), QPushButton()
        self.end_button.setProperty("role", "link")
        self.do_button.clicked.connect(self.do_wanted)
        self.end_button.clicked.connect(self.end_wanted)
        self._is_last = False
        heading = QHBoxLayout()
        heading.setSpacing(10)
        heading.addWidget(self.title)
        heading.addWidget(self.place)
        heading.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addLayout(heading)
        words.addWidget(self.text)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 10, 14, 10)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self.do_button)
        row.addWidget(self.end_button)
        self.retranslate()
        self.hide()

    def show_step(self, number: int, count: int, title: str, text: str, *, busy: bool) -> None:
        """busy: an edit runs, which is waited for."""
        self._is_last = number == count
        self.title.setText(title)
        self.text.setText(text)
        self.place.setText(self.tr("{number} of {count}").format(number=number, count=count))
        self.setAccessibleName(self.tr("Tour: {step}").format(step=title))
        self.setAccessibleDescription(text)
        self.do_button.setEnabled(not busy)
        self.do_button.setVisible(not self._is_last)
        self._name_buttons()

    def retranslate(self) -> None:
        self._name_buttons()
        self.language_changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _name_buttons(self) -> None:
        end = self.tr("Done") if self._is_last else self.tr("Skip the tour")
        for button, text, tip in (
            (self.do_button, self.tr("Do it for me"), self.tr("Let the tour do this step")),
            (self.end_button, end, self.tr("Close the tour; it is in the Help menu")),
        ):
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(tip)
