"""The engine's own process: it alone imports torch. What it is asked for comes through a pipe."""

import faulthandler
import logging
import os
import queue
import sys
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from core import errors, offline
from core.errors import SfumatoError
from desktop.diagnostics import logs
from desktop.jobs.crossing import Crossing
from desktop.jobs.engine import Engine, UnexpectedError

_journal = logging.getLogger(__name__)
BEAT_SECONDS = 0.5
NICE = 5  # the window goes first


@dataclass(frozen=True, eq=False)
class Call:
    """Do one of the engine's methods."""

    id: int
    method: str
    arguments: tuple[Any, ...]
    keywords: dict[str, Any]


@dataclass(frozen=True)
class Stop:
    """Give up the call of this number, between two steps."""

    id: int


@dataclass(frozen=True)
class Beat:
    """The process lives: its threads get their turns."""


@dataclass(frozen=True, eq=False)
class Event:
    """Something that a generator of the engine yielded."""

    id: int
    value: Any


@dataclass(frozen=True, eq=False)
class Answer:
    """The call's end: what it returned; None too where it was given up."""

    id: int
    value: Any

    def result(self) -> Any:
        return self.value


@dataclass(frozen=True)
class Raised:
    """The call's end: an error. kind: its class's name in `core.errors`, or '' for any other."""

    id: int
    kind: str
    message: str

    def result(self) -> NoReturn:
        """Raise the error as it was there; UnexpectedError where it was none for the user."""
        raise (getattr(errors, self.kind) if self.kind else UnexpectedError)(self.message)


def run_engine(
    connection: "Connection[Any, Any]", name: str, open_engine: Callable[[], Engine]
) -> None:
    """What the process does: one call after another, until the other end is gone."""
    offline.forbid_network()
    if logs.start("engine") is None:
        faulthandler.enable(sys.__stderr__ or 2)
    logs.log_uncaught()
    if hasattr(os, "nice"):
        os.nice(NICE)
    _Child(Crossing(connection, name), open_engine).run()


class _Child:
    def __init__(self, crossing: Crossing, open_engine: Callable[[], Engine]) -> None:
        self._crossing = crossing
        self._calls: queue.SimpleQueue[Call] = queue.SimpleQueue()
        self._stopped: set[int] = set()
        self._busy = False
        for work in (self._listen, self._beat):
            threading.Thread(target=work, daemon=True).start()
        self._engine = open_engine()

    def run(self) -> None:
        while True:
            call = self._calls.get()
            self._busy = True
            end = self._answer(call)
            self._busy = False
            self._send(end)

    def _answer(self, call: Call) -> Answer | Raised:
        def stopped() -> bool:
            return call.id in self._stopped

        try:
            method = getattr(self._engine, call.method)
            result = method(*call.arguments, **call.keywords, stopped=stopped)
            if isinstance(result, Generator):
                try:
                    for value in result:
                        if stopped():
                            break
                        self._send(Event(call.id, value))
                finally:
                    result.close()
                result = None
            return Answer(call.id, result)
        except SfumatoError as error:
            return Raised(call.id, type(error).__name__, str(error))
        except Exception as error:
            _log(call.method, error)
            return Raised(call.id, "", f"{type(error).__name__}: {error}")

    def _send(self, item: object) -> None:
        try:
            self._crossing.send(item)
        except OSError:
            os._exit(0)  # nobody is left to work for

    def _listen(self) -> None:
        """On a thread of its own, so that a wish to stop arrives while a step runs."""
        while True:
            try:
                item = self._crossing.receive()
            except (EOFError, OSError):
                os._exit(0)
            if isinstance(item, Stop):
                self._stopped.add(item.id)
            else:
                self._calls.put(item)

    def _beat(self) -> None:
        pause = threading.Event()
        while not pause.wait(BEAT_SECONDS):
            if self._busy:
                self._send(Beat())


def _log(method: str, error: Exception) -> None:
    _journal.error("%s failed", method, exc_info=error)
