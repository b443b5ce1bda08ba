"""On start: what sessions that died have left is offered, with one question."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from core.documents.recovery import About, DeadSession, find_dead
from core.errors import DocumentError
from desktop.document.storing import Opened, opened
from desktop.jobs.job import EditJob
from desktop.panels import dialogs

if TYPE_CHECKING:
    from desktop.session import Session


@dataclass
class Found:
    """What dead sessions left, the latest first, and where damaged work was put."""

    dead: list[tuple[DeadSession, About]]
    set_aside: list[Path]


def offer(session: "Session", folder: Path) -> None:
    """Look for unsaved work of sessions that died, and ask what shall become of it."""
    session.background.run(
        lambda: _look(folder), lambda found: _ask(session, found), session.say_error
    )


def _look(folder: Path) -> Found:
    found = Found([], [])
    for dead in find_dead(folder):
        try:
            found.dead.append((dead, dead.about()))
        except DocumentError:
            found.set_aside.append(dead.set_aside())
    return found


def _ask(session: "Session", found: Found) -> None:
    if found.set_aside:
        _say_set_aside(session, found.set_aside[0])
    if not found.dead:
        return
    (latest, about), *others = found.dead

    def restore(run_again: bool) -> None:
        for dead, _ in others:
            dead.release()
        session.background.run(
            lambda: opened(latest.read()),
            lambda document: _show(session, latest, about, document, run_again, len(others)),
            lambda error: _failed(session, latest, error),
        )

    def discard() -> None:
        for dead, _ in found.dead:
            dead.discard()

    def later() -> None:
        for dead, _ in found.dead:
            dead.release()

    dialogs.ask_recover(session.window, [about for _, about in found.dead], restore, discard, later)


def _show(
    session: "Session",
    dead: DeadSession,
    about: About,
    document: Opened,
    run_again: bool,
    others: int,
) -> None:
    session.opening += 1
    session.store.show_recovered(document, about.path, about.title)
    session.state.set_values(document.stored.panel)
    if run_again:
        for job in document.stored.jobs:
            session.queue.submit(EditJob(job.request, job.title))
    session.window.focus_picture()
    if others:
        session.say(
            QCoreApplication.translate(
                "Recovering", "More unsaved work is kept and offered at the next start ({count})."
            ).format(count=others)
        )
    # What died is let go of only when this session has kept it.
    session.autosave.save(dead.discard)


def _failed(session: "Session", dead: DeadSession, error: Exception) -> None:
    if isinstance(error, DocumentError):
        _say_set_aside(session, dead.set_aside())
    else:
        dead.release()
        session.say_error(error)


def _say_set_aside(session: "Session", place: Path) -> None:
    session.say(
        QCoreApplication.translate(
            "Recovering",
            "Unsaved work of an earlier session is damaged and could not be restored. It was set "
            "aside as {path}.",
        ).format(path=place)
    )
