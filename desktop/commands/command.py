"""What a command is: a name, a shortcut, an icon, and the function that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from desktop.session import Session


@dataclass(frozen=True)
class Command:
    """One thing to do.

    id: for settings and tests. text: English, translated in the context "Commands".
    group: commands of one group exclude each other (a tool, a job, a theme).
    checkable: can be on or off; `do` is then called after it changed.
    repeats: holding the key down repeats it.
    """

    id: str
    text: str
    do: "Callable[[Session], object]"
    shortcut: str = ""
    icon: str = ""
    group: str = ""
    checkable: bool = False
    repeats: bool = False

    @property
    def title(self) -> str:
        return QCoreApplication.translate("Commands", self.text)
