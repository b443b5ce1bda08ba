"""What a user can do with the frame around the picture."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint

from core.settings import Job
from desktop.canvas.tools import ToolKind

if TYPE_CHECKING:
    from desktop.session import Session


def choose_frame(session: "Session") -> None:
    """Take the frame in hand; it belongs to Extend."""
    session.state.set_job(Job.EXTEND)
    session.canvas.set_tool(ToolKind.FRAME)
    session.window.focus_picture()


def follow_job(session: "Session") -> None:
    """The frame is there while the job is Extend, and so is its tool."""
    canvas, extending = session.canvas, session.state.job is Job.EXTEND
    if extending == canvas.has_frame:
        return
    if extending:
        session.tool_before = canvas.tool
        canvas.set_frame(session.state.frame)
        canvas.set_tool(ToolKind.FRAME)
    else:
        canvas.set_frame(None)
        if canvas.tool is ToolKind.FRAME:
            canvas.set_tool(session.tool_before)


def crop_to_frame(session: "Session") -> None:
    """Cut off what lies outside the frame; what it has beyond the picture stays to be filled."""
    frame, document = session.state.frame, session.document
    session.window.panel.commit()
    inward, outward = frame.margins.inward, frame.margins.outward
    if not inward.any:
        text = QCoreApplication.translate(
            "Actions", "Nothing lies outside the frame. Drag one of its edges inwards first."
        )
        session.say(text)
        return
    text = QCoreApplication.translate("Actions", "Crop to frame")
    size = inward.around(frame.picture).size()
    document.resize_canvas(size, QPoint(inward.left, inward.top), text)
    frame.set_margins(outward)
