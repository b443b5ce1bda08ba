"""The inversions of the open picture, as files in a folder that the window and the engine share.

The engine writes what it inverts there, by names that tell of what (`core.inversion.cache`), and
looks there before it inverts. So a saved document takes them along, and an opened one brings them
back, and neither side must ask the other. A file that is not what its name says the engine sets
aside.
"""

import contextlib
import re
from collections.abc import Mapping
from pathlib import Path

from core.errors import SaveError
from core.imaging.atomic import write_atomically

MOST_BYTES = 64 << 20
"""As much goes into a document; what was used last goes first."""

_NAME = re.compile(r"[0-9a-f]{32}\.safetensors")


def read_codes(folder: Path, most: int = MOST_BYTES) -> dict[str, bytes]:
    """What lies in the folder, by file name. May run in any thread; what vanishes is left out."""
    files = []
    with contextlib.suppress(OSError):
        files = [(file.stat(), file) for file in folder.iterdir() if _NAME.fullmatch(file.name)]
    found: dict[str, bytes] = {}
    for about, file in sorted(files, key=lambda pair: pair[0].st_mtime_ns, reverse=True):
        if about.st_size <= most:
            with contextlib.suppress(OSError):
                found[file.name] = file.read_bytes()
                most -= about.st_size
    return found


def put_codes(folder: Path, codes: Mapping[str, bytes]) -> None:
    """Make these the folder's only codes. Losing one costs an inversion, so nothing is raised."""
    with contextlib.suppress(OSError):
        for file in folder.iterdir():
            if _NAME.fullmatch(file.name):
                file.unlink(missing_ok=True)
    for name, content in codes.items():
        if _NAME.fullmatch(name):
            with contextlib.suppress(SaveError):
                write_atomically(folder / name, content)
