"""Two minutes for whoever is new: a real swap and a real fill on a sample picture.

A step is over when the user has done it, by whatever way; “Do it for me” presses the same buttons.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from core.settings import Job
from desktop import actions, file_actions
from desktop.keys import keyed
from desktop.language import QT_TRANSLATE_NOOP
from desktop.samples import SampleEdit, sample_at, samples
from desktop.state import JOBS

if TYPE_CHECKING:
    from desktop.session import Session


@dataclass(frozen=True)
class Step:
    """title, text: English, translated in the context "Tour". keys: commands that text names."""

    title: str
    text: str
    is_done: "Callable[[Session], bool]"
    do: "Callable[[Session], object]"
    keys: tuple[str, ...] = ()


def start(session: "Session") -> None:
    """Begin the tour, or begin it again; it does not come by itself any more."""
    session.preferences.change("window", tour_seen=True)
    if session.tour is not None:
        session.tour.end()
    session.tour = Tour(session)


class Tour(QObject):
    """Shows one step after another in the window's coach, from its making until `end`."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._coach = session.window.coach
        self._index = 0
        document = session.document
        self._sources = (
            *(document.picture_changed, document.alternatives_changed, document.mask_changed),
            *(document.layers.changed, session.state.changed, session.queue.changed),
        )
        for source in self._sources:
            source.connect(self._look)
        self._coach.do_wanted.connect(self._do)
        self._coach.end_wanted.connect(self.end)
        self._coach.language_changed.connect(self._show)
        self._coach.show()
        self._look()

    @property
    def step(self) -> Step:
        return STEPS[self._index]

    def end(self) -> None:
        """Put the coach away."""
        for source in self._sources:
            source.disconnect(self._look)
        self._coach.do_wanted.disconnect(self._do)
        self._coach.end_wanted.disconnect(self.end)
        self._coach.language_changed.disconnect(self._show)
        self._coach.hide()
        self._session.tour = None
        self.deleteLater()

    def _look(self, *_: object) -> None:
        """Go on past what is done."""
        while self._index < len(STEPS) - 1 and self.step.is_done(self._session):
            self._index += 1
        self._show()

    def _do(self) -> None:
        self.step.do(self._session)

    def _show(self) -> None:
        translate, step = QCoreApplication.translate, self.step
        self._coach.show_step(
            self._index + 1,
            len(STEPS),
            translate("Tour", step.title),
            keyed(translate("Tour", step.text), *step.keys),
            busy=not self._session.queue.is_idle,
        )


def _edit_of_sample(session: "Session", job: Job) -> SampleEdit | None:
    """What the open picture is ready for, if it is a sample."""
    path = session.document.path
    sample = None if path is None else sample_at(path)
    edits = () if sample is None else sample.edits
    return next((edit for edit in edits if edit.job is job), None)


def _has_sample(session: "Session") -> bool:
    return all(_edit_of_sample(session, job) is not None for job in (Job.SWAP, Job.FILL))


def _open_sample(session: "Session") -> None:
    buttons = session.window.welcome.sample_buttons
    if buttons and buttons[0].isVisible():
        buttons[0].click()
    elif samples():
        file_actions.open_picture(session, samples()[0].path)


def _has_result(session: "Session", job: Job) -> bool:
    return any(one.request.settings.job is job for one in session.document.alternatives)


def _run(session: "Session", job: Job) -> None:
    if session.state.job is not job:
        session.window.panel.jobs.buttons[JOBS.index(job)].click()
    session.window.panel.run_button.click()


def _has_applied(session: "Session") -> bool:
    return session.document.recipe is not None


def _apply(session: "Session") -> None:
    if not session.document.alternatives:  # it was deleted
        _run(session, Job.SWAP)
        return
    if session.document.shown is None:
        actions.next_result(session)
    session.window.foot.stage.apply_button.click()


def _has_selection(session: "Session") -> bool:
    return session.state.job is Job.FILL and session.document.has_mask


def _select(session: "Session") -> None:
    session.window.panel.jobs.buttons[JOBS.index(Job.FILL)].click()
    edit = _edit_of_sample(session, Job.FILL)
    mask = None if edit is None else edit.load_mask()
    if mask is not None and mask.shape == session.document.pixels.shape[:2]:
        session.document.set_mask(mask, QCoreApplication.translate("Tour", "Select"))
    else:
        session.document.fill_mask()


STEPS: tuple[Step, ...] = (
    Step(
        QT_TRANSLATE_NOOP("Tour", "Open a sample"),
        QT_TRANSLATE_NOOP(
            "Tour",
            "In two minutes you swap one thing and fill in another. Press the first of the "
            "sample pictures.",
        ),
        _has_sample,
        _open_sample,
    ),
    Step(
        QT_TRANSLATE_NOOP("Tour", "Swap a thing by its word"),
        QT_TRANSLATE_NOOP(
            "Tour",
            "On the right stand two prompts: what the picture shows, and what it should become. "
            "Their words differ in one thing. Press Swap (Ctrl+Enter).",
        ),
        lambda session: _has_result(session, Job.SWAP) or _has_applied(session),
        lambda session: _run(session, Job.SWAP),
        ("run",),
    ),
    Step(
        QT_TRANSLATE_NOOP("Tour", "Keep the result"),
        QT_TRANSLATE_NOOP(
            "Tour",
            "It is a proposal so far: hold Tab to compare it with the original. Press Apply, "
            "below the picture, to put it in as a layer.",
        ),
        _has_applied,
        _apply,
    ),
    Step(
        QT_TRANSLATE_NOOP("Tour", "Select what to replace"),
        QT_TRANSLATE_NOOP(
            "Tour",
            "Choose Fill on the right, then paint over a thing with the brush (B). Only what is "
            "selected will change.",
        ),
        lambda session: _has_selection(session) or _has_result(session, Job.FILL),
        _select,
        ("brush",),
    ),
    Step(
        QT_TRANSLATE_NOOP("Tour", "Fill it"),
        QT_TRANSLATE_NOOP(
            "Tour",
            "The prompt says what should be there. Press Fill (Ctrl+Enter). Outside the selection "
            "every pixel stays as it is.",
        ),
        lambda session: _has_result(session, Job.FILL),
        lambda session: _run(session, Job.FILL),
        ("run",),
    ),
    Step(
        QT_TRANSLATE_NOOP("Tour", "That is all it takes"),
        QT_TRANSLATE_NOOP(
            "Tour",
            "Change a word and run again for another result; each waits in the strip below until "
            "you apply it. The tour is under Help, all keys are under F1.",
        ),
        lambda session: False,
        lambda session: session.tour is not None and session.tour.end(),
        ("shortcuts",),
    ),
)
