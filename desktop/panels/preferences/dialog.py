"""The settings: pages on the left that can be searched, and the chosen one."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.icons import icon
from desktop.panels.layouts import scrolled
from desktop.panels.preferences.pages import (
    EnginePage,
    FilesPage,
    LookPage,
    MemoryPage,
    PrivacyPage,
)
from desktop.panels.preferences.shortcuts import ShortcutsPage
from desktop.settings.values import Values


class SettingsDialog(QDialog):
    """Shows values, and says what they shall be once OK is pressed. Nothing changes before.

    Signals
        chosen(Values)
    """

    chosen = Signal(object)

    def __init__(self, values: Values, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("settings")
        self.setWindowTitle(self.tr("Settings"))
        self.resize(800, 660)
        self._values = values
        self.shortcuts = ShortcutsPage()
        self.pages = (
            *(LookPage(), EnginePage(), MemoryPage(), FilesPage(), PrivacyPage()),
            self.shortcuts,
        )
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search the settings"))
        self.search.setToolTip(self.tr("Show the pages that are about these words"))
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setObjectName("pages")
        self.list.setAccessibleName(self.tr("Pages"))
        self.list.setToolTip(self.tr("What is to be set"))
        self.list.setIconSize(QSize(18, 18))
        self._stack = QStackedWidget()
        for page in self.pages:
            item = QListWidgetItem(icon(page.icon_name), page.title)
            item.setSizeHint(QSize(0, 36))
            self.list.addItem(item)
            self._stack.addWidget(page if page is self.shortcuts else scrolled(page))
            page.show_values(values)
        self.problem = QLabel()
        self.problem.setProperty("role", "bad")
        self.problem.setWordWrap(True)
        self.buttons = self._make_buttons()
        self._arrange()
        self.search.textChanged.connect(self._filter)
        self.list.currentRowChanged.connect(self._stack.setCurrentIndex)
        self.shortcuts.changed.connect(self._check)
        self.accepted.connect(self._tell)
        self.show_page(0)
        self._check()

    def show_page(self, index: int) -> None:
        """Show the page of this number; -1 is the last one."""
        row = index % len(self.pages)
        self.list.setCurrentRow(row)
        (self.shortcuts.search if self.pages[row] is self.shortcuts else self.list).setFocus()

    def collect(self) -> Values:
        """What all pages say."""
        values = self._values
        for page in self.pages:
            values = page.collect(values)
        return values

    def _tell(self) -> None:
        self.chosen.emit(self.collect())

    def _check(self) -> None:
        """What contradicts itself is said, and cannot be chosen."""
        problem = self.shortcuts.problem()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not problem)

    def _filter(self, text: str) -> None:
        found = [page.mentions(text) for page in self.pages]
        for row, is_found in enumerate(found):
            item = self.list.item(row)
            assert item is not None
            item.setHidden(not is_found)
        if any(found) and not found[self.list.currentRow()]:
            self.list.setCurrentRow(found.index(True))

    def _make_buttons(self) -> QDialogButtonBox:
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        for which, text, tip in (
            (standard.Ok, self.tr("OK"), self.tr("Let these settings count (Enter)")),
            (standard.Cancel, self.tr("Cancel"), self.tr("Leave everything as it was (Esc)")),
        ):
            buttons.button(which).setText(text)
            buttons.button(which).setAccessibleName(text)
            buttons.button(which).setToolTip(tip)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    def _arrange(self) -> None:
        side = QFrame()
        side.setObjectName("settingsSide")
        side.setFixedWidth(216)
        left = QVBoxLayout(side)
        left.setContentsMargins(12, 14, 12, 12)
        left.setSpacing(10)
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(22, 0, 16, 14)
        foot.addWidget(self.problem, 1)
        foot.addWidget(self.buttons, 0, Qt.AlignmentFlag.AlignRight)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self._stack, 1)
        right.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addLayout(right, 1)
