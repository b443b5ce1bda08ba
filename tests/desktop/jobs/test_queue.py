import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from core.errors import ModelDamagedError, SamplingError
from core.events import Finished, Preview, Progress
from core.request import EditRequest
from core.settings import SDEditSettings
from desktop.jobs.job import Cancelled, EditJob, Ended, Failed, Loading, ModelLoaded
from desktop.jobs.queue import JobQueue
from tests.desktop.fake_engine import FakeEngine


def job(seed: int = 0, steps: int = 3) -> EditJob:
    picture = np.zeros((8, 8, 3), np.uint8)
    request = EditRequest(SDEditSettings(), picture, target_prompt="x", steps=steps, seed=seed)
    return EditJob(request, f"job {seed}")


class Listener:
    """Everything that a queue says, and the threads it says it on."""

    def __init__(self, queue: JobQueue) -> None:
        self.events: list[tuple[EditJob | None, object]] = []
        self.threads: set[object] = set()
        queue.happened.connect(self.hear)

    def hear(self, job: EditJob | None, event: object) -> None:
        self.events.append((job, event))
        self.threads.add(QThread.currentThread())

    def of(self, job: EditJob | None) -> list[object]:
        return [event for other, event in self.events if other is job]

    def ends(self, job: EditJob) -> list[object]:
        return [e for e in self.of(job) if isinstance(e, Ended | Failed | Cancelled)]


@pytest.fixture
def queue(qtbot: QtBot, engine: FakeEngine) -> Iterator[JobQueue]:
    made = JobQueue(lambda: engine)
    yield made
    engine.gate.set()
    made.close()


@pytest.fixture
def heard(queue: JobQueue) -> Listener:
    return Listener(queue)


@pytest.fixture
def ends(qtbot: QtBot, heard: Listener) -> Callable[[EditJob], object]:
    """Wait for the end of a job and return it."""

    def wait(job: EditJob) -> object:
        qtbot.waitUntil(lambda: bool(heard.ends(job)), timeout=10_000)
        return heard.ends(job)[0]

    return wait


def test_a_job_ends_with_its_result_on_the_windows_thread(queue, heard, ends) -> None:
    submitted = queue.submit(job())
    assert isinstance(ends(submitted), Ended)
    kinds = [type(event) for event in heard.of(submitted)]
    assert kinds[:2] == [Loading, ModelLoaded]
    assert kinds.count(Progress) == 3
    assert kinds[-2:] == [Finished, Ended]
    assert heard.threads == {QThread.currentThread()}
    assert queue.is_idle


def test_the_engine_runs_on_one_other_thread(queue, ends, engine) -> None:
    for seed in range(3):
        ends(queue.submit(job(seed)))
    assert len(engine.threads) == 1
    assert threading.current_thread().name not in engine.threads


def test_jobs_run_in_their_order(queue, ends, engine) -> None:
    jobs = [queue.submit(job(seed)) for seed in (5, 3, 9)]
    for one in jobs:
        assert isinstance(ends(one), Ended)
    assert engine.order == [5, 3, 9]


def test_cancel_ends_within_one_step_and_closes_the_generator(queue, heard, ends, engine, qtbot):
    submitted = queue.submit(job(steps=1000))
    engine.step_seconds = 0.01
    qtbot.waitUntil(lambda: any(isinstance(e, Progress) for e in heard.of(submitted)))
    queue.cancel(submitted)
    assert queue.is_cancelling()
    last = [e for e in heard.of(submitted) if isinstance(e, Progress)][-1].step
    assert isinstance(ends(submitted), Cancelled)
    assert engine.closed == 1
    told = [e for e in heard.of(submitted) if isinstance(e, Progress)][-1].step
    assert told == last, "nothing more was said after the wish to cancel"


def test_cancelling_a_waiting_job_leaves_the_running_one_alone(queue, heard, ends, engine) -> None:
    engine.gate.clear()
    running, waiting, last = (queue.submit(job(seed)) for seed in range(3))
    queue.cancel(waiting)
    assert heard.ends(waiting) == [Cancelled()]
    assert queue.running is running
    assert queue.waiting == (last,)
    engine.gate.set()
    assert isinstance(ends(running), Ended)
    assert isinstance(ends(last), Ended)
    assert engine.order == [0, 2]


def test_a_job_cancelled_before_it_began_never_reaches_the_engine(queue, ends, engine) -> None:
    submitted = queue.submit(job())
    queue.cancel(submitted)
    assert isinstance(ends(submitted), Cancelled)


def test_cancel_all(queue, ends, engine) -> None:
    engine.gate.clear()
    jobs = [queue.submit(job(seed)) for seed in range(3)]
    queue.cancel_all()
    engine.gate.set()
    assert [type(ends(one)) for one in jobs] == [Cancelled] * 3
    assert queue.is_idle


def test_an_error_for_the_user_keeps_its_message_and_the_next_job_runs(queue, ends, engine) -> None:
    engine.error = SamplingError("step 2 gave NaN; choose float32.")
    assert ends(queue.submit(job())) == Failed("step 2 gave NaN; choose float32.", "SamplingError")
    engine.error = None
    assert isinstance(ends(queue.submit(job())), Ended)


def test_an_unknown_error_is_told_in_one_line(queue, ends, engine, caplog) -> None:
    engine.error = ZeroDivisionError("oops")
    assert ends(queue.submit(job())) == Failed("ZeroDivisionError: oops")
    assert "ZeroDivisionError: oops" in caplog.text


def test_a_model_that_cannot_be_loaded_fails_the_job(queue, ends, engine) -> None:
    engine.load_error = ModelDamagedError("starter/unet is truncated. Copy it again.")
    end = ends(queue.submit(job()))
    assert end == Failed("starter/unet is truncated. Copy it again.", "ModelDamagedError")


def test_warming_up_says_what_was_loaded(queue, heard, qtbot) -> None:
    queue.warm_up("starter")
    qtbot.waitUntil(lambda: ModelLoaded("starter", "cpu", "float32", 1) in heard.of(None))


def test_closing_during_a_job_joins_the_thread(queue, engine, qtbot) -> None:
    engine.step_seconds = 0.01
    queue.submit(job(steps=1000))
    assert engine.step.wait(10)
    queue.close()
    assert engine.closed == 1
    assert queue.is_idle


def test_previews_are_few_but_the_first_and_the_last_are_shown(queue, heard, ends) -> None:
    submitted = queue.submit(job(steps=50))
    ends(submitted)
    steps = [e.step for e in heard.of(submitted) if isinstance(e, Preview)]
    assert steps[0] == 1
    assert steps[-1] == 50
    assert len(steps) < 25
