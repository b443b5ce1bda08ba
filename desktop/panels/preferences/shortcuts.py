"""All shortcuts in one table: searched, changed by pressing other keys, put back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
)

from desktop.key_conflicts import conflicts, is_canvas_key
from desktop.keys import spelled
from desktop.panels.preferences.page import Page
from desktop.settings.values import Values
from desktop.theme import current_theme

COMMAND = Qt.ItemDataRole.UserRole


class ShortcutsPage(Page):
    """Keys by command. What is chosen in the table is changed below it.

    Signals
        changed(): some keys are others now, so there may be a problem, or none any more.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("Shortcuts"), "keyboard")
        from desktop.commands import COMMANDS

        self._usual = {command.id: command.shortcut for command in COMMANDS}
        self._names = {command.id: command.title.replace("…", "") for command in COMMANDS}
        self._keys = dict(self._usual)
        self._items: dict[str, QTreeWidgetItem] = {}
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search by name or by keys"))
        self.search.setAccessibleName(self.tr("Search the shortcuts"))
        self.search.setToolTip(self.tr("Search by name or by keys"))
        self.search.setClearButtonEnabled(True)
        self.table = QTreeWidget()
        self.table.setObjectName("shortcutTable")
        self.table.setHeaderLabels([self.tr("Command"), self.tr("Keys")])
        self.table.setRootIsDecorated(False)
        self.table.setAccessibleName(self.tr("Keyboard shortcuts"))
        self.table.setToolTip(self.tr("Choose a command, then press its new keys below"))
        self.table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.table.header().setStretchLastSection(False)
        self.editor = QKeySequenceEdit()
        self.editor.setMaximumSequenceLength(1)
        self.editor.setFixedWidth(190)
        self.note = QLabel()
        self.note.setProperty("role", "bad")
        self.note.setWordWrap(True)
        policy = self.note.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the table keeps its height
        self.note.setSizePolicy(policy)
        self.none_button = _button(self.tr("No keys"), self.tr("Take the command's keys away"))
        self.reset_button = _button(self.tr("Reset"), self.tr("Give it its usual keys again"))
        self.reset_all_button = _button(
            self.tr("Reset all"), self.tr("Give all commands their usual keys again")
        )
        self._arrange()
        for command in COMMANDS:
            item = QTreeWidgetItem([self._names[command.id], ""])
            item.setData(0, COMMAND, command.id)
            self.table.addTopLevelItem(item)
            self._items[command.id] = item
        self._add_canvas_keys()
        self.search.textChanged.connect(self._filter)
        self.table.currentItemChanged.connect(self._show_current)
        self.editor.keySequenceChanged.connect(self._on_keys)
        self.none_button.clicked.connect(lambda: self._change(""))
        self.reset_button.clicked.connect(self._reset)
        self.reset_all_button.clicked.connect(self._reset_all)
        self.choose(COMMANDS[0].id)

    def keys(self) -> dict[str, str]:
        """The keys of every command, as Qt writes them."""
        return dict(self._keys)

    def show_values(self, values: Values) -> None:
        self._keys = {
            command: values.shortcuts.get(command, usual) for command, usual in self._usual.items()
        }
        self._show_all()

    def collect(self, values: Values) -> Values:
        """Only what differs from the usual; of commands that are not known nothing is lost."""
        unknown = {name: keys for name, keys in values.shortcuts.items() if name not in self._usual}
        own = {name: keys for name, keys in self._keys.items() if keys != self._usual[name]}
        return values.model_copy(update={"shortcuts": {**unknown, **own}})

    def problem(self) -> str:
        """What is wrong with the keys; "" if nothing is."""
        found = conflicts(self._keys)
        if not found:
            return ""
        names = " · ".join(self._names[name] for name in found[0])
        keys = spelled(self._keys[found[0][0]])
        text = self.tr("{keys} is wanted by several: {names}. Give all but one of them other keys.")
        return text.format(keys=keys, names=names)

    def mentions(self, text: str) -> bool:
        words = text.casefold().split()
        rows = (f"{self._names[name]} {spelled(keys)}" for name, keys in self._keys.items())
        return super().mentions(text) or any(
            all(word in row.casefold() for word in words) for row in rows
        )

    def choose(self, command: str) -> None:
        """Make a command the one that is changed."""
        self.table.setCurrentItem(self._items[command])

    # -- the keys -----------------------------------------------------------------------------

    def _current(self) -> str | None:
        item = self.table.currentItem()
        return None if item is None else item.data(0, COMMAND)

    def _on_keys(self, pressed: QKeySequence) -> None:
        keys = pressed.toString(QKeySequence.SequenceFormat.PortableText)
        if not keys:
            return
        if is_canvas_key(keys):
            text = self.tr("{keys} is needed by the canvas and the controls. Press other keys.")
            self._show_current()
            self.note.setText(text.format(keys=spelled(keys)))
            self.note.show()
            return
        self._change(keys)

    def _change(self, keys: str) -> None:
        command = self._current()
        if command is not None and self._keys[command] != keys:
            self._keys[command] = keys
            self._show_all()

    def _reset(self) -> None:
        command = self._current()
        if command is not None:
            self._change(self._usual[command])

    def _reset_all(self) -> None:
        self._keys = dict(self._usual)
        self._show_all()

    # -- what is seen -------------------------------------------------------------------------

    def _show_all(self) -> None:
        clashing = {name for group in conflicts(self._keys) for name in group}
        theme = current_theme()
        for command, item in self._items.items():
            keys = self._keys[command]
            item.setText(1, spelled(keys))
            colour = theme.removed if command in clashing else theme.text
            for column in (0, 1):
                item.setForeground(column, QColor(colour))
                font = item.font(column)
                font.setBold(keys != self._usual[command])
                item.setFont(column, font)
        self._show_current()
        self.changed.emit()

    def _show_current(self, *_: object) -> None:
        command = self._current()
        self.note.setText("")
        for control in (self.editor, self.none_button, self.reset_button):
            control.setEnabled(command is not None)
        self.editor.blockSignals(True)
        self.editor.setKeySequence(QKeySequence(self._keys.get(command or "", "")))
        self.editor.blockSignals(False)
        if command is not None:
            self.none_button.setEnabled(bool(self._keys[command]))
            self.reset_button.setEnabled(self._keys[command] != self._usual[command])
            name = self.tr("New keys for: {command}").format(command=self._names[command])
            self.editor.setAccessibleName(name)
            self.editor.setToolTip(self.tr("Click here, then press the new keys"))
            line = self.editor.findChild(QLineEdit)
            if line is not None:  # what a screen reader meets
                line.setAccessibleName(name)
            clash = next((group for group in conflicts(self._keys) if command in group), ())
            others = " · ".join(self._names[name] for name in clash if name != command)
            if others:
                self.note.setText(self.tr("Already used by: {names}").format(names=others))
        self.note.setVisible(bool(self.note.text()))

    def _filter(self, text: str) -> None:
        wanted = text.casefold()
        for row in range(self.table.topLevelItemCount()):
            item = self.table.topLevelItem(row)
            if item is not None:
                found = wanted in item.text(0).casefold() or wanted in item.text(1).casefold()
                item.setHidden(not found)

    def _add_canvas_keys(self) -> None:
        """They are told, and cannot be changed."""
        for name, keys in (
            (self.tr("Show the original while held"), "Tab"),
            (self.tr("Move the picture"), self.tr("Space + drag, middle button")),
            (self.tr("Zoom at the pointer"), self.tr("Wheel")),
            (self.tr("Brush size"), self.tr("Ctrl + wheel")),
            (self.tr("Straight line"), self.tr("Shift + click")),
            (self.tr("Leave the canvas"), "Ctrl+Tab, Shift+Tab"),
        ):
            item = QTreeWidgetItem([name, keys])
            for column in (0, 1):
                item.setForeground(column, QColor(current_theme().dim))
            self.table.addTopLevelItem(item)

    def _arrange(self) -> None:
        label = QLabel(self.tr("New keys"))
        label.setProperty("role", "dim")
        label.setBuddy(self.editor)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(label)
        row.addWidget(self.editor)
        row.addWidget(self.none_button)
        row.addWidget(self.reset_button)
        row.addStretch(1)
        row.addWidget(self.reset_all_button)
        self.column.setSpacing(10)
        self.column.addWidget(self.search)
        self.column.addWidget(self.table, 1)
        self.column.addLayout(row)
        self.column.addWidget(self.note)


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setAccessibleName(f"{text}: {tip}")
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button
