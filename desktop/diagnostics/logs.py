"""Logs that rotate, one file for the window and one for the engine; prompts stay out. No Qt.

Prompts reach a log by the way: a library's error may quote what it was given. So every word of the
prompts that this process works with is left out of messages, though not of the lines of code that
a traceback shows.
"""

import contextlib
import faulthandler
import logging
import re
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, Any

from platformdirs import user_state_path

MAX_BYTES, BACKUPS = 512 * 1024, 3
_MOST_PROMPTS = 64
_SHORTEST = 3
LEFT_OUT = "[…]"

OWN = ("core", "desktop", "sfumato", "uncaught")
"""The names that our own code logs under; of others only warnings are written."""

_prompts: deque[frozenset[str]] = deque(maxlen=_MOST_PROMPTS)
_current: list[Callable[[], Iterable[str]]] = []
_open: dict[str, IO[str]] = {}


def log_folder() -> Path:
    """Where the logs lie."""
    return user_state_path("sfumato", appauthor=False) / "logs"


def start(
    name: str, folder: Path | None = None, max_bytes: int = MAX_BYTES
) -> RotatingFileHandler | None:
    """Log this process into `folder`/`name`.log, and crashes of its C code into `name`-crash.log.

    None, and no log, where the folder cannot be written: that must not keep anybody from working.
    """
    folder = folder or log_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = RotatingFileHandler(
            folder / f"{name}.log", maxBytes=max_bytes, backupCount=BACKUPS, encoding="utf-8"
        )
        _catch_crashes(name, folder)
    except OSError:
        return None
    handler.setFormatter(Discreet())
    logging.getLogger().addHandler(handler)
    for own in OWN:
        logging.getLogger(own).setLevel(logging.INFO)
    logging.raiseExceptions = False  # a log that cannot be written is nothing to stop for
    return handler


def leave_out(*prompts: str) -> None:
    """From now on the words of these prompts are left out of this process's log."""
    words = _words(prompts)
    if words and words not in _prompts:
        _prompts.append(words)


def leave_out_current(prompts: Callable[[], Iterable[str]]) -> None:
    """The same for what `prompts` says whenever something is logged; it replaces the last one."""
    _current[:] = [prompts]


def tail(name: str, lines: int, folder: Path | None = None) -> list[str]:
    """The last lines of a log, of the one before it too where it has just been rotated."""
    found: list[str] = []
    for file in (f"{name}.log", f"{name}.log.1"):
        with contextlib.suppress(OSError):
            text = ((folder or log_folder()) / file).read_text("utf-8", errors="replace")
            found = [*text.splitlines(), *found]
        if len(found) >= lines:
            break
    return found[-lines:]


class Discreet(logging.Formatter):
    """Time, level, who, what; without the words of prompts."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler's, which may have written it in full
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = _without_words(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:
        """Frames as they are; what the exceptions say without the words."""
        lines = traceback.TracebackException(*ei).format()
        return "".join(
            line if line.startswith('  File "') else _without_words(line) for line in lines
        ).rstrip("\n")


def _without_words(text: str) -> str:
    words = set().union(*_prompts, *(_words(prompts()) for prompts in _current))
    if not words:
        return text
    return re.sub(r"\w+", lambda m: LEFT_OUT if m[0].casefold() in words else m[0], text)


def _words(prompts: Iterable[str]) -> frozenset[str]:
    """Short words of Latin letters tell nothing; in Korean one letter is a word."""
    words = {word.casefold() for prompt in prompts for word in re.findall(r"\w+", prompt)}
    return frozenset(word for word in words if len(word) >= _SHORTEST or not word.isascii())


def errors_in(lines: Iterable[str], most: int = 5) -> list[str]:
    """The last lines that tell of errors, without their tracebacks."""
    return [line for line in lines if re.search(r" (ERROR|CRITICAL) ", line)][-most:]


def _catch_crashes(name: str, folder: Path) -> None:
    """Python's last words, when a library crashes; a file that has grown begins anew."""
    file = folder / f"{name}-crash.log"
    grown = file.exists() and file.stat().st_size > MAX_BYTES
    if name in _open:
        _open[name].close()
    _open[name] = stream = file.open("w" if grown else "a", encoding="utf-8")
    faulthandler.enable(stream)


def log_uncaught(tell: Callable[[str], object] = lambda _: None) -> None:
    """Errors that nobody caught, of any thread of this process, go to the log.

    tell: called with an error's name, on the thread where it happened.
    """
    journal = logging.getLogger("uncaught")

    def on_error(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        if issubclass(kind, Exception):
            journal.error("nobody caught this", exc_info=(kind, error, trace))
            tell(kind.__name__)
        else:
            sys.__excepthook__(kind, error, trace)

    def on_thread(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            on_error(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    sys.excepthook, threading.excepthook = on_error, on_thread
