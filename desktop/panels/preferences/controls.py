"""Controls of the settings that are no single field: a colour, a list of folders."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QColorDialog,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.icons import icon
from desktop.panels import dialogs


class ColourChoice(QWidget):
    """A colour of the user's own, or None for the theme's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour: str | None = None
        self.button = QPushButton()
        self.button.clicked.connect(self._ask)
        self.usual = QPushButton(self.tr("Theme's own"))
        self.usual.setProperty("role", "link")
        self.usual.setAccessibleName(self.tr("Selection colour: the theme's own"))
        self.usual.setToolTip(self.tr("Take the theme's accent colour again"))
        self.usual.clicked.connect(lambda: self.set_colour(None))
        self.setFocusProxy(self.button)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button)
        row.addWidget(self.usual)
        self.set_colour(None)

    def colour(self) -> str | None:
        return self._colour

    def set_colour(self, colour: str | None) -> None:
        """colour: as #rrggbb."""
        self._colour = colour
        self.usual.setEnabled(colour is not None)
        text = colour or self.tr("Theme's own colour")
        self.button.setText(text)
        self.button.setAccessibleName(self.tr("Selection colour: {colour}").format(colour=text))
        self.button.setToolTip(self.tr("Choose the colour that selections are drawn in"))
        if colour is None:
            self.button.setIcon(QIcon())
            return
        square = QPixmap(QSize(28, 28))
        square.setDevicePixelRatio(2.0)
        square.fill(QColor(colour))
        self.button.setIcon(QIcon(square))

    def _ask(self) -> None:
        dialog = QColorDialog(QColor(self._colour or "#e8714f"), self.window())
        dialog.setWindowTitle(self.tr("Selection colour"))
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.colorSelected.connect(lambda colour: self.set_colour(colour.name()))
        dialog.open()


class FolderList(QWidget):
    """Folders, one below the other, with a button to add one and one to take one out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setObjectName("folders")
        self.list.setFixedHeight(96)
        self.list.setAccessibleName(self.tr("Model folders"))
        self.list.setToolTip(self.tr("Folders that are looked through for models"))
        self.add_button = QPushButton(self.tr("Add…"))
        self.add_button.setIcon(icon("folder-plus"))
        self.add_button.setAccessibleName(self.tr("Add a model folder"))
        self.add_button.setToolTip(self.tr("Choose a folder that holds models, or is one"))
        self.remove_button = QPushButton(self.tr("Remove"))
        self.remove_button.setAccessibleName(self.tr("Remove the chosen model folder"))
        self.remove_button.setToolTip(self.tr("Take the chosen folder out; its files stay"))
        self.add_button.clicked.connect(self._ask)
        self.remove_button.clicked.connect(self._remove)
        self.list.itemSelectionChanged.connect(self._show_chosen)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        column.addLayout(buttons)
        self.setFocusProxy(self.list)
        self._show_chosen()

    def folders(self) -> tuple[str, ...]:
        items = (self.list.item(row) for row in range(self.list.count()))
        return tuple(item.text() for item in items if item is not None)

    def set_folders(self, folders: Sequence[str]) -> None:
        self.list.clear()
        self.list.addItems(list(folders))

    def add(self, folder: str) -> None:
        """Add a folder unless it is there."""
        if folder and folder not in self.folders():
            self.list.addItem(folder)

    def _ask(self) -> None:
        title = self.tr("A folder with models")
        dialogs.ask_folder(self.window(), title, lambda folder: self.add(str(folder)))

    def _remove(self) -> None:
        for item in self.list.selectedItems():
            self.list.takeItem(self.list.row(item))

    def _show_chosen(self) -> None:
        self.remove_button.setEnabled(bool(self.list.selectedItems()))
