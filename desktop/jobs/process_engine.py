"""An engine in a process of its own, watched over: what kills it cannot take the window along."""

import itertools
import multiprocessing
import secrets
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import EngineLostError
from core.events import EditEvent, Finished
from core.request import EditRequest
from desktop.jobs.child_process import exit_reason
from desktop.jobs.crossing import Crossing
from desktop.jobs.engine import Engine, TorchEngine, UnexpectedError
from desktop.jobs.engine_child import Answer, Beat, Call, Event, Raised, Stop, run_engine
from desktop.jobs.job import ModelLoaded

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext

    from core.restoration.questions import Question

POLL_SECONDS = 0.03


@dataclass(frozen=True)
class Limits:
    """Seconds. silent: without a heartbeat, while an edit runs. loading: the same while a library
    or a model is loaded, when the disk may hold everything up. halted: that the system calls the
    process stopped. cancel: from the wish to stop to a kill.
    """

    silent: float = 30.0
    loading: float = 180.0
    halted: float = 2.0
    cancel: float = 5.0


class ProcessEngine:
    """`Engine` for the worker's thread; `open_engine` makes the real one in the child.

    The child is started by the first call, and again by the call after its death. An edit during
    which it dies raises EngineLostError; a new child is then started at once and loads the same
    model, so that the next edit need not wait for it.

    python: another interpreter for the child, one whose torch works on a GPU (`desktop.gpu`). Where
    it cannot get ready, this program's own takes its place, and the next `ModelLoaded` says so.
    """

    def __init__(
        self,
        open_engine: Callable[[], Engine] = TorchEngine,
        limits: Limits | None = None,
        python: Path | None = None,
    ) -> None:
        self._open_engine = open_engine
        self._limits = limits or Limits()
        self._python = python
        self._fell_back = False
        self._child: _Child | None = None
        self._model = ""

    @property
    def pid(self) -> int | None:
        """The child's number in the system, if there is a child."""
        return None if self._child is None else self._child.process.pid

    def prepare(self, stopped: Callable[[], bool]) -> bool:
        try:
            return bool(self._ask("prepare", stopped=stopped))
        except (EngineLostError, UnexpectedError):
            if self._python is None:
                raise
            self._python, self._fell_back = None, True
            self.close()
            return bool(self._ask("prepare", stopped=stopped))

    def load(self, model: str, stopped: Callable[[], bool]) -> ModelLoaded | None:
        loaded = self._ask("load", model, stopped=stopped)
        self._model = model
        if loaded is not None and self._fell_back:
            loaded, self._fell_back = replace(loaded, fell_back=True), False
        return loaded

    def edit(
        self, request: EditRequest, *, inspect: bool, stopped: Callable[[], bool]
    ) -> Generator[EditEvent]:
        silent = self._limits.silent
        for event in self._events(
            "edit", request, inspect=inspect, stopped=stopped, silent=silent, again=True
        ):
            if isinstance(event, Finished):
                # The arrays that went there came back as copies: keep one of each.
                asked = event.request.with_(picture=request.picture, mask=request.mask)
                event = replace(event, request=asked)
            yield event

    def answer(self, question: "Question", stopped: Callable[[], bool]) -> object:
        return self._ask("answer", question, stopped=stopped)

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.end()
            self._child = None

    # -- calls --------------------------------------------------------------------------------

    def _ask(self, method: str, *arguments: Any, stopped: Callable[[], bool]) -> Any:
        """What a plain method of the child's engine returns; None where it was given up."""
        silent = self._limits.loading
        events = self._events(method, *arguments, stopped=stopped, silent=silent, again=False)
        try:
            while True:
                next(events)
        except StopIteration as end:
            return end.value

    def _events(
        self,
        method: str,
        *arguments: Any,
        stopped: Callable[[], bool],
        silent: float,
        again: bool,
        **keywords: Any,
    ) -> Generator[Any, None, Any]:
        """What a method of the child's engine yields, and at last what it returns.

        silent: seconds without a sign of life that it may take. again: start a new child at once
        if this one is lost.
        """
        child = self._running_child()
        number, ended = 0, False
        try:
            number = child.call(method, arguments, keywords)
            asked_at: float | None = None
            while True:
                item = child.next(number, silent)
                if isinstance(item, Event):
                    yield item.value
                elif isinstance(item, Answer | Raised):
                    ended = True
                    return item.result()
                if asked_at is None and stopped():
                    asked_at = time.monotonic()
                    child.stop(number)
                elif asked_at is not None and _since(asked_at) > self._limits.cancel:
                    return None
        except GeneratorExit:
            ended = self._gave_up(child, number)
            raise
        finally:
            if not ended:
                self._drop(again)

    def _gave_up(self, child: "_Child", number: int) -> bool:
        """Whether the child leaves off in time, when the worker closed it between two events."""
        asked_at = time.monotonic()
        try:
            child.stop(number)
            while _since(asked_at) <= self._limits.cancel:
                if isinstance(child.next(number, self._limits.silent), Answer | Raised):
                    return True
        except EngineLostError:
            pass
        return False

    # -- the child ----------------------------------------------------------------------------

    def _running_child(self) -> "_Child":
        if self._child is not None and not self._child.process.is_alive():
            self.close()
        self._child = self._child or _Child(self._open_engine, self._limits.halted, self._python)
        return self._child

    def _drop(self, again: bool) -> None:
        """Be rid of the child; `again`: start another, which gets ready while nobody waits."""
        self.close()
        if again:
            child = self._running_child()
            child.call("prepare", (), {})
            if self._model:
                child.call("load", (self._model,), {})


