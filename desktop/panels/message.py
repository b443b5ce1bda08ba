"""A bar above the canvas for what went wrong. It never stands in the way and can be closed."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from desktop.accessibility import announce
from desktop.icons import icon


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
        layout.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.retranslate()
        self.hide()

    def text(self) -> str:
        """What is being said; empty when the bar is hidden."""
        return self.label.text() if not self.isHidden() else ""

    def say(self, title: str, text: str) -> None:
        """Show a message: what it is about, and one line with the thing and the remedy."""
        self._sign.setPixmap(icon("warning-circle").pixmap(QSize(20, 20), self.devicePixelRatioF()))
        self.label.setText(f"{title}: {text}" if title else text)
        self.label.setAccessibleName(self.label.text())
        self.show()
        announce(self, self.label.text())

    def dismiss(self) -> None:
        self.hide()
        self.label.clear()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Message"))
        self.close_button.setAccessibleName(self.tr("Dismiss the message"))
        self.close_button.setToolTip(self.tr("Dismiss the message"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
