import os
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
import pytest

from core.errors import EngineLostError, OutOfMemoryError
from core.events import Finished, Progress
from core.request import EditRequest
from core.settings import SDEditSettings
from desktop.jobs.engine import UnexpectedError
from desktop.jobs.job import ModelLoaded
from desktop.jobs.process_engine import Limits, ProcessEngine
from tests.desktop.jobs.scripted_engine import ScriptedEngine

LIMITS = Limits(silent=2.0, loading=20.0, halted=0.3, cancel=0.5)


def never() -> bool:
    return False


def request(prompt: str = "x", side: int = 8, steps: int = 3) -> EditRequest:
    picture = np.full((side, side, 3), 10, np.uint8)
    return EditRequest(SDEditSettings(), picture, target_prompt=prompt, steps=steps)


@pytest.fixture
def engine() -> Iterator[ProcessEngine]:
    made = ProcessEngine(ScriptedEngine, LIMITS)
    assert made.prepare(never)
    assert made.load("m", never) == ModelLoaded("m", "cpu", "float32", 1)
    yield made
    made.close()


def result(engine: ProcessEngine, asked: EditRequest) -> Finished:
    *_, last = engine.edit(asked, inspect=False, stopped=never)
    assert isinstance(last, Finished)
    return last


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_an_edit_in_another_process(engine) -> None:
    asked = request(side=200)
    *events, last = engine.edit(asked, inspect=False, stopped=never)
    assert [event.step for event in events if isinstance(event, Progress)] == [1, 2, 3]
    assert isinstance(last, Finished)
    assert last.recipe["process"] == engine.pid != os.getpid()
    assert (last.picture == 245).all()
    assert last.request.picture is asked.picture, "no copy of what went there is kept"


@pytest.mark.parametrize("place", ["step", "decode"])
@pytest.mark.parametrize(
    ("deed", "said"),
    [("kill", "want of memory"), ("segfault", "SIGSEGV"), ("exit", "status 3"), ("halt", "halted")],
)
def test_a_lost_engine_is_told_and_replaced(engine, deed, place, said) -> None:
    before = engine.pid
    with pytest.raises(EngineLostError, match=said):
        result(engine, request(f"{deed} at {place}", side=200))
    assert not is_alive(before)
    assert engine.prepare(never)
    assert engine.load("m", never) is not None
    assert result(engine, request()).recipe["process"] == engine.pid != before


def test_an_engine_that_hangs_is_cancelled_by_force(engine) -> None:
    before = engine.pid
    began = time.monotonic()
    events = list(
        engine.edit(
            request("hang at step"), inspect=False, stopped=lambda: time.monotonic() > began + 0.2
        )
    )
    assert all(isinstance(event, Progress) for event in events)
    assert not is_alive(before)
    result(engine, request())


def test_an_engine_that_is_asked_to_stop_stays(engine) -> None:
    before = engine.pid
    seen: list[object] = []
    for event in engine.edit(
        request("slow", steps=1000), inspect=False, stopped=lambda: len(seen) > 3
    ):
        seen.append(event)
    assert 3 < len(seen) < 500
    assert result(engine, request()).recipe["process"] == before


def test_closing_the_generator_stops_the_edit(engine) -> None:
    before = engine.pid
    events = engine.edit(request("slow", steps=1000), inspect=False, stopped=never)
    next(events)
    events.close()
    assert result(engine, request()).recipe["process"] == before


def test_errors_keep_their_kind(engine) -> None:
    with pytest.raises(OutOfMemoryError, match="not enough memory"):
        result(engine, request("out of memory at step"))
    with pytest.raises(UnexpectedError, match="ZeroDivisionError: oops"):
        result(engine, request("stumble at step"))
    result(engine, request())


def test_a_model_that_kills_the_engine_does_so_once(engine) -> None:
    with pytest.raises(EngineLostError, match="SIGSEGV"):
        engine.load("segfault at load", never)
    assert engine.pid is None, "nothing is started until it is asked for"
    assert engine.load("m", never) is not None


def test_a_hang_without_a_heartbeat_is_seen() -> None:
    engine = ProcessEngine(ScriptedEngine, Limits(silent=1.5, halted=60.0))
    engine.prepare(never)
    with pytest.raises(EngineLostError, match="did not answer"):
        result(engine, request("halt at step"))
    engine.close()


def test_close_leaves_no_process() -> None:
    engine = ProcessEngine(ScriptedEngine, LIMITS)
    engine.prepare(never)
    pid = engine.pid
    engine.close()
    assert pid is not None
    assert not is_alive(pid)


def test_the_child_ends_with_its_parent() -> None:
    code = (
        "import os\n"
        "from desktop.jobs.process_engine import ProcessEngine\n"
        "from tests.desktop.jobs.scripted_engine import ScriptedEngine\n"
        "if __name__ == '__main__':\n"
        "    engine = ProcessEngine(ScriptedEngine)\n"
        "    engine.prepare(lambda: False)\n"
        "    print(engine.pid, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    pid = int(ended.stdout)
    until = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert not is_alive(pid)
