"""QActions and menus from the table of commands, in the window's language."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from desktop.commands import COMMANDS, MENUS, Command, Entry
from desktop.icons import icon
from desktop.keys import all_keys, keys_of, set_keys, spelled

if TYPE_CHECKING:
    from desktop.session import Session


class Menus(QObject):
    """One action per command, and the menu bar; all are renamed when the language changes."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.actions: dict[str, QAction] = {}
        self._groups: dict[str, QActionGroup] = {}
        self._menus: list[tuple[QMenu, str]] = []
        window = session.window
        for command in COMMANDS:
            self._add(command)
        for title, entries in MENUS:
            menu = window.header.menu_bar.addMenu("")
            self._menus.append((menu, title))
            for entry in entries:
                self._fill(menu, entry)
        window.installEventFilter(self)
        self.set_shortcuts({})

    def check(self, command_id: str, on: bool = True) -> None:
        """Show a command as on or off, without doing it."""
        self.actions[command_id].setChecked(on)

    def enable(self, command_id: str, on: bool) -> None:
        self.actions[command_id].setEnabled(on)

    def set_shortcuts(self, chosen: Mapping[str, str]) -> None:
        """Give each command its usual keys, or those that the user chose instead."""
        set_keys({command.id: command.shortcut for command in COMMANDS}, chosen)
        for name, action in self.actions.items():
            action.setShortcuts(all_keys(keys_of(name)))
        self.retranslate()

    def retranslate(self) -> None:
        for command in COMMANDS:
            self._name(command, command.title)
        for menu, title in self._menus:
            menu.setTitle(QCoreApplication.translate("Commands", title))
        self.name_undo()

    def name_undo(self) -> None:
        """Undo and Redo say what they would undo and redo."""
        stack = self._session.document.undo_stack
        for command in COMMANDS:
            if command.id in ("undo", "redo"):
                what = stack.undoText() if command.id == "undo" else stack.redoText()
                self._name(command, f"{command.title}: {what}" if what else command.title)
        self.enable("undo", stack.canUndo())
        self.enable("redo", stack.canRedo())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        return super().eventFilter(watched, event)

    def _name(self, command: Command, text: str) -> None:
        action = self.actions[command.id]
        action.setText(text)
        plain = text.rstrip("…")
        keys = spelled(keys_of(command.id))
        action.setToolTip(f"{plain} ({keys})" if keys else plain)

    def _add(self, command: Command) -> None:
        window = self._session.window
        action = QAction(window)
        action.setObjectName(command.id)
        action.setAutoRepeat(command.repeats)
        action.setCheckable(command.checkable or bool(command.group))
        if command.icon:
            action.setIcon(icon(command.icon, on_accent=True))
            action.setIconVisibleInMenu(False)
        if command.group:
            group = self._groups.get(command.group) or QActionGroup(window)
            self._groups[command.group] = group
            group.addAction(action)
        action.triggered.connect(lambda _checked=False: command.do(self._session))
        window.addAction(action)
        self.actions[command.id] = action

    def _fill(self, menu: QMenu, entry: Entry) -> None:
        if entry is None:
            menu.addSeparator()
        elif isinstance(entry, str):
            menu.addAction(self.actions[entry])
        else:
            title, ids = entry
            submenu = menu.addMenu("")
            self._menus.append((submenu, title))
            for command_id in ids:
                submenu.addAction(self.actions[command_id])
