"""A prompt as a row of buttons, one for each word; the chosen one is where one looks."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

SPACING = 4


class LookWords(QWidget):
    """Signals
    chosen(int): a word was pressed; the chosen one again, to let it go.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = QLabel()
        self.heading.setProperty("role", "dim")
        self._flow = _Flow()
        self._words: tuple[str, ...] = ()
        self._help = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.heading)
        layout.addWidget(self._flow)

    @property
    def buttons(self) -> list[QToolButton]:
        return self._flow.buttons

    def show_words(self, words: Sequence[str]) -> None:
        """One button for each; nothing at all where there are none."""
        self.setVisible(bool(words))
        if tuple(words) != self._words:
            self._words = tuple(words)
            self._flow.fill([self._button(index, word) for index, word in enumerate(words)])
            self._name()

    def choose(self, word: int | None) -> None:
        """Show which word is looked at."""
        for index, button in enumerate(self.buttons):
            button.setChecked(index == word)

    def set_texts(self, heading: str, tooltip: str) -> None:
        """tooltip: of every word, with {word} in it."""
        self.heading.setText(heading)
        self._help = tooltip
        self._name()

    def _name(self) -> None:
        for word, button in zip(self._words, self.buttons, strict=True):
            text = self._help.format(word=word)
            button.setAccessibleName(text)
            button.setToolTip(text)

    def _button(self, index: int, word: str) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "word")
        button.setText(word.replace("&", "&&"))
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: self.chosen.emit(index))
        return button


class _Flow(QWidget):
    """Buttons in lines, as words in a text; as high as its lines."""

    def __init__(self) -> None:
        super().__init__()
        self.buttons: list[QToolButton] = []

    def fill(self, buttons: list[QToolButton]) -> None:
        """Put these buttons in place of the old ones."""
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons = buttons
        for button in buttons:
            button.setParent(self)
            button.show()
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # a button's font or style changed its size
            self._place()
        return super().event(event)

    def _place(self) -> None:
        left = top = line = 0
        for button in self.buttons:
            size = button.sizeHint()
            if left and left + size.width() > self.width():
                left, top, line = 0, top + line + SPACING, 0
            button.setGeometry(left, top, min(size.width(), self.width()), size.height())
            left, line = left + size.width() + SPACING, max(line, size.height())
        self.setFixedHeight(top + line)
