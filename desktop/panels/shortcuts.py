"""All shortcuts in one list that can be searched."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)


class ShortcutsDialog(QDialog):
    """What each command is called and which keys do it; the canvas' own keys at the end."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(460, 560)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search"))
        self.search.setToolTip(self.tr("Search by name or by key"))
        self.search.setClearButtonEnabled(True)
        self.list = QTreeWidget()
        self.list.setHeaderLabels([self.tr("Command"), self.tr("Keys")])
        self.list.setRootIsDecorated(False)
        self.list.setAccessibleName(self.tr("Keyboard shortcuts"))
        self.list.setToolTip(self.tr("Keyboard shortcuts"))
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setStretchLastSection(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        for action in actions:
            keys = ", ".join(
                key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()
            )
            if keys:
                self._add(action.text().replace("&", "").rstrip("…"), keys)
        for name, keys in self._canvas_keys():
            self._add(name, keys)
        self.search.textChanged.connect(self._filter)

    def _canvas_keys(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Show the original while held"), "Tab"),
            (self.tr("Move the picture"), self.tr("Space + drag, middle button")),
            (self.tr("Zoom at the pointer"), self.tr("Wheel")),
            (self.tr("Brush size"), self.tr("Ctrl + wheel")),
            (self.tr("Straight line"), self.tr("Shift + click")),
            (self.tr("Leave the canvas"), "Ctrl+Tab, Shift+Tab"),
        ]

    def _add(self, name: str, keys: str) -> None:
        self.list.addTopLevelItem(QTreeWidgetItem([name, keys]))

    def _filter(self, text: str) -> None:
        wanted = text.casefold()
        for index in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(index)
            if item is not None:
                found = wanted in item.text(0).casefold() or wanted in item.text(1).casefold()
                item.setHidden(not found)