class _Child:
    """One process and the way to it."""

    def __init__(
        self, open_engine: Callable[[], Engine], halted: float, python: Path | None
    ) -> None:
        context = _context()
        ours, theirs = context.Pipe()
        token = secrets.token_hex(3)
        self._their_name = f"sfumc{token}"
        self._crossing = Crossing(ours, f"sfump{token}")
        self._ids = itertools.count(1)
        if python is not None:
            from desktop.jobs.other_python import OtherPython

            self.process = OtherPython(python, theirs, self._their_name, open_engine)
        else:
            self.process = context.Process(
                target=run_engine,
                args=(theirs, self._their_name, open_engine),
                name="sfumato-engine",
                daemon=True,
            )
        try:
            self.process.start()
        except (OSError, EOFError) as error:
            raise EngineLostError(_lost(f"its process could not be started ({error})")) from error
        theirs.close()
        self._heard_at = time.monotonic()
        self._halted_limit = halted
        self._halted_since: float | None = None

    def call(self, method: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> int:
        """Ask for a method; the number that its events and its answer carry."""
        number = next(self._ids)
        self._heard_at = time.monotonic()
        self._send(Call(number, method, arguments, keywords))
        return number

    def stop(self, number: int) -> None:
        self._send(Stop(number))

    def next(self, number: int, silent: float) -> object:
        """The next thing that call `number` says; None if it said nothing for a moment.

        Raises EngineLostError when the process has ended, or is killed now because it hangs.
        """
        if not self._crossing.poll(POLL_SECONDS):
            self._check(silent)
            return None
        try:
            item = self._crossing.receive()
        except (EOFError, OSError):
            raise EngineLostError(self._how_it_ended()) from None
        self._heard_at, self._halted_since = time.monotonic(), None
        if isinstance(item, Beat) or item.id != number:
            return None
        return item

    def end(self) -> None:
        """Kill the process if it lives, and remove what it left behind."""
        self.process.kill()
        self.process.join()
        self._crossing.close(self._their_name)
        self.process.close()

    def _send(self, item: object) -> None:
        try:
            self._crossing.send(item)
        except OSError:
            raise EngineLostError(self._how_it_ended()) from None

    def _check(self, silent: float) -> None:
        if not self.process.is_alive():
            raise EngineLostError(self._how_it_ended())
        now = time.monotonic()
        if not _is_halted(self.process.pid or 0):
            self._halted_since = None
        elif self._halted_since is None:
            self._halted_since = now
        elif now - self._halted_since > self._halted_limit:
            raise EngineLostError(_lost("it was halted"))
        if now - self._heard_at > silent:
            raise EngineLostError(_lost(f"it did not answer for {silent:.0f} s"))

    def _how_it_ended(self) -> str:
        return _lost(exit_reason(self.process))


def _context() -> "SpawnContext | ForkServerContext":
    """How a child begins: a fresh Python everywhere; on Linux forked from one that has torch."""
    if not sys.platform.startswith("linux"):
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["desktop.jobs.preloaded"])
    return context


def _since(moment: float) -> float:
    return time.monotonic() - moment


def _lost(how: str) -> str:
    return (
        f"The engine was lost during this edit: {how}. It is being started anew; your picture is "
        "as it was. Run the edit again, smaller if memory is short."
    )


def _is_halted(pid: int) -> bool:
    """Whether the system has stopped the process (SIGSTOP, a debugger); Linux tells."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 - opened 30 times a second
            return file.read().rpartition(b")")[2].split()[0] in (b"T", b"t")
    except (OSError, IndexError):
        return False
