"""The one line below the canvas: what to do next, with the keys for it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from core.settings import Job
from desktop.keys import keyed

if TYPE_CHECKING:
    from desktop.session import Session


def hint(session: "Session") -> str:
    """What helps now, in the user's language."""
    return keyed(_text(session), "run", "cancel")


def _text(session: "Session") -> str:
    translate = QCoreApplication.translate
    job = session.state.job
    if session.selecting.is_long:
        return translate("Session", "Finding what to select… · Esc cancels")
    if job is Job.FILL and not session.document.has_mask:
        return translate("Session", "Paint over what should change · Ctrl+Enter fills")
    if job is Job.FILL:
        return translate("Session", "Hold Tab for the original · Ctrl+Enter fills · Esc cancels")
    if job is Job.EXTEND:
        return translate(
            "Session", "Drag the frame outwards · Ctrl+Enter extends · Esc puts it back"
        )
    if job is Job.RESTORE:
        return translate("Session", "Hold Tab for the original · Ctrl+Enter restores · Esc cancels")
    if job is Job.SWAP:
        return translate("Session", "Hold Tab for the original · Ctrl+Enter swaps · Esc cancels")
    return translate("Session", "Hold Tab for the original · Ctrl+Enter restyles · Esc cancels")
