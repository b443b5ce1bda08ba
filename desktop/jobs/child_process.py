"""What both kinds of child processes share: the engine, and the reader of files from outside."""

import signal
from typing import Protocol


class Process(Protocol):
    """What is asked of a process that ended, whichever way it was started."""

    def join(self, timeout: float | None = None) -> object: ...

    @property
    def exitcode(self) -> int | None: ...


def exit_reason(process: Process) -> str:
    """How a process that no longer speaks came to its end, as a part of a sentence."""
    process.join(1.0)
    code = process.exitcode
    if code is None:
        return "its line broke"
    if code >= 0:
        return f"it ended with status {code}"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
    if name == "SIGKILL":  # by its name: not every system has it
        return "the system ended it, perhaps for want of memory"
    return f"it crashed ({name})"
