"""Questions to the engine: only the newest is answered, and edits are not disturbed."""

import threading
from dataclasses import dataclass, field

from pytestqt.qtbot import QtBot

from core.errors import RequestError
from desktop.jobs.asking import Asking
from desktop.session import Session
from tests.desktop.fake_engine import FakeEngine


@dataclass(frozen=True, eq=False)
class Held:
    """Answers its value once it is let go."""

    value: object
    go: threading.Event = field(default_factory=threading.Event)

    def answer(self) -> object:
        assert self.go.wait(10)
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


def test_only_the_newest_question_is_answered(
    session: Session, engine: FakeEngine, qtbot: QtBot
) -> None:
    asking, answers = Asking(session.queue), []
    asking.answered.connect(answers.append)
    questions = [Held(n) for n in range(5)]
    for question in questions:
        asking.ask(question)
        question.go.set()
    qtbot.waitUntil(lambda: not asking.is_waiting)
    assert answers == [4]
    assert len(engine.asked) <= 2
    assert session.queue.is_idle


def test_an_error_is_told_and_what_is_forgotten_is_not(session: Session, qtbot: QtBot) -> None:
    asking, said = Asking(session.queue), []
    asking.answered.connect(said.append)
    asking.failed.connect(said.append)
    problem = Held(RequestError("too large; choose less."))
    problem.go.set()
    asking.ask(problem)
    qtbot.waitUntil(lambda: bool(said))
    assert [str(one) for one in said] == ["too large; choose less."]
    forgotten, after = Held("forgotten"), Held("after")
    asking.ask(forgotten)
    asking.forget()
    assert not asking.is_waiting
    forgotten.go.set()
    asking.ask(after)
    after.go.set()
    qtbot.waitUntil(lambda: len(said) == 2)
    assert said[1] == "after"


def test_a_question_waits_for_the_edit_that_runs(
    opened: Session, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.gate.clear()
    opened.state.set_target_prompt("a pear")
    opened.window.panel.run_button.click()
    qtbot.waitUntil(lambda: opened.queue.running is not None)
    asking, answers = Asking(opened.queue), []
    asking.answered.connect(answers.append)
    question = Held("done")
    question.go.set()
    asking.ask(question)
    assert not answers
    engine.gate.set()
    qtbot.waitUntil(lambda: answers == ["done"])
    assert len(opened.document.alternatives) == 1
