"""Imports torch and diffusers, in the process or on the thread that the engine has for itself."""

import importlib
import os
import threading
from collections.abc import Callable

from core.offline import FLAGS

_MODULES = (
    "torch",
    "transformers",
    "transformers.models.clip.modeling_clip",
    "transformers.models.clip.tokenization_clip",
    "diffusers",
    "diffusers.models.unets.unet_2d_condition",
    "diffusers.models.autoencoders.autoencoder_kl",
    "core.models.library",
    "core.run",
)


def engine_threads(wanted: int = 0) -> int:
    """CPU threads for the engine: all cores but one, which the window keeps; at least one.

    wanted: so many instead, if it is not 0.
    """
    if wanted:
        return wanted
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on Windows and macOS
        cores = os.cpu_count() or 1
    return max(1, cores - 1)


def import_engine(stopped: Callable[[], bool] = lambda: False, threads: int = 0) -> bool:
    """Import everything that an edit needs, in pieces. False when `stopped` said to leave off."""
    os.environ.update(FLAGS)  # before the libraries that read them are imported
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("OMP_NUM_THREADS", str(engine_threads(threads)))
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    _quiet_progress_bars()
    for module in _MODULES:
        if stopped():
            return False
        importlib.import_module(module)
    import torch

    torch.set_num_threads(engine_threads(threads))
    return True


def _quiet_progress_bars() -> None:
    """No bars on a terminal that nobody looks at, and no semaphore of theirs that outlives us."""
    os.environ.setdefault("TQDM_DISABLE", "1")
    from tqdm import tqdm

    tqdm.set_lock(threading.RLock())
