"""After an edit that was too much for the memory: the same edit, smaller, at one press."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from core.smaller import Way, smaller
from desktop import actions
from desktop.jobs.job import EditJob, Failed
from desktop.language import QT_TRANSLATE_NOOP
from desktop.panels.message import Remedy

if TYPE_CHECKING:
    from desktop.session import Session

_ERRORS = ("OutOfMemoryError", "EngineLostError")
"""Where the system itself ended the engine, that was mostly for want of memory too."""
_LABELS: dict[Way, str] = {
    "one by one": QT_TRANSLATE_NOOP("Retrying", "Try one after the other"),
    "unsharpened": QT_TRANSLATE_NOOP("Retrying", "Try without sharpening"),
    "tiles": QT_TRANSLATE_NOOP("Retrying", "Try in smaller tiles"),
    "half size": QT_TRANSLATE_NOOP("Retrying", "Try at half the size"),
}
_TOOLTIPS: dict[Way, str] = {
    "one by one": QT_TRANSLATE_NOOP(
        "Retrying", "Makes the variations one after the other. They come out the same."
    ),
    "unsharpened": QT_TRANSLATE_NOOP(
        "Retrying", "Fills without sharpening large parts in a second walk."
    ),
    "tiles": QT_TRANSLATE_NOOP(
        "Retrying", "Enlarges smaller parts at once. It takes longer and comes out the same."
    ),
    "half size": QT_TRANSLATE_NOOP(
        "Retrying", "Lets the model work at half the size. What changes has less fine detail."
    ),
}


def remedy_for(session: "Session", job: EditJob | None, failed: Failed) -> Remedy | None:
    """What the message bar can offer; None where the job did not fail by its size."""
    if job is None or not job.keep or failed.error not in _ERRORS:
        return None
    less = smaller(job.request)
    if less is None:
        return None

    def run() -> None:
        with actions.queueing(session):
            for request in less.requests:
                session.queue.submit(EditJob(request, job.title, inspect=job.inspect))

    translate = QCoreApplication.translate
    return Remedy(
        translate("Retrying", _LABELS[less.way]), translate("Retrying", _TOOLTIPS[less.way]), run
    )
