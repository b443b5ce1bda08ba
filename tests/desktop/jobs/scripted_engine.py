"""An engine for a child process: what it does, good or bad, is what the prompt says."""

import faulthandler
import os
import signal
import sys
import time
from collections.abc import Callable, Generator

from core.errors import OutOfMemoryError
from core.events import EditEvent, Finished, Progress
from core.request import EditRequest
from desktop.jobs.job import ModelLoaded

BAD = ("kill", "segfault", "halt", "exit", "out of memory")


class ScriptedEngine:
    """Does what `model` or a prompt says at its place: "segfault at load", "kill at step"."""

    def prepare(self, stopped: Callable[[], bool]) -> bool:
        return not stopped()

    def load(self, model: str, stopped: Callable[[], bool]) -> ModelLoaded:
        self._act(model, "load")
        return ModelLoaded(model, "cpu", "float32", 1)

    def edit(
        self, request: EditRequest, *, inspect: bool, stopped: Callable[[], bool]
    ) -> Generator[EditEvent]:
        assert request.picture is not None
        for step in range(1, request.steps + 1):
            yield Progress(step, request.steps, "sample")
            if step == 2:
                self._act(request.target_prompt, "step")
            if request.target_prompt == "slow":
                time.sleep(0.01)
        self._act(request.target_prompt, "decode")
        yield Finished(
            request=request,
            picture=255 - request.picture,
            changed_outside=None,
            network_evaluations=request.steps,
            seconds=0.0,
            recipe={"process": os.getpid()},
        )

    def close(self) -> None:
        pass

    def _act(self, words: str, place: str) -> None:
        deed, _, where = words.partition(" at ")
        if where != place:
            return
        if deed == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif deed == "segfault":
            faulthandler.disable()  # its report is not wanted on the tests' screen
            os.kill(os.getpid(), signal.SIGSEGV)
        elif deed == "halt":
            os.kill(os.getpid(), signal.SIGSTOP)
        elif deed == "exit":
            sys.stdout.flush()
            os._exit(3)
        elif deed == "hang":
            time.sleep(3600)
        elif deed == "out of memory":
            raise OutOfMemoryError("cpu has not enough memory for this edit. Close other programs.")
        elif deed == "stumble":
            raise ZeroDivisionError("oops")
