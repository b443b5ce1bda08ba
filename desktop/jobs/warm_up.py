"""Imports torch and diffusers on the worker's thread without stopping the window.

A plain ``import torch`` holds Python's lock for up to a fifth of a second at a time, and the
window stands still that long. Four things do so, and each is kept away here:

1. loading the shared libraries: their files are read once beforehand, so that no page of them
   must be fetched from the disk later, and torch's are loaded through the C library's own
   ``dlopen``; both run with the lock released;
2. the garbage collector, which walks all of the many new objects again and again: off while
   importing, and what was imported is then set aside for good (`gc.freeze`);
3. PySide, which wraps ``import`` and reads the source of every imported module, in search of a
   feature of its own that we do not use: Python's plain ``import`` meanwhile;
4. long turns between threads: a thread gives the lock up after one millisecond instead of five.

Measured on two cores with a 16 ms timer: the longest wait falls from 206 ms to 22 ms, and with
nothing of it in the disk's cache from 184 ms to between 25 and 39 ms.
"""

import builtins
import ctypes
import gc
import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SWITCH_SECONDS = 0.001

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

_COMPILED = (
    *("torch", "tokenizers", "safetensors", "regex", "yaml"),
    *("cv2", "numpy.random", "numpy.fft", "charset_normalizer"),
)
_TORCH_LIBRARIES = ("libc10", "libgomp*", "libtorch_global_deps", "libtorch_cpu", "libtorch_python")


def engine_threads() -> int:
    """CPU threads for the engine: all cores but one, which the window keeps; at least one."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on Windows and macOS
        cores = os.cpu_count() or 1
    return max(1, cores - 1)


def import_engine(stopped: Callable[[], bool] = lambda: False) -> bool:
    """Import everything that an edit needs, in pieces. False when `stopped` said to leave off."""
    if "torch" not in sys.modules:
        _prepare_environment()
        _load_libraries()
    sys.setswitchinterval(SWITCH_SECONDS)
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        with _plain_import():
            for module in _MODULES:
                if stopped():
                    return False
                importlib.import_module(module)
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
    import torch

    torch.set_num_threads(engine_threads())
    return True


@contextmanager
def _plain_import() -> Iterator[None]:
    """Python's own ``import``, which PySide puts by under another name when it wraps it."""
    wrapped = builtins.__import__
    builtins.__import__ = getattr(builtins, "__orig_import__", wrapped)
    try:
        yield
    finally:
        builtins.__import__ = wrapped


def _prepare_environment() -> None:
    """What must be set before torch is imported: sleeping threads, and no look at the network."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("OMP_NUM_THREADS", str(engine_threads()))
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")


def _load_libraries() -> None:
    """Load torch's shared libraries with Python's lock released. Harmless where it cannot."""
    for library in (*_pythons_own(), *(one for name in _COMPILED for one in _libraries(name))):
        _read(library)
    if sys.platform == "win32":
        return
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.restype = ctypes.c_void_p
    dlopen.argtypes = [ctypes.c_char_p, ctypes.c_int]
    for name, mode in (
        ("libtorch_global_deps.", os.RTLD_NOW | os.RTLD_GLOBAL),
        ("libtorch_python.", os.RTLD_NOW | os.RTLD_LOCAL),
    ):
        for library in _libraries("torch"):
            if library.name.startswith(name):
                dlopen(os.fsencode(library), mode)


def _pythons_own() -> list[Path]:
    """The compiled modules of Python's own library, where they are files."""
    spec = importlib.util.find_spec("unicodedata")
    if spec is None or spec.origin is None:
        return []
    return [*Path(spec.origin).parent.glob("*.so"), *Path(spec.origin).parent.glob("*.pyd")]


def _libraries(package: str) -> list[Path]:
    """The shared libraries of an installed package, the few that its import needs."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return []  # the import that follows says what is missing
    folder = Path(spec.submodule_search_locations[0])
    found = [*folder.glob("*.so"), *folder.glob("*.pyd")]
    for name in _TORCH_LIBRARIES if package == "torch" else ():
        found += (folder / "lib").glob(f"{name}.*")
    if package == "cv2":  # its wheel keeps what it needs beside itself
        found += folder.parent.glob("opencv_python*.libs/*")
    return found


def _read(file: Path) -> None:
    """Read a file for its own sake: the system then keeps it in memory."""
    piece = bytearray(4 * 1024**2)
    try:
        with file.open("rb", buffering=0) as stream:
            while stream.readinto(piece):
                pass
    except OSError:
        return  # the import that follows says what is wrong with it
