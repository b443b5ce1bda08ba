"""The tools at the left edge."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QToolButton, QWidget

WIDTH, MARGIN, BUTTON = 54, 8, 38
_SHAPES = ((1, 4, 12), (1, 1, 6), (2, 4, 12))
"""Columns, space between buttons and at the ends: the first that fits is taken."""


class Rail(QFrame):
    """A button for each action that is put in: one below the other, two abreast in a low window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self._kinds: list[list[QWidget]] = [[]]
        self._lines: list[QFrame] = []
        self._shape = _SHAPES[0]
        self._grid = QGridLayout(self)

    def add(self, action: QAction) -> QToolButton:
        button = ActionButton(action, self)
        self._kinds[-1].append(button)
        self._arrange()
        return button

    def add_gap(self) -> None:
        """A line between two kinds of buttons."""
        line = QFrame(self)
        line.setObjectName("railGap")
        line.setFixedHeight(1)
        self._lines.append(line)
        self._kinds.append([])

    def minimumSizeHint(self) -> QSize:
        """The window may be lower than one column of buttons."""
        return QSize(self.width(), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fitting = (shape for shape in _SHAPES if self._height(*shape) <= self.height())
        shape = next(fitting, _SHAPES[-1])
        if shape != self._shape:
            self._shape = shape
            self._arrange()

    def _height(self, columns: int, spacing: int, ends: int) -> int:
        side = max((button.sizeHint().height() for button in self._kinds[0]), default=0)
        rows = sum(-(-len(kind) // columns) for kind in self._kinds)
        return 2 * ends + rows * (side + spacing) + len(self._lines) * (1 + spacing)

    def _arrange(self) -> None:
        """Put everything in its place."""
        columns, spacing, ends = self._shape
        self._grid.setContentsMargins(MARGIN, ends, MARGIN, ends)
        self._grid.setSpacing(spacing)
        self.setFixedWidth(WIDTH + (columns - 1) * (BUTTON + spacing))
        self._grid.setRowStretch(self._grid.rowCount() - 1, 0)
        row = 0
        for kind, line in zip(self._kinds, [*self._lines, None], strict=True):
            for index, button in enumerate(kind):
                self._grid.addWidget(button, row + index // columns, index % columns)
            row += -(-len(kind) // columns)
            if line is not None:
                self._grid.addWidget(line, row, 0, 1, columns)
                row += 1
        self._grid.setRowStretch(max(row, self._grid.rowCount() - 1), 1)


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
