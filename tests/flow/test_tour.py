"""The tour on the starter model: a real swap and a real fill, and no word of them in the logs."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.settings import Job
from desktop import tour
from desktop.diagnostics import logs
from desktop.session import Session

SECONDS = 240_000
LEFT = Qt.MouseButton.LeftButton


def test_two_minutes(session: Session, qtbot: QtBot) -> None:
    document, coach = session.document, session.window.coach
    session.state.set_steps(4)
    tour.start(session)
    while coach.do_button.isVisible():
        before = coach.title.text()
        qtbot.mouseClick(coach.do_button, LEFT)
        qtbot.waitUntil(lambda before=before: coach.title.text() != before, timeout=SECONDS)
        qtbot.waitUntil(lambda: session.queue.is_idle, timeout=SECONDS)
    assert session.window.message.text() == ""
    swap, fill = document.alternatives
    assert (swap.request.settings.job, fill.request.settings.job) == (Job.SWAP, Job.FILL)
    assert swap.request.target_prompt == "a peach and a dog on a graded teal ground"
    assert fill.finished.changed_outside == 0
    engine_log = Path(logs.log_folder() / "engine.log").read_text("utf-8").casefold()
    assert not any(word in engine_log for word in ("peach", "teal", "panda"))
