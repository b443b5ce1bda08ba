"""The line below the canvas: a hint, or, while a result is looked at, the bar for it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from desktop.document.document import Document
from desktop.panels.stage import StageBar

HEIGHT = 52
MARGIN = 12
NARROWEST = 120  # cut off in a narrow window, rather than widening it


class CanvasFoot(QFrame):
    """Keeps its height, so that the picture does not move when a result comes."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hintRow")
        self.setFixedHeight(HEIGHT)
        self._document = document
        self.hint = QLabel()
        self.hint.setObjectName("hint")
        self.hint.setFixedHeight(30)
        self.hint.setMinimumWidth(NARROWEST)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stage = StageBar(document)
        self.stage.setMinimumWidth(NARROWEST)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, 0, MARGIN, 8)
        row.addStretch(1)
        row.addWidget(self.hint)
        row.addWidget(self.stage)
        row.addStretch(1)
        document.shown_changed.connect(self._show_shown)
        self._show_shown()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.stage.fit(self.width() - 2 * MARGIN)

    def _show_shown(self) -> None:
        looking = self._document.shown is not None
        self.hint.setVisible(not looking)
        self.stage.setVisible(looking)
        self.stage.fit(self.width() - 2 * MARGIN)
