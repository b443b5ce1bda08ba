import multiprocessing
import os
import threading
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import numpy as np
import pytest

from core.request import EditRequest
from core.settings import SDEditSettings
from desktop.jobs.crossing import LARGE, Crossing


@pytest.fixture
def ends():
    here, there = multiprocessing.get_context("spawn").Pipe()
    return Crossing(here, f"sfuma{os.getpid()}"), Crossing(there, f"sfumb{os.getpid()}")


def left_over() -> list[str]:
    return [p.name for p in Path("/dev/shm").glob(f"sfum?{os.getpid()}-*")]


def across(ends, item):
    """Sent on a thread of its own: what goes in band may fill the pipe."""
    here, there = ends
    sender = threading.Thread(target=here.send, args=(item,))
    sender.start()
    received = there.receive()
    sender.join()
    return received


@pytest.mark.parametrize("side", [3, 300])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_request_arrives_as_it_was(ends, side, dtype) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (side, side, 3)).astype(dtype)
    mask = np.linspace(0, 1, side * side, dtype=np.float32).reshape(side, side)
    request = EditRequest(SDEditSettings(), picture, mask, target_prompt="a pear")
    received = across(ends, request)
    assert received.settings == request.settings
    assert received.target_prompt == "a pear"
    np.testing.assert_array_equal(received.picture, picture)
    np.testing.assert_array_equal(received.mask, mask)
    assert received.picture.dtype == dtype
    assert not received.picture.flags.writeable, "what was read-only stays so"
    assert left_over() == []


def test_what_could_be_written_still_can(ends) -> None:
    received = across(ends, np.zeros(LARGE, np.uint8))
    received[0] = 1
    assert received[0] == 1


def test_a_large_array_leaves_the_pipe_alone(ends) -> None:
    here, there = ends
    item = np.arange(10 * LARGE, dtype=np.uint8)
    here.send(item)  # more than a pipe holds: this would wait for ever in band
    np.testing.assert_array_equal(there.receive(), item)


def test_without_shared_memory_all_goes_by_the_pipe(ends, monkeypatch) -> None:
    def full(fd: int, start: int, size: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    item = np.arange(4 * LARGE, dtype=np.uint8)
    np.testing.assert_array_equal(across(ends, item), item)
    assert left_over() == []


def test_what_a_dead_process_left_is_removed(ends) -> None:
    here, there = ends
    big = np.ones(LARGE, np.uint8)
    here.send(big)
    there.receive()
    here.send(big)  # never received
    SharedMemory(f"sfuma{os.getpid()}-3", create=True, size=10).close()  # never sent
    assert len(left_over()) == 2
    there.close(f"sfuma{os.getpid()}")
    assert left_over() == []
