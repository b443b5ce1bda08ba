"""A bar above the canvas for what went wrong. It never stands in the way and can be closed."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from desktop.accessibility import announce
from desktop.icons import icon

MOST_LINES, MOST_CHARACTERS = 4, 600


@dataclass(frozen=True)
class Remedy:
    """A button beside a message: its words, what it does in a sentence, and what it calls."""

    label: str
    tooltip: str
    run: Callable[[], object]


def shortened(text: str) -> str:
    """The first lines of what is too long for a bar, as what a library said of a fault may be."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    short = "\n".join(lines[:MOST_LINES])
    if len(short) > MOST_CHARACTERS:
        return short[:MOST_CHARACTERS].rstrip() + "…"
    return short if len(lines) <= MOST_LINES else short + " …"


class MessageBar(QFrame):
    """Hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self._sign = QLabel()
        self.label = QLabel()
        self.label.setObjectName("messageText")
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.remedy_button = QPushButton()
        self.remedy_button.clicked.connect(self._on_remedy)
        self.remedy_button.hide()
        self._remedy: Remedy | None = None
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("x"))
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.close_button.clicked.connect(self.dismiss)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 8, 8)
        layout.setSpacing(10)
        layout.addWidget(self._sign)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.remedy_button)
        layout.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.retranslate()
        self.hide()

    def text(self) -> str:
        """What is being said; empty when the bar is hidden."""
        return self.label.text() if not self.isHidden() else ""

    def say(self, title: str, text: str, remedy: Remedy | None = None) -> None:
        """Show a message: what it is about, and one line with the thing and the remedy.

        remedy: what a button beside it does; it takes the message away.
        """
        self._sign.setPixmap(icon("warning-circle").pixmap(QSize(20, 20), self.devicePixelRatioF()))
        whole = f"{title}: {text}" if title else text
        self.label.setText(shortened(whole))
        self.label.setToolTip(whole if self.label.text() != whole else "")
        self.label.setAccessibleName(self.label.text())
        self._offer(remedy)
        self.show()
        announce(self, self.label.text())

    def dismiss(self) -> None:
        self.hide()
        self.label.clear()
        self._offer(None)

    def _offer(self, remedy: Remedy | None) -> None:
        self._remedy = remedy
        self.remedy_button.setVisible(remedy is not None)
        if remedy is not None:
            self.remedy_button.setText(remedy.label)
            self.remedy_button.setAccessibleName(remedy.label)
            self.remedy_button.setToolTip(remedy.tooltip)

    def _on_remedy(self) -> None:
        remedy = self._remedy
        self.dismiss()
        if remedy is not None:
            remedy.run()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Message"))
        if self._remedy is None:
            self.remedy_button.setAccessibleName(self.tr("Try again in another way"))
            self.remedy_button.setToolTip(self.tr("Does what the message offers"))
        self.close_button.setAccessibleName(self.tr("Dismiss the message"))
        self.close_button.setToolTip(self.tr("Dismiss the message"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
