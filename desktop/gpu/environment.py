"""Where the engine's own environment lies, and what is known of it. No torch, no Qt.

The packaged program brings PyTorch for the CPU. `sfumato-gpu` makes an environment with PyTorch for
a graphics card in the user's data folder; the engine's process is then started with its Python and
this program's own modules. What was installed and checked stands in a record, written last.
"""

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

RECORD = "engine.json"
FOLDER_VARIABLE = "SFUMATO_ENGINE"


@dataclass(frozen=True)
class Environment:
    """An environment that passed its check.

    kind: "cuda" or "rocm". lock: the digest of the list that it was installed from. torch, device:
    what the check found there.
    """

    kind: str
    lock: str
    torch: str
    device: str


def folder() -> Path:
    """Where the environment lies, whether it is there or not; $SFUMATO_ENGINE puts it elsewhere."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("sfumato", appauthor=False) / "engine"


def python_of(place: Path) -> Path:
    """The interpreter of the environment in `place`."""
    return place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def read(place: Path) -> Environment | None:
    """The record in `place`; None where there is none that can be read, or no interpreter."""
    try:
        found = Environment(**json.loads((place / RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return found if python_of(place).exists() else None


def write(place: Path, environment: Environment) -> None:
    """Write the record, whole or not at all."""
    from core.imaging.atomic import write_atomically

    write_atomically(place / RECORD, json.dumps(asdict(environment), indent=2).encode())


def chosen_python() -> Path | None:
    """The Python that the engine is to be started with, where it is not this program's own."""
    place = folder()
    return python_of(place) if os.name == "posix" and read(place) is not None else None


def own_modules() -> Path:
    """The folder of which another Python imports `core` and `desktop`."""
    bundled = getattr(sys, "_MEIPASS", None)  # in a frozen program the modules are no files
    return Path(bundled) / "engine" if bundled else Path(__file__).resolve().parents[2]


def variables() -> dict[str, str]:
    """The environment variables for a Python that is not this one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("_PYI_")}
    # The frozen program finds its own libraries by this; another Python must not.
    before = kept.pop("LD_LIBRARY_PATH_ORIG", None)
    if getattr(sys, "frozen", False):
        kept.pop("LD_LIBRARY_PATH", None)
    if before:
        kept["LD_LIBRARY_PATH"] = before
    for name in ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP"):
        kept.pop(name, None)
    return {**kept, "PYTHONNOUSERSITE": "1"}
