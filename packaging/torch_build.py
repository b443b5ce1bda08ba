"""Which build of PyTorch a machine gets: CUDA where there is an NVIDIA GPU, CPU elsewhere.

On Linux the default build brings several gigabytes of NVIDIA's libraries. So pip is asked first
what it would take, which costs a look at the metadata, and another source is tried only if needed.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from pip_calls import SetupError, ask_python, installed_version, pip_environment

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
OLDEST_PIP = (23, 3)  # the first whose --dry-run reads a wheel's metadata without the wheel
PROBE_SECONDS = 120


def torch_pin(pyproject: str) -> str:
    """The version of torch that pyproject.toml (its text) pins."""
    pin = re.search(r'"torch==([\w.]+)"', pyproject)
    if pin is None:
        raise SetupError("pyproject.toml pins no torch version; restore the line 'torch==...'.")
    return pin.group(1)


def build_in_report(report: dict[str, Any]) -> str:
    """``"cpu"`` or ``"cuda"``: which build of torch pip's --report says it would install.

    A CUDA build depends on NVIDIA's own packages; a CPU build on none of them.
    """
    metadata = report["install"][0]["metadata"]
    local = metadata["version"].partition("+")[2]
    if local:
        return "cpu" if local.startswith("cpu") else "cuda"
    names = (requirement.lower() for requirement in metadata.get("requires_dist", []))
    return "cuda" if any(name.startswith(("nvidia-", "cuda-")) for name in names) else "cpu"


def torch_attempts(version: str, wanted: str) -> list[list[str]]:
    """What to try in turn, as pip arguments, for the `wanted` build; the first that fits is taken.

    The plain pin comes first: it is right on most machines. ``===`` asks for exactly that string,
    so that a local ``+cpu`` wheel does not stand in for the CUDA build.
    """
    plain = [f"torch=={version}"]
    if wanted == "cuda":
        return [plain, [f"torch==={version}"]]
    return [plain, [f"torch=={version}+cpu", "--extra-index-url", CPU_INDEX]]


def arguments_for(
    attempts: list[list[str]], offered: list[str | None], wanted: str, installed: str | None
) -> list[str] | None:
    """The pip arguments that bring the `wanted` build, or None to leave it to the plain pin.

    `offered` holds what each of `attempts` would give (None: nothing, or unknown); `installed` is
    the build that is there already.
    """
    if installed == wanted or wanted not in offered:
        return None
    chosen = offered.index(wanted)
    if chosen == 0 and installed is None:
        return None
    return ["--no-deps", "--force-reinstall", *attempts[chosen]]


def build_in_version_file(text: str) -> str:
    """``"cpu"`` or ``"cuda"``, from the text of an installed torch/version.py."""
    return "cuda" if re.search(r"^cuda\b[^=]*= *['\"]", text, re.MULTILINE) else "cpu"


def describe_torch(version: str, installed: str, wanted: str) -> str:
    """One line that says which build is there and why."""
    names = {"cpu": "CPU build", "cuda": "CUDA build"}
    reasons = {
        ("cpu", "cpu"): "no NVIDIA GPU was found",
        ("cuda", "cuda"): "an NVIDIA GPU was found",
        ("cuda", "cpu"): "no NVIDIA GPU was found, but no CPU build could be had; it works as well",
        ("cpu", "cuda"): "an NVIDIA GPU was found, but no CUDA build could be had; edits are slow",
    }
    return f"PyTorch {version}, {names[installed]}: {reasons[installed, wanted]}"


def nvidia_gpu() -> bool:
    """True where NVIDIA's driver is loaded, or its own tool lists a GPU."""
    if Path("/proc/driver/nvidia/version").exists():
        return True
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return False
    try:
        listed = subprocess.run(
            [tool, "-L"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return listed.returncode == 0 and "GPU" in listed.stdout


def choose_arguments(python: str, version: str, wanted: str) -> list[str] | None:
    """Ask pip what it would take; the arguments that bring the `wanted` build, as above."""
    attempts = torch_attempts(version, wanted)
    there = installed_torch(python)
    installed = there[1] if there and there[0] == version else None
    offered: list[str | None] = []
    while len(offered) < len(attempts) and wanted not in offered and installed != wanted:
        offered.append(_probe(python, attempts[len(offered)]))
    return arguments_for(attempts, offered, wanted, installed)


def installed_torch(python: str) -> tuple[str, str] | None:
    """(version, build) of the torch that `python` would import, without importing it."""
    where = "import importlib.util as u; print(u.find_spec('torch').origin)"
    origin = ask_python(python, where)
    if not origin:
        return None
    text = (Path(origin).parent / "version.py").read_text(encoding="utf-8")
    version = re.search(r"^__version__ *= *['\"]([^'\"+]+)", text, re.MULTILINE)
    return (version.group(1) if version else "?", build_in_version_file(text))


def _probe(python: str, attempt: list[str]) -> str | None:
    """Which build pip would install for `attempt`; None where it finds none, or cannot say cheaply.

    An older pip would fetch the whole wheel to find out: gigabytes, for the CUDA build.
    """
    if installed_version(python, "pip") < OLDEST_PIP:
        return None
    look = ["install", "--dry-run", "--ignore-installed", "--no-deps", "--quiet", "--report", "-"]
    command = [python, "-m", "pip", *look, "--timeout", "10", "--retries", "1", *attempt]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=PROBE_SECONDS,
            check=False,
            env=pip_environment(),
        )
        return build_in_report(json.loads(done.stdout)) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError, KeyError, IndexError):
        return None
