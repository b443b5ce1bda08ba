"""The line at the bottom while an edit runs."""

import pytest
from pytestqt.qtbot import QtBot

from core.events import Progress
from desktop.panels.status import PACE, StatusLine


@pytest.fixture
def status(qtbot: QtBot) -> StatusLine:
    line = StatusLine()
    qtbot.addWidget(line)
    line.show()
    return line


def test_quick_steps_are_shown_now_and_then_and_the_last_for_certain(
    qtbot: QtBot, status: StatusLine
) -> None:
    shown: list[int] = []
    status.progress_bar.valueChanged.connect(shown.append)
    for step in range(1, 41):
        status.show_progress(Progress(step, 40, "sample"))
    assert shown == [1]
    qtbot.waitUntil(lambda: shown == [1, 40], timeout=20 * PACE)
    assert "40" in status.progress_text.text()


def test_a_step_that_waited_does_not_come_back_after_the_end(
    qtbot: QtBot, status: StatusLine
) -> None:
    status.show_progress(Progress(1, 9, "sample"))
    status.show_progress(Progress(2, 9, "sample"))
    status.show_idle()
    qtbot.wait(2 * PACE)
    assert not status.progress_bar.isVisible()
    status.show_progress(Progress(1, 9, "sample"))
    status.show_progress(Progress(2, 9, "sample"))
    status.show_cancelling()
    qtbot.wait(2 * PACE)
    assert status.progress_bar.maximum() == 0
