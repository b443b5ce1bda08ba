"""The two prompts compared word by word; a word of the target can be made to count more or less."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from desktop.panels.tab_order import put_after
from desktop.theme import current_theme
from desktop.word_difference import Change, ComparedWord, compare_words, is_word

LOWEST, HIGHEST = -2.0, 5.0
"""Prompt-to-Prompt weighs words from -2; a few times as much is where pictures break."""

STEP = 0.1
PIXELS_PER_STEP = 5
ROW = 26
GAP = 2


class WordBar(QWidget):
    """Words that go, that come and that stay, in reading order, in as many lines as they need.

    after: the control that stands before the words for the Tab key.

    Signals
        weight_changed(str, float): a word of the target shall count so many times.
    """

    weight_changed = Signal(str, float)

    def __init__(self, after: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._after = after
        self._compared: list[ComparedWord] = []
        self._reason = ""
        self.words: list[Word] = []
        self.setFixedHeight(ROW)

    def show_prompts(self, source: str, target: str, weights: Mapping[str, float]) -> None:
        """Show how `target` differs from `source`; nothing while there is no target."""
        compared = compare_words(source, target) if target.strip() else []
        if compared != self._compared:
            self._compared = compared
            self._make_words()
        for word in self.words:
            word.show_weight(weights.get(word.text.casefold(), 1.0))
        self.setVisible(bool(compared))
        self._place()

    def set_reason(self, reason: str) -> None:
        """Why no word can be weighed now; empty: they can."""
        self._reason = reason
        for word in self.words:
            word.set_reason(reason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _make_words(self) -> None:
        for word in self.words:
            word.hide()
            word.deleteLater()
        self.words = [Word(compared, self) for compared in self._compared]
        for word in self.words:
            word.set_reason(self._reason)
            word.weight_changed.connect(self.weight_changed)
            word.show()
        put_after(self._after, self)

    def _place(self) -> None:
        """Words side by side, a new line where the next one does not fit."""
        x = y = 0
        for word in self.words:
            size = word.sizeHint()
            if x and x + size.width() > self.width():
                x, y = 0, y + ROW
            word.setGeometry(x, y, size.width(), ROW)
            x += size.width() + GAP
        if self.height() != y + ROW:
            self.setFixedHeight(y + ROW)


class Word(QWidget):
    """One word. Its weight is seen by how bold or faint it is, and in figures where it is not 1.

    Signals
        weight_changed(str, float): it was dragged, turned by the keyboard or put back.
    """

    weight_changed = Signal(str, float)

    accessible_role = QAccessible.Role.SpinBox

    def __init__(self, compared: ComparedWord, parent: QWidget) -> None:
        super().__init__(parent)
        self.text, self.change = compared.text, compared.change
        self.weight = 1.0
        self._reason = ""
        self._held: tuple[float, float] | None = None  # where the mouse went down, and the weight
        self.retranslate()

    def accessible_value(self) -> str:
        return f"{self.weight:.1f}"

    @property
    def can_be_weighed(self) -> bool:
        return not self._reason and self.change is not Change.REMOVED and is_word(self.text)

    def show_weight(self, weight: float) -> None:
        """Show this weight, without telling anybody."""
        if self.change is not Change.REMOVED and weight != self.weight:
            self.weight = weight
            self.retranslate()
            self.updateGeometry()
            self.update()

    def set_reason(self, reason: str) -> None:
        """Why it cannot be weighed; empty: it can."""
        self._reason = reason
        able = self.can_be_weighed
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if able else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.SizeVerCursor if able else Qt.CursorShape.ArrowCursor)
        self.retranslate()
        self.update()

    def retranslate(self) -> None:
        if self.change is Change.REMOVED:
            name = tip = self.tr("{word}: goes").format(word=self.text)
        else:
            name = self.tr("{word}, weight {weight:.1f}").format(word=self.text, weight=self.weight)
            tip = self._reason
        if self.can_be_weighed:
            tip = self.tr(
                "Drag up or down, or press Up and Down, to make “{word}” count more or less. "
                "A double-click or Delete puts it back."
            ).format(word=self.text)
        self.setAccessibleName(name)
        self.setToolTip(tip)

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self._font()).horizontalAdvance(self.text) + 8
        if self._figure():
            width += QFontMetrics(self._small_font()).horizontalAdvance(self._figure()) + 3
        return QSize(width, ROW)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.can_be_weighed:
            self._held = event.globalPosition().y(), self.weight

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            y, weight = self._held
            steps = round((y - event.globalPosition().y()) / PIXELS_PER_STEP)
            self._turn_to(weight + steps * STEP)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._turn_to(1.0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Up: 1,
            Qt.Key.Key_Down: -1,
            Qt.Key.Key_PageUp: 5,
            Qt.Key.Key_PageDown: -5,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._turn_to(self.weight + steps[key] * STEP)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._turn_to(1.0)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        colours = {
            Change.KEPT: theme.text,
            Change.ADDED: theme.added,
            Change.REMOVED: theme.removed,
        }
        colour = QColor(colours[self.change])
        colour.setAlphaF(max(0.4, min(1.0, 0.4 + 0.6 * self.weight)))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QColor(theme.accent))
            painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.setFont(self._font())
        painter.setPen(colour)
        line = self.rect().adjusted(4, 0, -4, 0)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, left, self.text)
        if self._figure():
            painter.setFont(self._small_font())
            painter.setPen(QColor(theme.accent))
            top_right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
            painter.drawText(line.adjusted(0, 2, 0, 0), top_right, self._figure())
        elif self.can_be_weighed:
            self._underline(painter, QColor(theme.dim))
        painter.end()

    def focusInEvent(self, event: QEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QEvent) -> None:
        self.update()

    def _underline(self, painter: QPainter, colour: QColor) -> None:
        """Dots that say: this can be moved."""
        painter.setPen(QPen(colour, 1.0, Qt.PenStyle.DotLine))
        y = self.height() - 3.5
        painter.drawLine(QPointF(4, y), QPointF(self.width() - 4, y))

    def _figure(self) -> str:
        return "" if self.weight == 1.0 else f"{self.weight:.1f}"

    def _turn_to(self, weight: float) -> None:
        weight = round(min(HIGHEST, max(LOWEST, weight)), 1)
        if weight != self.weight and self.can_be_weighed:
            self.weight_changed.emit(self.text, weight)

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setStrikeOut(self.change is Change.REMOVED)
        heavier = 7 if self.change is Change.ADDED and self.weight == 1.0 else 2 + 2 * self.weight
        font.setWeight(QFont.Weight(100 * max(3, min(9, round(heavier)))))
        return font

    def _small_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(11)
        return font
