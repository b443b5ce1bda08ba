"""After an edit that was too much for the memory: the same edit, with less, at one press.

What loses nothing comes first: variations one after the other, smaller tiles, an engine that needs
less of its device. Then what costs sharpness or detail.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from core.smaller import smaller
from desktop import actions
from desktop.jobs.job import EditJob, Failed, ModelLoaded
from desktop.language import QT_TRANSLATE_NOOP
from desktop.panels.message import Remedy

if TYPE_CHECKING:
    from desktop.session import Session

_ERRORS = ("OutOfMemoryError", "EngineLostError")
"""Where the system itself ended the engine, that was mostly for want of memory too."""
_LOSSLESS = ("one by one", "tiles")
_LABELS: dict[str, str] = {
    "one by one": QT_TRANSLATE_NOOP("Retrying", "Try one after the other"),
    "unsharpened": QT_TRANSLATE_NOOP("Retrying", "Try without sharpening"),
    "tiles": QT_TRANSLATE_NOOP("Retrying", "Try in smaller tiles"),
    "half size": QT_TRANSLATE_NOOP("Retrying", "Try at half the size"),
    "offload": QT_TRANSLATE_NOOP("Retrying", "Try one network at a time"),
    "half precision": QT_TRANSLATE_NOOP("Retrying", "Try in half precision"),
    "first stage in tiles": QT_TRANSLATE_NOOP("Retrying", "Try with the picture in tiles"),
}
_TOOLTIPS: dict[str, str] = {
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
    "offload": QT_TRANSLATE_NOOP(
        "Retrying",
        "Sets the engine to keep only the network that works on the device, and starts it anew.",
    ),
    "half precision": QT_TRANSLATE_NOOP(
        "Retrying", "Sets the engine to half precision, and starts it anew."
    ),
    "first stage in tiles": QT_TRANSLATE_NOOP(
        "Retrying", "Sets the engine to read and write large pictures in tiles, and starts it anew."
    ),
}


def remedy_for(
    session: "Session", job: EditJob, failed: Failed, loaded: ModelLoaded
) -> Remedy | None:
    """What the message bar can offer; None where the job did not fail by its size.

    loaded: where the model was, and in which numbers.
    """
    if not job.keep or failed.error not in _ERRORS:
        return None
    less = smaller(job.request)
    engine = _less_of_the_engine(session, loaded)
    if engine is not None and (less is None or less.way not in _LOSSLESS):
        way, changes, requests = *engine, (job.request,)
    elif less is not None:
        way, changes, requests = less.way, {}, less.requests
    else:
        return None

    def run() -> None:
        if changes:
            session.preferences.change("engine", **changes)
        with actions.queueing(session):
            for request in requests:
                session.queue.submit(EditJob(request, job.title, inspect=job.inspect))

    translate = QCoreApplication.translate
    return Remedy(translate("Retrying", _LABELS[way]), translate("Retrying", _TOOLTIPS[way]), run)


def _less_of_the_engine(
    session: "Session", loaded: ModelLoaded
) -> tuple[str, dict[str, object]] | None:
    """The next setting under which the engine needs less of its GPU; the CPU has none."""
    memory = session.preferences.values.engine.memory
    if loaded.device == "cpu":
        return None
    if memory == "device":
        return "offload", {"memory": "offload"}
    if loaded.precision == "float32":
        return "half precision", {"precision": "float16"}
    return None if memory == "tiles" else ("first stage in tiles", {"memory": "tiles"})
