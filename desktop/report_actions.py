"""Help > Report: a text for who looks into a fault; and what is logged of each edit."""

import logging
import platform
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtCore import QCoreApplication, QSysInfo, qVersion
from PySide6.QtGui import QGuiApplication

import core
from core.words import words_of
from desktop.diagnostics import logs
from desktop.diagnostics.machine import AboutEngine
from desktop.diagnostics.report import Report
from desktop.jobs.asking import Asking
from desktop.jobs.job import Cancelled, EditJob, Ended, Failed, Loading, ModelLoaded

if TYPE_CHECKING:
    from desktop.session import Session

_journal = logging.getLogger("sfumato.window")


def open_report(session: "Session") -> None:
    """Open the report; what the engine tells comes as soon as it can."""
    from desktop.panels.report import ReportDialog

    engine: dict[str, str] = {"Engine": "has not answered yet"}

    def text(with_prompts: bool) -> str:
        return _report(session, engine, with_prompts).text()

    def answered(told: object) -> None:
        engine.clear()
        engine.update(told if isinstance(told, dict) else {"Engine": str(told)})
        dialog.show_report()

    shown = session.document.shown
    pixels = session.document.pixels if session.document.has_picture else None
    dialog = ReportDialog(text, shown.pixels if shown is not None else pixels, session.window)
    asking = Asking(session.queue, dialog)
    asking.answered.connect(answered)
    asking.failed.connect(lambda error: answered({"Engine": f"{type(error).__name__}: {error}"}))
    asking.ask(AboutEngine())
    dialog.open()


def log_start() -> None:
    """Write down which versions begin."""
    _journal.info("Sfumato %s, Qt %s, %s", core.__version__, qVersion(), platform.platform())


def log_event(session: "Session", job: EditJob | None, event: object) -> None:
    """Write down what becomes of an edit, and of the engine."""
    if isinstance(event, Loading) and job is not None:
        _log_job(session, job)
    elif isinstance(event, ModelLoaded):
        _journal.info("%s on %s in %s", event.model, event.device, event.precision)
    elif isinstance(event, Failed):
        _journal.error("%s failed: %s %s", _name(job), event.error, event.message)
    elif isinstance(event, Ended | Cancelled):
        _journal.info("%s %s", _name(job), "done" if isinstance(event, Ended) else "cancelled")


def _log_job(session: "Session", job: EditJob) -> None:
    """Write down what an edit is asked to do."""
    request = job.request
    may_log_prompts = session.preferences.values.privacy.log_prompts
    if not may_log_prompts:
        logs.leave_out(*words_of(request), job.title)
    size = None if request.picture is None else request.picture.shape[:2]
    _journal.info(
        "%s: %s of %s, %d steps, %d variations, model %s",
        *(_name(job), request.settings.name, size, request.steps, request.variations),
        request.model,
    )
    if may_log_prompts:
        _journal.info("prompts: %r to %r", request.source_prompt, request.target_prompt)


def current_prompts(session: "Session") -> tuple[str, ...]:
    """What must not stand in the log: the panel's prompts, unless the user allows it."""
    if session.preferences.values.privacy.log_prompts:
        return ()
    return session.state.source_prompt, session.state.target_prompt


def say_uncaught(session: "Session", name: str) -> None:
    """Tell of an error that nobody caught."""
    session.say(
        QCoreApplication.translate(
            "Report",
            "Something went wrong that should not ({error}). Your picture is as it was; save it. "
            "Help > Report tells what is known.",
        ).format(error=name)
    )


def _name(job: EditJob | None) -> str:
    return "engine" if job is None else f"edit {job.id}"


def _report(session: "Session", engine: dict[str, str], with_prompts: bool) -> Report:
    state = session.state
    screen = QGuiApplication.primaryScreen()
    size, scale = screen.size(), screen.devicePixelRatio()
    window = {
        "Qt": f"{qVersion()}, PySide {PySide6.__version__}",
        "Screen": f"{QGuiApplication.platformName()}, {size.width()} x {size.height()} at {scale}",
        "Desktop": QSysInfo.prettyProductName(),
    }
    prompts = (state.source_prompt, state.target_prompt) if with_prompts else ()
    return Report(session.preferences.values, window, dict(engine), state.model, prompts)
