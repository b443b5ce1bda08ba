"""Objects on their way between two processes: by a pipe, their large arrays by shared memory.

An array leaves its object's pickle (protocol 5, PEP 574) and lies beside the others of that object
in one block of shared memory. The receiver takes a copy and removes the block. Blocks are numbered,
so that those which a killed process left behind are found and removed too.
"""

import os
import pickle
import threading
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from typing import Any

LARGE = 64 * 1024
"""Bytes from which on an array goes by shared memory."""

_SWEPT = 16  # numbers that are tried beyond the last block that was heard of


class Crossing:
    """One end. Any thread may send; one thread receives.

    name: begins the names of the blocks that this end makes; at most 12 letters, which leaves room
    for a number on systems that allow 31.
    """

    def __init__(self, connection: "Connection[Any, Any]", name: str) -> None:
        self._connection = connection
        self._name = name
        self._lock = threading.Lock()
        self._made = 0
        self._taken = 0

    def send(self, item: object) -> None:
        """Send `item`. Raises OSError (BrokenPipeError) when the other end is gone."""
        buffers: list[pickle.PickleBuffer] = []

        def keep_in(buffer: pickle.PickleBuffer) -> bool:
            if buffer.raw().nbytes < LARGE:
                return True
            buffers.append(buffer)
            return False

        body = pickle.dumps(item, protocol=5, buffer_callback=keep_in)
        with self._lock:
            name = ""
            if buffers:
                self._made += 1
                name = f"{self._name}-{self._made}"
                if not _fill(name, buffers):
                    name, body, buffers = "", pickle.dumps(item, protocol=5), []
            parts = [(buffer.raw().nbytes, buffer.raw().readonly) for buffer in buffers]
            self._connection.send_bytes(pickle.dumps((body, name, parts)))

    def poll(self, seconds: float) -> bool:
        """Whether something is there to receive, or the other end is gone, within `seconds`."""
        return self._connection.poll(seconds)

    def receive(self) -> Any:
        """The next item; waits for it. Raises EOFError or OSError when the other end is gone."""
        body, name, parts = pickle.loads(self._connection.recv_bytes())
        if not name:
            return pickle.loads(body)
        self._taken = int(name.rpartition("-")[2])
        return pickle.loads(body, buffers=_take(name, parts))

    def close(self, other: str) -> None:
        """Close this end, once the other process is gone, and remove what it left behind.

        other: the name that its end had.
        """
        try:
            while self._connection.poll(0):
                self.receive()
        except (EOFError, OSError, pickle.UnpicklingError):
            pass  # all that came whole is taken; the rest is swept
        self._connection.close()
        for prefix, last in ((other, self._taken), (self._name, self._made - _SWEPT)):
            for number in range(max(0, last) + 1, last + 1 + _SWEPT):
                _remove(f"{prefix}-{number}")


def _fill(name: str, buffers: list[pickle.PickleBuffer]) -> bool:
    """Put the buffers one after another into a new block; False where there is no room for it."""
    size = sum(buffer.raw().nbytes for buffer in buffers)
    try:
        block = SharedMemory(name, create=True, size=size)
    except OSError:
        return False
    try:
        if hasattr(os, "posix_fallocate"):
            # Memory that is only promised kills with SIGBUS whoever writes there.
            os.posix_fallocate(block._fd, 0, size)  # pyright: ignore[reportAttributeAccessIssue]
    except OSError:
        block.close()
        block.unlink()
        return False
    start = 0
    assert block.buf is not None
    for buffer in buffers:
        with buffer.raw() as raw:
            block.buf[start : start + raw.nbytes] = raw
            start += raw.nbytes
    block.close()
    return True


def _take(name: str, parts: list[tuple[int, bool]]) -> list[bytes | bytearray]:
    """Copies of a block's buffers, read-only where they were; the block is gone afterwards."""
    block = SharedMemory(name)
    assert block.buf is not None
    buffers: list[bytes | bytearray] = []
    start = 0
    for size, readonly in parts:
        part = block.buf[start : start + size]
        buffers.append(bytes(part) if readonly else bytearray(part))
        part.release()
        start += size
    block.close()
    block.unlink()
    return buffers


def _remove(name: str) -> None:
    try:
        block = SharedMemory(name)
    except (OSError, ValueError):  # ValueError: made, but not given its size yet
        _remove_empty(name)
        return
    block.close()
    block.unlink()


def _remove_empty(name: str) -> None:
    """A block whose maker was killed before it had a size cannot be opened, only removed."""
    try:
        from _posixshmem import shm_unlink  # pyright: ignore[reportMissingImports]
    except ImportError:  # Windows frees a block with the last process that has it open
        return
    try:
        shm_unlink("/" + name)
    except OSError:
        return
