"""Everything that a user can do, in tables: name, shortcut, icon, and the function that does it.

Menus, tool buttons and the list of shortcuts are all made from them.
"""

from desktop.commands.command import Command
from desktop.commands.edits import EDITS
from desktop.commands.menu import MENUS, RAIL, Entry
from desktop.commands.tools import TOOLS
from desktop.commands.view import VIEW

COMMANDS: tuple[Command, ...] = (*EDITS, *TOOLS, *VIEW)

__all__ = ["COMMANDS", "MENUS", "RAIL", "Command", "Entry"]
