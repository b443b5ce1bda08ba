"""Freeze the program and make a Debian package of it, in the environment of `dev.py package`.

    python packaging/package.py [--out DIR] [--frozen DIR] [--freeze-only]

Leaves in DIR (dist/): sfumato/, the program in one folder, and sfumato_VERSION_ARCH.deb.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

import debian_package
from pip_calls import REPO, SetupError

SPEC = REPO / "packaging" / "freeze" / "sfumato.spec"
WORK = REPO / "build" / "package"
# Not numpy's and OpenCV's, which strip would break: their parts were moved to other places.
HEAVY = ("libpython3.*", "torch/lib/libtorch_cpu.so", "torch/lib/libtorch_python.so")
LICENCE_FILE = re.compile(r"(LICEN[CS]E|NOTICE|COPYING|AUTHORS)", re.IGNORECASE)
# What is in the environment for building and testing only, and is not in the package.
NOT_SHIPPED = re.compile(
    r"^(pytest|pyinstaller|cyclonedx|ruff|pyright|nodejs|hypothesis|pip|setuptools|psd-tools)",
    re.IGNORECASE,
)


def freeze(out: Path) -> Path:
    """Run PyInstaller; the folder of the program."""
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(out), "--workpath", str(WORK / "freeze"), str(SPEC)]
    if subprocess.run(command, cwd=REPO, check=False).returncode:
        raise SetupError("PyInstaller could not freeze the program; its message stands above.")
    strip(out / "sfumato" / "lib")
    return out / "sfumato"


def strip(libraries: Path) -> None:
    """Take the names that only a debugger reads out of the largest libraries (Linux)."""
    if sys.platform == "linux" and shutil.which("strip"):
        found = [str(path) for pattern in HEAVY for path in libraries.glob(pattern)]
        subprocess.run(["strip", "--strip-unneeded", *found], check=True)


def write_papers(folder: Path) -> None:
    """Licence texts of all that comes along, and the list of components (CycloneDX)."""
    if folder.exists():
        shutil.rmtree(folder)
    licences = folder / "licences"
    licences.mkdir(parents=True)
    for name in ("LICENSE", "NOTICE"):
        shutil.copyfile(REPO / name, licences / f"sfumato-{name}")
    for distribution in _shipped():
        for number, path in enumerate(_licence_files(distribution)):
            name = distribution.metadata["Name"].lower()
            shutil.copyfile(path, licences / f"{name}-{number}-{path.name}")
    target = folder / "components.cdx.json"
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible"]
    command += ["--pyproject", str(REPO / "pyproject.toml"), "-o", str(target), sys.prefix]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupError(f"The list of components could not be made: {done.stderr.strip()}")


def _shipped() -> Iterator[Distribution]:
    for distribution in distributions():
        if not NOT_SHIPPED.match(distribution.metadata["Name"]):
            yield distribution


def _licence_files(distribution: Distribution) -> list[Path]:
    """The licence texts that lie in a distribution's own metadata folder."""
    found = []
    for file in distribution.files or ():
        path = Path(str(file.locate()))
        if ".dist-info" in str(file) and LICENCE_FILE.search(path.name) and path.is_file():
            found.append(path)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=REPO / "dist")
    parser.add_argument("--frozen", type=Path, help="a frozen program that is there already")
    parser.add_argument("--freeze-only", action="store_true", help="make no package of it")
    options = parser.parse_args()
    began = time.monotonic()
    sys.path.insert(0, str(REPO))
    import core

    try:
        frozen = options.frozen or freeze(options.out)
        if options.freeze_only:
            print(f"{frozen}: frozen in {time.monotonic() - began:.0f} s")
            return 0
        papers = WORK / "papers"
        write_papers(papers)
        package = debian_package.build(frozen, papers, WORK, core.__version__, options.out)
    except SetupError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    size = package.stat().st_size / 1e6
    print(f"{package}: {size:.0f} MB, made in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
