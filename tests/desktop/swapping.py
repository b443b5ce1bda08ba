"""What the tests of the Swap panel share: opening its dialogs by their buttons."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop.panels.reconstruction import ReconstructionDialog
from desktop.panels.sweep import SweepDialog
from desktop.session import Session
from desktop.sweep import CellState

SECONDS = 60_000

Dialog = TypeVar("Dialog", bound=QDialog)


def dialog_of(session: Session, kind: type[Dialog]) -> Dialog:
    """The one that is open."""
    return next(w for w in session.window.findChildren(kind) if w.isVisible())


def press(qtbot: QtBot, button: QWidget) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def check(session: Session, qtbot: QtBot) -> ReconstructionDialog:
    """Check the reconstruction; the dialog that opens with what was found."""
    press(qtbot, session.window.panel.reconstruction.check_button)
    qtbot.waitUntil(lambda: session.check.checked is not None, timeout=SECONDS)
    return dialog_of(session, ReconstructionDialog)


def open_sweep(session: Session, qtbot: QtBot) -> SweepDialog:
    press(qtbot, session.window.panel.sweep_button)
    return dialog_of(session, SweepDialog)


def states(dialog: SweepDialog) -> list[CellState]:
    """How the cells stand, in the order of the sheet."""
    return [button.cell.state for button in dialog.cells if button.cell is not None]
