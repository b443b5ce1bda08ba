import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.diagnostics import logs

LOGGER = logging.getLogger("sfumato.test")
PROMPT = "a Clydesdale horse on a moor"


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    """Nothing of a test stays, or comes from another's: neither handlers nor prompts nor hooks."""
    logs._prompts.clear()
    logs._current.clear()
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook)
    handlers, says = list(root.handlers), logging.raiseExceptions
    yield
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
        handler.close()
    logs._prompts.clear()
    logs._current.clear()
    logging.raiseExceptions = says
    sys.excepthook, threading.excepthook = hooks


def text_of(folder: Path, name: str = "window") -> str:
    return "\n".join(logs.tail(name, 10_000, folder))


def test_it_rotates_and_keeps_only_so_much(tmp_path: Path) -> None:
    logs.start("window", tmp_path, max_bytes=2000)
    for number in range(400):
        LOGGER.info("line %d of many", number)
    files = sorted(tmp_path.glob("window.log*"))
    assert len(files) == logs.BACKUPS + 1
    assert all(file.stat().st_size <= 2000 for file in files)
    assert logs.tail("window", 2, tmp_path)[-1].endswith("line 399 of many")
    assert len(logs.tail("window", 30, tmp_path)) == 30


def test_each_process_has_its_own_file(tmp_path: Path) -> None:
    logs.start("window", tmp_path)
    logs.start("engine", tmp_path)
    assert {f.name for f in tmp_path.glob("*.log")} >= {"window.log", "engine.log"}


def test_prompts_stay_out_wherever_they_come_from(tmp_path: Path) -> None:
    logs.start("window", tmp_path)
    logs.leave_out(PROMPT)
    logs.leave_out_current(lambda: ["점박이 말"])
    LOGGER.info("edit of %s", PROMPT)
    LOGGER.warning("these words are left out: “clydesdale”; 말 too")
    try:
        raise ValueError(f"cannot tokenize input_value='{PROMPT[:9]}...{PROMPT[-6:]}'")
    except ValueError:
        LOGGER.exception("edit failed")
    text = text_of(tmp_path).casefold()
    for word in ("clydesdale", "horse", "moor", "말"):
        assert word not in text
    assert "valueerror: cannot tokenize" in text
    assert "test_logs.py" in text


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(min_size=3, max_size=12), min_size=1, max_size=5))
def test_no_word_of_a_prompt_gets_through(words: list[str]) -> None:
    logs._prompts.clear()
    logs.leave_out(" ".join(words))
    record = logging.LogRecord("n", logging.INFO, "p", 1, "%s", (" ".join(words),), None)
    written = logs.Discreet().format(record).partition("n: ")[2].casefold()
    kept = set().union(*logs._prompts)
    assert not kept & set(written.replace(logs.LEFT_OUT, " ").split())


def test_another_handlers_text_is_not_taken_over(tmp_path: Path) -> None:
    logs.start("window", tmp_path)
    logs.leave_out(PROMPT)
    try:
        raise ValueError(PROMPT)
    except ValueError:
        record = LOGGER.makeRecord("n", 40, "p", 1, "m", (), sys.exc_info())
    logging.Formatter().format(record)
    assert "horse" not in logs.Discreet().format(record).replace("PROMPT", "")


def test_what_nobody_caught_is_logged_and_told(tmp_path: Path) -> None:
    logs.start("window", tmp_path)
    told: list[str] = []
    logs.log_uncaught(told.append)

    def broken() -> None:
        raise ZeroDivisionError("in a thread")

    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    error = KeyError("here")
    sys.excepthook(KeyError, error, None)
    assert told == ["ZeroDivisionError", "KeyError"]
    assert "in a thread" in text_of(tmp_path)
    assert len(logs.errors_in(logs.tail("window", 100, tmp_path))) == 2


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file")
    assert logs.start("window", tmp_path / "logs") is None
    LOGGER.info("still here")
