"""Calls of pip, and of other short commands, in an environment that dev.py looks after."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
CONSTRAINTS = REPO / "packaging" / "constraints.txt"


class SetupError(Exception):
    """The environment cannot be made; the message says what to do."""


def pip_environment() -> dict[str, str]:
    """The environment for pip: nothing of the caller's that would install elsewhere."""
    dropped = {"PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def ask_python(python: str, program: str) -> str:
    """What a one-line `program` prints under `python`; empty where it fails."""
    done = subprocess.run(
        [python, "-c", program], capture_output=True, text=True, check=False, env=pip_environment()
    )
    return done.stdout.strip() if done.returncode == 0 else ""


def installed_version(python: str, distribution: str) -> tuple[int, ...]:
    """(major, minor) of an installed distribution; empty where it is not installed."""
    program = f"import importlib.metadata as m; print(m.version('{distribution}'))"
    return tuple(int(part) for part in re.findall(r"\d+", ask_python(python, program))[:2])


def succeeds(command: list[str]) -> bool:
    """True when `command` exits with 0; what it says is dropped."""
    done = subprocess.run(command, capture_output=True, check=False, env=pip_environment())
    return done.returncode == 0


def check(command: list[str], failure: str) -> None:
    """Run `command`; SetupError with what it said and `failure` when it does not exit with 0."""
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=pip_environment()
    )
    if done.returncode:
        raise SetupError(f"{(done.stdout + done.stderr).strip()}\n\n{failure}.")


def pip_install(python: str, log: Path, arguments: list[str]) -> None:
    """``pip install`` under our constraints: pip's own progress on a terminal, else into `log`."""
    command = [python, "-m", "pip", "install", "-c", str(CONSTRAINTS), *arguments]
    with log.open("a", encoding="utf-8") as story:
        story.write(f"\n$ {' '.join(command)}\n")
        story.flush()
        done = subprocess.run(
            command,
            stdout=None if sys.stdout.isatty() else story,
            stderr=None if sys.stdout.isatty() else subprocess.STDOUT,
            cwd=REPO,
            check=False,
            env=pip_environment(),
        )
    if done.returncode:
        tail = "\n".join(log.read_text(encoding="utf-8").splitlines()[-15:])
        raise SetupError(
            f"{tail}\n\nThe packages could not be installed (log: {log}). "
            "Check the network and the disk and run the same command again: it goes on from there."
        )
