"""What the window shows of the events that jobs send."""

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from core.events import Finished, Notice, Preview, Progress
from desktop import report_actions, result_actions
from desktop.accessibility import announce
from desktop.frame import extended_rect
from desktop.jobs.job import Cancelled, EditJob, Failed, Loading, ModelLoaded
from desktop.panels.core_texts import problem_title
from desktop.retrying import remedy_for

if TYPE_CHECKING:
    from desktop.session import Session


class JobEvents(QObject):
    """Leads events to status bar, canvas, message bar and results of one session."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._results: Counter[int] = Counter()
        self._begun: tuple[int, ModelLoaded] | None = None
        """The last job that had its model loaded: if it fails after that, it may be too large."""

    def show(self, job: EditJob | None, event: object) -> None:
        """One event of a job; `job` is None for what belongs to none, as loading ahead."""
        session = self._session
        report_actions.log_event(session, job, event)
        canvas, status = session.canvas, session.window.status
        if isinstance(event, Loading):
            if job is not None:
                status.show_loading()
        elif isinstance(event, ModelLoaded):
            status.show_loaded(event)
            if event.fell_back:
                self._say_fell_back()
            if job is not None:
                self._begun = job.id, event
                status.show_starting()
        elif isinstance(event, Notice):
            self._show_notice(job, event)
        elif isinstance(event, Progress):
            status.show_progress(event)
        elif isinstance(event, Preview):
            if job is not None and job.on_canvas:
                canvas.set_preview(event.picture, extended_rect(job.request))
        elif isinstance(event, Finished) and job is not None:
            canvas.set_preview(None)
            self._keep(job, event)
        elif isinstance(event, Failed):
            canvas.set_preview(None)
            self._say_failed(job, event)
        elif isinstance(event, Cancelled) and job is not None and session.queue.running is None:
            canvas.set_preview(None)

    def _show_notice(self, job: EditJob | None, notice: Notice) -> None:
        window = self._session.window
        if notice.choice:
            window.panel.method_choice.note.setToolTip(notice.message)
        elif not self._session.check.is_for(job):  # which goes from a prompt to itself on purpose
            window.message.say("", notice.message)

    def _keep(self, job: EditJob, finished: Finished) -> None:
        session = self._session
        session.forecast.note(job, finished)
        session.show_forecast()
        if job.keep:
            self._results[job.id] += 1
            result_actions.add(session, job, finished, self._results[job.id])
            # To who cannot see it.
            text = QCoreApplication.translate("Session", "{title} is finished")
            announce(session.canvas, text.format(title=job.title))

    def _say_failed(self, job: EditJob | None, event: Failed) -> None:
        remedy = None
        if job is not None and self._begun is not None and self._begun[0] == job.id:
            remedy = remedy_for(self._session, job, event, self._begun[1])
        message = self._session.window.message
        message.say(problem_title(event.error), event.message, remedy)

    def _say_fell_back(self) -> None:
        self._session.say(
            QCoreApplication.translate(
                "Session",
                "The engine for the graphics card could not be started, so the one that came with "
                "Sfumato runs. “sfumato-gpu --check” in a terminal says why.",
            )
        )
