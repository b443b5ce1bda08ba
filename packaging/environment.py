"""The virtual environment that dev.py makes: its Python, its packages, its stamp."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from pip_calls import (
    CONSTRAINTS,
    REPO,
    SetupError,
    ask_python,
    check,
    installed_version,
    pip_install,
    succeeds,
)
from system_libraries import apt_install
from torch_build import (
    OLDEST_PIP,
    choose_arguments,
    describe_torch,
    installed_torch,
    nvidia_gpu,
    torch_pin,
)

MADE_BY = "packaging/dev.py"
STAMP_NAME = "sfumato-dev.json"
LOG_NAME = "sfumato-install.log"
OLDEST, TOO_NEW = (3, 11), (3, 14)
OLDEST_SETUPTOOLS = (77, 0)  # as in pyproject.toml's build-system


def python_is_supported(version: tuple[int, int]) -> bool:
    """True for the versions that pyproject.toml admits."""
    return OLDEST <= version < TOO_NEW


def installed_part(pyproject: str) -> str:
    """`pyproject` without the tables of ruff, pyright and pytest, which install nothing."""
    kept, keep = [], True
    for line in pyproject.splitlines():
        if line.startswith("["):
            keep = not line.startswith(("[tool.ruff", "[tool.pyright", "[tool.pytest"))
        if keep:
            kept.append(line)
    return "\n".join(kept)


def stamp_hash(pyproject: bytes, constraints: bytes, repo: str, build: str) -> str:
    """What an installed environment depends on, as one hash.

    `repo` counts because the installation is editable, `build` because a graphics card may be
    added later.
    """
    parts = (pyproject, constraints, repo.encode(), build.encode())
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def is_ready(stamp: dict[str, Any], wanted_hash: str, extras: set[str]) -> bool:
    """True when `stamp` says that this very state, with at least `extras`, is installed."""
    return stamp.get("hash") == wanted_hash and extras <= set(stamp.get("extras", []))


def may_remove(stamp: dict[str, Any]) -> bool:
    """True when `stamp` says that dev.py made the environment (and did not just find it)."""
    return stamp.get("made_by") == MADE_BY


def environment_python(folder: Path) -> Path:
    """The interpreter inside the environment `folder`."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def read_stamp(folder: Path) -> dict[str, Any]:
    """What dev.py wrote about the environment; empty where it wrote nothing readable."""
    try:
        stamp = json.loads((folder / STAMP_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(folder: Path, stamp: dict[str, Any]) -> None:
    """Write `stamp` whole or not at all."""
    scratch = folder / (STAMP_NAME + ".new")
    scratch.write_text(json.dumps(stamp, indent=2) + "\n", encoding="utf-8")
    scratch.replace(folder / STAMP_NAME)


def prepare(folder: Path, extras: set[str]) -> str:
    """Make the environment complete, with `extras` of pyproject.toml; return its interpreter.

    Raises SetupError with the remedy when Python, pip or a download is missing.
    """
    wanted = "cuda" if nvidia_gpu() else "cpu"
    pyproject = installed_part((REPO / "pyproject.toml").read_text(encoding="utf-8"))
    wanted_hash = stamp_hash(pyproject.encode(), CONSTRAINTS.read_bytes(), str(REPO), wanted)
    python, stamp = str(environment_python(folder)), read_stamp(folder)
    if Path(python).exists() and is_ready(stamp, wanted_hash, extras):
        print(f"Environment {folder} is ready. {stamp['torch']}.", flush=True)
        return python
    began = time.monotonic()
    _make_environment(folder)
    stamp = read_stamp(folder)
    extras = extras | set(stamp.get("extras", []))
    if installed_version(python, "pip") < OLDEST_PIP:  # go on with the old one if offline
        succeeds([python, "-m", "pip", "install", "-q", "--upgrade", "pip"])
    print(f"Installing into {folder}; the first time takes minutes.", flush=True)
    _install(folder, python, torch_pin(pyproject), wanted, extras)
    torch = installed_torch(python)
    assert torch is not None, "pip reported success"
    line = describe_torch(*torch, wanted)
    write_stamp(folder, {**stamp, "hash": wanted_hash, "extras": sorted(extras), "torch": line})
    print(f"Installed in {time.monotonic() - began:.0f} s. {line}.", flush=True)
    return python


def _install(folder: Path, python: str, torch_version: str, wanted: str, extras: set[str]) -> None:
    """Install torch's `wanted` build where the plain pin would not, then Sfumato with `extras`."""
    log = folder / LOG_NAME
    arguments = choose_arguments(python, torch_version, wanted)
    if arguments:
        pip_install(python, log, arguments)
    target = f"{REPO}[{','.join(sorted(extras))}]" if extras else str(REPO)
    # once setuptools is there (torch brings it), installing again needs no network
    offline = installed_version(python, "setuptools") >= OLDEST_SETUPTOOLS
    pip_install(python, log, [*(["--no-build-isolation"] if offline else []), "-e", target])


def _find_python() -> str:
    """A Python that may run Sfumato: this one, or another on the PATH."""
    if python_is_supported(sys.version_info[:2]):
        return sys.executable
    for minor in range(TOO_NEW[1] - 1, OLDEST[1] - 1, -1):
        other = shutil.which(f"python3.{minor}")
        if other and ask_python(other, "print('works')"):
            return other
    raise SetupError(
        f"This is Python {sys.version.split()[0]}; Sfumato needs 3.11, 3.12 or 3.13. "
        "Install one of them and run this command again with it."
    )


def _make_environment(folder: Path) -> None:
    """Make the virtual environment where there is none that runs."""
    python = environment_python(folder)
    if python.exists() and succeeds([str(python), "-m", "pip", "--version"]):
        return
    ours = may_remove(read_stamp(folder))
    if folder.exists() and any(folder.iterdir()) and not ours:
        raise SetupError(
            f"{folder} is there but is no working environment. Remove it, or choose another "
            "place with --env or SFUMATO_ENV."
        )
    if ours:
        shutil.rmtree(folder)
    base = _find_python()
    folder.mkdir(parents=True, exist_ok=True)
    write_stamp(folder, {"made_by": MADE_BY})
    if _has_ensurepip(base) or _install_ensurepip(base):
        check([base, "-m", "venv", str(folder)], "The virtual environment could not be made")
        return
    # Debian's Python without python3-venv: let the system's pip put a pip inside
    remedy = "Install the package python3-venv and run this command again"
    check([base, "-m", "venv", "--without-pip", str(folder)], remedy)
    check([base, "-m", "pip", "--python", str(python), "install", "-q", "pip"], remedy)


def _has_ensurepip(python: str) -> bool:
    return succeeds([python, "-c", "import ensurepip, venv"])


def _install_ensurepip(python: str) -> bool:
    """On Debian and its kin, get the package that `python -m venv` misses."""
    if not shutil.which("apt-get"):
        return False
    version = ask_python(python, "import sys; print('%d.%d' % sys.version_info[:2])")
    apt_install([f"python{version}-venv"], "A virtual environment")
    return _has_ensurepip(python)
