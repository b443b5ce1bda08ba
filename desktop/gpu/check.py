"""Whether an engine runs under another Python: started as the window starts it, and asked."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from core.errors import DataError, EngineLostError
from desktop.jobs.engine import UnexpectedError
from desktop.jobs.process_engine import ProcessEngine


@dataclass(frozen=True)
class Found:
    """torch: its version. device: the card's name, or "cpu"."""

    torch: str
    device: str


@dataclass(frozen=True)
class AskForDevice:
    """A question that crosses as an edit's do, with an array that goes by shared memory."""

    sent: np.ndarray

    def answer(self) -> tuple[Found, np.ndarray]:
        from desktop.jobs.warm_up import import_engine

        import_engine()
        import torch

        device = "cuda" if torch.cuda.is_available() else "cpu"
        doubled = (torch.from_numpy(np.array(self.sent)).to(device) * 2).cpu().numpy()
        name = torch.cuda.get_device_name() if device == "cuda" else "cpu"
        return Found(torch.__version__, name), doubled


def check(python: Path) -> Found:
    """Start an engine with `python` and have it compute on its device. Raises DataError."""
    engine = ProcessEngine(python=python)
    sent = np.arange(1 << 16, dtype=np.float32)
    try:
        answer = engine.answer(AskForDevice(sent), lambda: False)
    except (EngineLostError, UnexpectedError, OSError) as error:
        raise DataError(
            f"The engine under {python} does not run: {error} Make it anew with sfumato-gpu."
        ) from error
    finally:
        engine.close()
    found, doubled = cast("tuple[Found, np.ndarray]", answer)
    if not np.array_equal(doubled, sent * 2):
        raise DataError(f"The engine under {python} computes wrongly on {found.device}.")
    return found
