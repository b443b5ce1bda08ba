"""A field for a prompt; words that differ from the other prompt's are marked while one types."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextDocument,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.theme import current_theme
from desktop.word_difference import Span

MAX_LINES = 4


class PromptField(QWidget):
    """A label and a text of one to four lines.

    Signals
        text_changed(str): the user typed, or `set_text` changed it.
    """

    text_changed = Signal(str)

    def __init__(self, removed: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = QLabel()
        self.label.setProperty("role", "dim")
        self.edit = _PromptEdit()
        self.label.setBuddy(self.edit)
        self._highlighter = _WordHighlighter(self.edit.document(), removed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        self._top = QHBoxLayout()
        self._top.setContentsMargins(0, 0, 0, 0)
        self._top.addWidget(self.label, 1)
        layout.addLayout(self._top)
        layout.addWidget(self.edit)
        self.edit.textChanged.connect(self._on_text)
        self._text = ""

    def text(self) -> str:
        """The prompt in one line."""
        return " ".join(self.edit.toPlainText().split("\n"))

    def set_text(self, text: str) -> None:
        if text != self.text():
            self.edit.setPlainText(text)

    def set_texts(self, label: str, placeholder: str, tooltip: str) -> None:
        self.label.setText(label)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAccessibleName(label)
        self.edit.setAccessibleDescription(tooltip)
        self.edit.setToolTip(tooltip)

    def add_corner(self, widget: QWidget) -> None:
        """Put a small control beside the label."""
        self._top.addWidget(widget)

    def mark(self, spans: Sequence[Span]) -> None:
        """Mark these words; nothing else is marked."""
        self._highlighter.mark(spans)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._highlighter.rehighlight()
        super().changeEvent(event)

    def _on_text(self) -> None:
        # Marking words makes the text edit say "changed" too; only another text counts.
        if self.text() != self._text:
            self._text = self.text()
            self.text_changed.emit(self._text)


class _PromptEdit(QPlainTextEdit):
    """As high as its text; Tab leaves it, Enter does not break the line."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(3)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        lines = self.document().documentLayout().documentSize().height()
        shown = int(max(1, min(lines, MAX_LINES)))
        line = QFontMetrics(self.font()).lineSpacing()
        frame = self.contentsMargins()
        margin = 2 * round(self.document().documentMargin())
        height = shown * line + margin + frame.top() + frame.bottom() + 2
        if self.height() != height or self.minimumHeight() != height:
            self.setFixedHeight(height)
        overflows = lines > MAX_LINES
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if overflows else policy.ScrollBarAlwaysOff
        )


class _WordHighlighter(QSyntaxHighlighter):
    """Draws some words as going (struck through) or as new (bold)."""

    def __init__(self, document: QTextDocument, removed: bool) -> None:
        super().__init__(document)
        self._removed = removed
        self._spans: list[Span] = []

    def mark(self, spans: Sequence[Span]) -> None:
        if list(spans) != self._spans:
            self._spans = list(spans)
            self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        look = QTextCharFormat()
        if self._removed:
            look.setForeground(QColor(current_theme().removed))
            look.setFontStrikeOut(True)
        else:
            look.setForeground(QColor(current_theme().added))
            look.setFontWeight(QFont.Weight.Bold)
        offset = self.currentBlock().position()
        for start, length in self._spans:
            inside = start - offset
            if 0 <= inside < len(text):
                self.setFormat(inside, min(length, len(text) - inside), look)
