"""The real engine with an accident on its way: what happens, and where, stands in a file."""

import ctypes
import faulthandler
import os
import signal
from collections.abc import Callable, Generator
from pathlib import Path

from core.events import EditEvent, Progress
from core.models.library import ModelLibrary
from core.request import EditRequest
from desktop.jobs.engine import TorchEngine
from desktop.jobs.job import ModelLoaded

DEEDS = ("killed", "segfault", "halted", "out of memory")
PLACES = ("load", "step", "decode")


class DoomedEngine(TorchEngine):
    """deed: a file that a test writes "DEED at PLACE" to; it is removed before the deed is done."""

    def __init__(self, library: ModelLibrary, deed: Path) -> None:
        super().__init__(library)
        self._deed = deed

    def load(self, model: str, stopped: Callable[[], bool]) -> ModelLoaded:
        if self._wanted("load"):
            library = self._library
            assert library is not None
            library.evict()
        return super().load(model, stopped)

    def edit(
        self, request: EditRequest, *, inspect: bool, stopped: Callable[[], bool]
    ) -> Generator[EditEvent]:
        for event in super().edit(request, inspect=inspect, stopped=stopped):
            yield event
            if isinstance(event, Progress) and event.phase == "decode":
                self._wanted("decode")
            elif isinstance(event, Progress) and event.step == 2:
                self._wanted("step")

    def _wanted(self, place: str) -> bool:
        try:
            deed, _, where = self._deed.read_text().partition(" at ")
        except FileNotFoundError:
            return False
        if where != place:
            return False
        self._deed.unlink()
        if deed == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        elif deed == "segfault":
            faulthandler.disable()
            ctypes.string_at(0)
        elif deed == "halted":
            os.kill(os.getpid(), signal.SIGSTOP)
        else:
            _starve()
        return True


def _starve() -> None:
    """Let torch's next copy or convolution ask its allocator for more than there can be."""
    import torch

    convolve, to = torch.conv2d, torch.Tensor.to

    def asking_for_too_much(*_: object, **__: object) -> torch.Tensor:
        torch.conv2d = torch.nn.functional.conv2d = convolve
        torch.Tensor.to = to
        return torch.empty(2**60, dtype=torch.uint8)

    torch.conv2d = torch.nn.functional.conv2d = asking_for_too_much
    torch.Tensor.to = asking_for_too_much
