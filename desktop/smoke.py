"""`sfumato-desktop --smoke`: the window opens a sample, fills its mask once, and the program ends.

For packages: a window, a picture, the engine's process and the model have to be there for it.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from core.events import Finished
from core.settings import Job
from desktop import actions, file_actions
from desktop.jobs.job import EditJob, Failed
from desktop.samples import samples

if TYPE_CHECKING:
    from desktop.session import Session

STEPS = 4
LIMIT_SECONDS = 300.0
"""Until when the result must be there; a cold start on a slow disk takes most of it."""


def run(session: "Session") -> None:
    """Have `session` make its fill, then end the application: 0, or 1 and why on stderr."""

    def end(problem: str) -> None:
        print(problem or "smoke test passed: one fill through the window", file=sys.stderr)
        session.close()
        session.window.close_now()
        QApplication.exit(1 if problem else 0)

    Smoke(session, end)


class Smoke(QObject):
    """Drives `session` through one fill; `ended` is told once what was wrong, or ""."""

    def __init__(
        self, session: "Session", ended: Callable[[str], object], limit: float = LIMIT_SECONDS
    ) -> None:
        super().__init__(session)
        self._session = session
        self._ended = ended
        self._is_over = False
        sample = next(one for one in samples() if one.edits[0].job is Job.FILL)
        session.document.picture_changed.connect(self._on_picture)
        session.queue.happened.connect(self._on_event)
        QTimer.singleShot(round(1000 * limit), self, lambda: self._end("no result came in time"))
        file_actions.open_picture(session, sample.path)

    def _on_picture(self) -> None:
        self._session.document.picture_changed.disconnect(self._on_picture)
        QTimer.singleShot(0, self, self._fill)  # the sample's mask and prompt come after it

    def _fill(self) -> None:
        self._session.state.set_steps(STEPS)
        actions.run(self._session)

    def _on_event(self, job: EditJob | None, event: object) -> None:
        if isinstance(event, Failed):
            self._end(event.message)
        elif isinstance(event, Finished):
            self._end(_what_is_wrong(event))

    def _end(self, problem: str) -> None:
        if not self._is_over:
            self._is_over = True
            self._ended(problem)


def _what_is_wrong(finished: Finished) -> str:
    """Nothing, where the picture is another one inside the mask and the same outside."""
    before, mask = finished.request.picture, finished.request.mask
    assert before is not None
    assert mask is not None
    changed = (finished.picture != before).any(axis=2)
    if not changed[mask > 0].any():
        return "the fill changed nothing"
    outside = np.count_nonzero(changed[mask == 0])
    return f"{outside} pixels changed outside the mask" if outside else ""
