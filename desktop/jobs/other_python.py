"""The engine's process under another Python than this program's: one that has torch for a GPU.

Does what `multiprocessing.Process` does for the built-in engine, by the same names.
"""

import pickle
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from desktop.gpu import environment
from desktop.jobs.engine import Engine
from desktop.jobs.engine_child import run_engine


class OtherPython:
    """A process that runs `run_engine` under `python`. Not on Windows.

    theirs: the child's end of the pipe. name: begins the names of its shared memory.
    """

    def __init__(
        self,
        python: Path,
        theirs: "Connection[Any, Any]",
        name: str,
        open_engine: Callable[[], Engine],
    ) -> None:
        self._python = python
        self._theirs = theirs
        self._name = name
        self._open_engine = open_engine
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Raises OSError when the interpreter cannot be started."""
        # One tracker for both, as among multiprocessing's own: blocks change hands.
        tracker, line = resource_tracker.getfd(), self._theirs.fileno()
        assert tracker is not None  # it was just started, if it did not run
        command = [str(self._python), "-P", "-m", "desktop.jobs.other_python"]
        self._process = subprocess.Popen(
            [*command, str(line), str(tracker), self._name],
            env={**environment.variables(), "PYTHONPATH": str(environment.own_modules())},
            pass_fds=(line, tracker),
            stdin=subprocess.PIPE,
        )
        assert self._process.stdin is not None
        with self._process.stdin as way:
            way.write(pickle.dumps(self._open_engine))

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    @property
    def exitcode(self) -> int | None:
        return None if self._process is None else self._process.poll()

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def join(self, timeout: float | None = None) -> None:
        if self._process is not None:
            try:
                self._process.wait(timeout)
            except subprocess.TimeoutExpired:
                return

    def close(self) -> None:
        """Nothing is kept open: the pipe is the parent's to close."""


def main(arguments: list[str]) -> None:
    """The child's side; the engine to open comes as a pickle from our own parent."""
    line, tracker, name = int(arguments[0]), int(arguments[1]), arguments[2]
    resource_tracker._resource_tracker._fd = tracker  # pyright: ignore[reportAttributeAccessIssue]
    open_engine = pickle.load(sys.stdin.buffer)
    run_engine(Connection(line), name, open_engine)


if __name__ == "__main__":
    main(sys.argv[1:])
