"""What a user can do with results: leave them, ask for more of a kind, blend two of them."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from core.errors import SfumatoError
from core.events import Finished
from core.request import EditRequest
from desktop.actions import queueing
from desktop.document.alternative import Alternative
from desktop.jobs.job import EditJob
from desktop.state import random_seed

if TYPE_CHECKING:
    from desktop.session import Session

LIKENESS = 0.2
"""How far "more like this" goes, on the way from the result's noise to that of another seed."""


def leave(session: "Session") -> None:
    """Look at the picture again."""
    session.document.show(None)


def more_like_this(session: "Session") -> None:
    """Run the shown result's edit again, from noise that is close to its own."""
    shown = session.document.shown
    if shown is None:
        return
    session.window.panel.commit()
    try:
        request = shown.request.blended_with(random_seed(), LIKENESS)
        request = request.with_(variations=session.state.variations)
    except SfumatoError as error:
        session.say_error(error)
        return
    _run(session, request, shown.title)


def open_blend(session: "Session") -> None:
    """Open the choice of two results; what is selected in the strip is chosen."""
    from desktop.panels.blend import BlendDialog

    document = session.document
    shown = document.shown
    if shown is None:
        return
    kin = [other for other in document.alternatives if _same_edit(shown, other)]
    others = [other for other in kin if other is not shown]
    if not others:
        session.say(
            QCoreApplication.translate(
                "Actions",
                "Blend needs two results of the same edit. Run it again, or ask for variations.",
            )
        )
        return
    selected = [one for one in session.window.strip.selected() if one in others]
    pair = sorted((shown, (selected or others)[0]), key=lambda one: one.number)
    dialog = BlendDialog(kin, pair[0], pair[1], session.window)
    dialog.blend_wanted.connect(lambda *wanted: blend(session, *wanted))
    document.picture_changed.connect(dialog.close)
    dialog.show()


def blend(session: "Session", first: Alternative, second: Alternative, amount: float) -> None:
    """Run the edit of two results from noise between theirs; `amount` 1 is the second's."""
    request = first.request.blended_with(second.request, amount)
    title = f"{first.title} + {second.title}" if first.title != second.title else first.title
    _run(session, request, title)


def _run(session: "Session", request: EditRequest, title: str) -> None:
    with queueing(session):
        session.queue.submit(EditJob(request, title, inspect=session.inspecting.is_open))


def _same_edit(one: Alternative, other: Alternative) -> bool:
    """Whether two results differ by their noise alone."""
    a, b = one.request, other.request
    if a.picture is not b.picture or _essence(a) != _essence(b):
        return False
    if a.mask is None or b.mask is None:
        return a.mask is b.mask
    return np.array_equal(a.mask, b.mask)


def _essence(request: EditRequest) -> tuple[object, ...]:
    words = (request.source_prompt, request.target_prompt)
    return (request.settings, words, request.steps, request.guidance_scale, request.model)


def add(session: "Session", job: EditJob, finished: Finished, number: int) -> None:
    """Put a job's result, its `number`th, into the strip; the first one is looked at."""
    document, window = session.document, session.window
    title = f"{job.title} · {number}" if job.request.variations > 1 else job.title
    last = document.alternatives[-1] if number > 1 else None
    document.add_alternative(finished, title, show=number == 1)
    if number == 1 and QApplication.focusWidget() in (
        window.panel.run_button,
        window.foot.stage.more_button,
    ):
        session.canvas.setFocus()  # so that the arrow keys look at the others
    if last is not None and np.array_equal(last.pixels, finished.picture):
        session.say(
            QCoreApplication.translate(
                "Session",
                "These results are the same: this method, as it is set, draws no noise, so "
                "another seed changes nothing.",
            )
        )
