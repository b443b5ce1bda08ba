"""Files from outside, decoded in a process of their own: no file can take the window along."""

import multiprocessing
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.documents.opening import read_any
from core.errors import PictureError
from desktop.jobs.child_process import exit_reason
from desktop.jobs.crossing import Crossing
from desktop.jobs.reader_child import run_reader

if TYPE_CHECKING:
    from core.documents.document import StoredDocument
    from core.imaging.image import Picture

SECONDS = 60.0
"""For one file. The largest pictures that are opened take about 20."""
START_SECONDS = 120.0
"""Until a child that was just started must be ready."""
_REMEDY = "Save it again with another program, or choose another."


class PictureReader:
    """Has files decoded by a child that is kept from one to the next. Any thread may ask.

    Each file that is read at the same time has a child to itself. One that crashes, is out of
    memory or takes longer than `seconds` costs its file and its child, and nothing else.
    """

    def __init__(self, read: Callable[[Path], Any] = read_any, seconds: float = SECONDS) -> None:
        """read: what the child does with a path; a function that it can import."""
        self._read = read
        self._seconds = seconds
        self._lock = threading.Lock()
        self._idle: _Child | None = None
        self._busy: set[_Child] = set()
        self._closed = False

    @property
    def is_busy(self) -> bool:
        """Whether a file is being read."""
        return bool(self._busy)

    def start(self) -> None:
        """Have a child ready, so that the first file need not wait for it; returns at once."""
        with self._lock:
            if self._idle is None and not self._closed:
                self._idle = _Child(self._read)

    def read(self, path: Path) -> "Picture | StoredDocument":
        """What is in `path`, as `core.documents.opening.read_any` finds it; waits for it.

        Raises what that raises, and PictureError where the child was lost or took too long.
        """
        child = self._take()
        unharmed = False
        try:
            end = child.read(path, self._seconds)
            unharmed = True
        finally:
            self._put_back(child, unharmed)
        return end.result()

    def give_up(self) -> None:
        """End what is being read; who waits for it gets a PictureError."""
        with self._lock:
            for child in self._busy:
                child.process.kill()

    def close(self) -> None:
        """End all children."""
        self._closed = True
        self.give_up()
        with self._lock:
            idle, self._idle = self._idle, None
        if idle is not None:
            idle.end()

    def _take(self) -> "_Child":
        with self._lock:
            child, self._idle = self._idle, None
            if child is None or not child.process.is_alive():
                child = _Child(self._read)
            self._busy.add(child)
        return child

    def _put_back(self, child: "_Child", unharmed: bool) -> None:
        with self._lock:
            self._busy.discard(child)
            if unharmed and self._idle is None and not self._closed:
                self._idle = child
                return
        child.end()
        self.start()


class _Child:
    """One process and the way to it."""

    def __init__(self, read: Callable[[Path], object]) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        token = secrets.token_hex(3)
        self._their_name = f"sfumr{token}"
        self._crossing = Crossing(ours, f"sfumq{token}")
        self.process = context.Process(
            target=run_reader,
            args=(theirs, self._their_name, read),
            name="sfumato-reader",
            daemon=True,
        )
        try:
            self.process.start()
        except OSError as error:
            raise PictureError(
                f"Files cannot be opened: no process could be started ({error.strerror or error}). "
                "Close other programs and try again."
            ) from error
        theirs.close()
        self._is_ready = False

    def read(self, path: Path, seconds: float) -> Any:
        """The child's `Answer` or `Raised`. Raises PictureError if it does not come."""
        try:
            if not self._is_ready:
                self._wait_until_ready(path)
            self._crossing.send(path)
            if self._crossing.poll(seconds):
                return self._crossing.receive()
        except (EOFError, OSError):
            raise PictureError(
                f"{path.name} stopped the process that was reading it: {exit_reason(self.process)}."
                f" Nothing else is touched. {_REMEDY}"
            ) from None
        raise PictureError(
            f"{path.name} was given up: reading it took more than {seconds:.0f} s. {_REMEDY}"
        )

    def _wait_until_ready(self, path: Path) -> None:
        if not self._crossing.poll(START_SECONDS):
            raise PictureError(
                f"{path.name} cannot be opened: the process that reads files did not start in "
                f"{START_SECONDS:.0f} s. Close other programs and try again."
            )
        self._crossing.receive()
        self._is_ready = True

    def end(self) -> None:
        """Kill the process and remove what it left behind."""
        self.process.kill()
        self.process.join()
        self._crossing.close(self._their_name)
        self.process.close()
