"""The engine under another interpreter: here the same one, started as another would be."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.errors import EngineLostError
from core.events import Finished
from core.request import EditRequest
from core.settings import SDEditSettings
from desktop.jobs.other_python import OtherPython
from desktop.jobs.process_engine import Limits, ProcessEngine
from tests.desktop.jobs.scripted_engine import ScriptedEngine

LIMITS = Limits(silent=20.0, loading=120.0, halted=0.3, cancel=0.5)
HERE = Path(sys.executable)


def never() -> bool:
    return False


def request(prompt: str = "x", side: int = 200) -> EditRequest:
    picture = np.full((side, side, 3), 10, np.uint8)
    return EditRequest(SDEditSettings(), picture, target_prompt=prompt, steps=3)


def result(engine: ProcessEngine, asked: EditRequest) -> Finished:
    *_, last = engine.edit(asked, inspect=False, stopped=never)
    assert isinstance(last, Finished)
    return last


@pytest.fixture
def engine() -> Iterator[ProcessEngine]:
    made = ProcessEngine(ScriptedEngine, LIMITS, python=HERE)
    assert made.prepare(never)
    yield made
    made.close()


def test_edits_under_the_other_interpreter(engine, capfd) -> None:
    loaded = engine.load("m", never)
    assert loaded is not None
    assert not loaded.fell_back
    for _ in range(3):  # by shared memory, both ways
        finished = result(engine, request())
        assert (finished.picture == 245).all()
        assert finished.recipe["process"] == engine.pid
    assert isinstance(engine._child.process, OtherPython)
    engine.close()
    assert "leaked" not in capfd.readouterr().err


def test_a_crash_is_told_and_the_next_edit_passes(engine) -> None:
    engine.load("m", never)
    with pytest.raises(EngineLostError, match="SIGSEGV"):
        result(engine, request("segfault at step"))
    assert (result(engine, request()).picture == 245).all()


@pytest.mark.parametrize("broken", ["absent", "fails"])
def test_the_own_engine_takes_the_place_of_a_broken_one(broken: str, tmp_path: Path) -> None:
    python = tmp_path / "python"
    if broken == "fails":
        python.write_text("#!/bin/sh\nexit 3\n")
        python.chmod(0o755)
    engine = ProcessEngine(ScriptedEngine, LIMITS, python=python)
    try:
        assert engine.prepare(never)
        first, second = engine.load("m", never), engine.load("m", never)
        assert first is not None
        assert second is not None
        assert (first.fell_back, second.fell_back) == (True, False)  # said once
        assert (result(engine, request()).picture == 245).all()
    finally:
        engine.close()
