"""What a child does with a file, by the file's name: decode it, or what a bad one makes it do."""

import faulthandler
import os
import signal
import time
from pathlib import Path

import numpy as np

from core.documents.opening import read_any


def read(path: Path) -> object:
    deed = path.stem
    if deed == "segfault":
        faulthandler.disable()
        os.kill(os.getpid(), signal.SIGSEGV)
    elif deed == "eats memory":
        return [np.empty(2**30, np.uint8) for _ in range(64)]
    elif deed == "hangs":
        time.sleep(3600)
    elif deed == "is halted":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif deed == "ends":
        os._exit(7)
    elif deed == "stumbles":
        raise ZeroDivisionError("oops")
    elif deed == "who":
        return os.getpid()
    elif deed == "torch":
        import sys

        return sorted({"torch", "PySide6"} & set(sys.modules))
    return read_any(path)
