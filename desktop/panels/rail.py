"""The tools at the left edge."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

WIDTH = 54


class Rail(QFrame):
    """A button for each action that is put in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setFixedWidth(WIDTH)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 12, 8, 12)
        self._layout.setSpacing(4)
        self._layout.addStretch(1)

    def add(self, action: QAction) -> QToolButton:
        button = ActionButton(action, self)
        self._layout.insertWidget(self._layout.count() - 1, button)
        return button

    def add_gap(self) -> None:
        """A line between two kinds of buttons."""
        line = QFrame()
        line.setObjectName("railGap")
        line.setFixedHeight(1)
        self._layout.insertSpacing(self._layout.count() - 1, 4)
        self._layout.insertWidget(self._layout.count() - 1, line)
        self._layout.insertSpacing(self._layout.count() - 1, 4)


class ActionButton(QToolButton):
    """Its name and tooltip are the action's, in every language."""

    def __init__(
        self, action: QAction, parent: QWidget, role: str = "tool", size: int = 20
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setDefaultAction(action)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.setIconSize(QSize(size, size))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        action = self.defaultAction()
        self.setAccessibleName(action.text().replace("&", ""))
