"""A segmented control: a row of buttons of which exactly one is chosen."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget


class Segments(QFrame):
    """The left and right arrow keys move the choice.

    Signals
        chosen(int): the index of a segment that the user chose.
    """

    chosen = Signal(int)

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("segments")
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        self.buttons: list[QToolButton] = []
        for index in range(count):
            button = _Segment(self)
            self._group.addButton(button, index)
            layout.addWidget(button, 1)
            self.buttons.append(button)
        self._group.idClicked.connect(self.chosen)

    def set_texts(self, texts: Sequence[str], tooltips: Sequence[str]) -> None:
        for button, text, tooltip in zip(self.buttons, texts, tooltips, strict=True):
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(tooltip)

    def set_index(self, index: int) -> None:
        self.buttons[index].setChecked(True)

    def step(self, by: int) -> None:
        """Choose the neighbour, as the arrow keys do."""
        index = self._group.checkedId() + by
        if 0 <= index < len(self.buttons):
            self.buttons[index].setFocus()
            self.buttons[index].click()


class _Segment(QToolButton):
    def __init__(self, segments: Segments) -> None:
        super().__init__(segments)
        self._segments = segments
        self.setCheckable(True)
        self.setProperty("role", "segment")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        by = steps.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self._segments.step(by)
