"""The process that decodes files from outside. What they do to a decoder ends here.

Memory is limited on Linux alone, the one system that holds a process to it; pixels are limited
where the file is read, and time by the other side.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from core import offline
from core.errors import PictureError, SfumatoError
from desktop.jobs.crossing import Crossing
from desktop.jobs.engine_child import Answer, Raised

MEMORY = 16 * 1024**3
"""Bytes that one file may take. Pictures take 14 to 39 a pixel, so the largest up to 12 GB."""
SHARE = 0.75
"""Of the memory that is free when the file is opened, if that is less."""


@dataclass(frozen=True)
class Ready:
    """All is imported: from now on the time counts."""


def run_reader(
    connection: "Connection[Any, Any]", name: str, read: Callable[[Path], object]
) -> None:
    """What the process does: one file after another, until the other end is gone."""
    offline.forbid_network()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who closes the window ends it
    _be_the_first_to_go()
    crossing = Crossing(connection, name)
    try:
        crossing.send(Ready())
        while True:
            path = crossing.receive()
            limit_memory()
            _answer(crossing, path, read)
    except (EOFError, OSError):
        os._exit(0)  # nobody is left to read for


def limit_memory() -> None:
    """From now on this process gets so much more memory and then a MemoryError (Linux)."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    more = min(MEMORY, int(SHARE * _free_memory()))
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(ValueError, OSError):  # a hard limit is lower already
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + more, hard))


def _answer(crossing: Crossing, path: Path, read: Callable[[Path], object]) -> None:
    try:
        crossing.send(Answer(0, read(path)))
    except SfumatoError as error:
        crossing.send(Raised(0, type(error).__name__, str(error)))
    except MemoryError:
        message = f"{path.name} needs more memory than there is. Make it smaller or choose another."
        crossing.send(Raised(0, PictureError.__name__, message))
    except OSError:
        raise
    except Exception as error:
        crossing.send(Raised(0, "", f"{path.name}: {type(error).__name__}: {error}"))


def _free_memory() -> int:
    """Bytes that the system could give away (Linux)."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        lines = Path("/proc/meminfo").read_text().splitlines()
        return 1024 * next(int(one.split()[1]) for one in lines if one.startswith("MemAvailable"))
    return MEMORY


def _be_the_first_to_go() -> None:
    """Where the whole system lacks memory, it shall end this process before any other (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
