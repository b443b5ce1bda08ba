"""Write desktop/gpu/locks/KIND.txt: what `sfumato-gpu` installs, each file with its SHA-256.

    .venv/bin/python packaging/lock_engine.py cuda
    .venv/bin/python packaging/lock_engine.py rocm --torch 2.13.0+rocm7.1 --index URL

Sfumato's requirements without the window's, in the versions that are installed here, as in
packaging/lock.py, and what the GPU's build of torch needs. pip resolves it and tells the hashes,
for every Python that an engine may run on. Where an index keeps no metadata beside its wheels, pip
fetches them to look inside: some gigabytes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from typing import Any

from lock import closure
from packaging.utils import canonicalize_name
from pip_calls import REPO, SetupError, pip_environment
from torch_build import torch_pin

LOCKS = REPO / "desktop" / "gpu" / "locks"
PYTHONS = ("3.11", "3.12", "3.13")
OF_THE_WINDOW = {
    *("pyside6-essentials", "shiboken6", "superqt", "qtawesome", "qtpy", "qasync"),
    *("sfumato", "torch"),
}
PLATFORMS = tuple(f"manylinux_2_{minor}" for minor in range(28, 4, -1))
OLD_PLATFORMS = ("manylinux2014", "manylinux2010", "manylinux1")
HEADER = """\
# What an engine's environment holds ({kind}), each file with its SHA-256: Linux on x86-64,
# Python {pythons}. Written by packaging/lock_engine.py; do not edit.
"""


def ask_pip(requirements: list[str], python: str, index: str, *, alone: bool) -> list[Any]:
    """What pip would install for `requirements`; alone: without what they need in turn.

    Raises SetupError with pip's last line.
    """
    with tempfile.TemporaryDirectory() as target:
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"]
        command += ["--quiet", "--report", "-", "--only-binary", ":all:", "--target", target]
        command += ["--python-version", python, *(["--no-deps"] if alone else [])]
        for name in (*PLATFORMS, *OLD_PLATFORMS):
            command += ["--platform", f"{name}_x86_64"]
        command += ["--extra-index-url", index] if index else []
        done = subprocess.run(
            [*command, *requirements],
            capture_output=True,
            text=True,
            check=False,
            env=pip_environment(),
        )
    if done.returncode:
        raise SetupError(done.stderr.strip().splitlines()[-1])
    return json.loads(done.stdout)["install"]


def pin(item: dict[str, Any]) -> str:
    """``===`` for torch keeps a build for another device from standing in for this one."""
    name = canonicalize_name(item["metadata"]["name"])
    return f"{name}{'===' if name == 'torch' else '=='}{item['metadata']['version']}"


def is_for_one_python(item: dict[str, Any]) -> bool:
    """True for a wheel that other Pythons have in another build."""
    tag = item["download_info"]["url"].rpartition("/")[2].split("-")[-3]
    return tag.startswith("cp")


def collect(requirements: list[str], index: str) -> dict[str, set[str]]:
    """Hashes by exact version: resolved for the first Python, then the others' wheels of it."""
    hashes: dict[str, set[str]] = defaultdict(set)
    first, *others = PYTHONS
    print(f"Python {first}", flush=True)
    found = ask_pip(requirements, first, index, alone=False)
    special = [pin(item) for item in found if is_for_one_python(item)]
    for python in others:
        print(f"Python {python}: {len(special)} of {len(found)}", flush=True)
        found += ask_pip(special, python, index, alone=True)
    for item in found:
        hashes[pin(item)].add(item["download_info"]["archive_info"]["hashes"]["sha256"])
    return hashes


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("kind", choices=["cuda", "rocm"])
    parser.add_argument("--torch", default=torch_pin((REPO / "pyproject.toml").read_text("utf-8")))
    parser.add_argument("--index", default="", help="an index with this build of torch")
    options = parser.parse_args()
    versions = closure("sfumato", frozenset())
    plain = [f"{name}=={v}" for name, v in sorted(versions.items()) if name not in OF_THE_WINDOW]
    try:
        hashes = collect([*plain, f"torch==={options.torch}"], options.index)
    except SetupError as problem:
        print(problem, file=sys.stderr)
        return 1
    lines = [HEADER.format(kind=options.kind, pythons=", ".join(PYTHONS))]
    for name, known in sorted(hashes.items()):
        lines.append(
            " \\\n    ".join([name, *(f"--hash=sha256:{h}" for h in sorted(known))]) + "\n"
        )
    LOCKS.mkdir(parents=True, exist_ok=True)
    file = LOCKS / f"{options.kind}.txt"
    file.write_text("".join(lines), encoding="utf-8")
    print(f"{file}: {len(hashes)} versions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
