"""Make the engine's environment: plan, fetch, install, check; then put it in its place at once.

All is built beside the place, in a folder of the same name with ``.new``. A build that was cut off
goes on from there: what was fetched whole is not fetched again. The environment that is in use
stays until its successor has passed the check.
"""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import DataError
from desktop.gpu import environment
from desktop.gpu.check import check
from desktop.gpu.environment import Environment
from desktop.gpu.lock import Lock

PYTHONS = tuple(f"python3.{minor}" for minor in (11, 12, 13))
GROWTH = 3.0
"""How many times its wheels' size an environment takes, the wheels included, while it is made."""


@dataclass(frozen=True)
class Plan:
    """What will be fetched. fetched: bytes, None where the server does not say."""

    files: tuple[str, ...]
    fetched: int | None


@dataclass(frozen=True)
class Source:
    """Where the wheels come from. wheels: a folder of them, then nothing is fetched at all.

    index: a further index, for builds of torch that the usual one does not have.
    """

    wheels: Path | None = None
    index: str = ""

    def arguments(self) -> list[str]:
        """pip's arguments for it."""
        if self.wheels is not None:
            return ["--no-index", "--find-links", str(self.wheels)]
        return ["--extra-index-url", self.index] if self.index else []


class Installation:
    """One environment in the making, for `place`."""

    def __init__(self, place: Path, lock: Lock, source: Source) -> None:
        self.place = place
        self.lock = lock
        self.source = source
        self.work = place.with_name(place.name + ".new")
        self._python = str(environment.python_of(self.work))
        self._fetched = self.work / "wheels"

    def begin(self) -> None:
        """A bare environment in the working folder, or what an earlier try left of the same."""
        mark = self.work / "lock"
        if mark.exists() and mark.read_text() == self.lock.digest and Path(self._python).exists():
            return
        if self.work.exists():
            shutil.rmtree(self.work)
        self.work.mkdir(parents=True)
        made = _run([find_python(), "-m", "venv", str(self.work)])
        if made.returncode:
            shutil.rmtree(self.work)
            raise DataError(
                f"A Python environment could not be made ({_last_line(made)}). Install the "
                "package python3-venv and run this again."
            )
        mark.write_text(self.lock.digest)

    def plan(self) -> Plan:
        """What is still to be fetched, by pip's own word. Raises DataError with what is missing."""
        if self.source.wheels is not None:
            return Plan(tuple(sorted(file.name for file in self.source.wheels.glob("*.whl"))), 0)
        command = ["install", "--dry-run", "--ignore-installed", "--quiet", "--report", "-"]
        urls: list[str] = []
        for requirements in self._requirements():
            done = _run(self._pip([*command, *requirements]))
            if done.returncode:
                raise DataError(f"{_last_line(done)} Check the network and run this again.")
            urls += [item["download_info"]["url"] for item in json.loads(done.stdout)["install"]]
        missing = [url for url in urls if not (self._fetched / _file_name(url)).exists()]
        return Plan(tuple(map(_file_name, missing)), _sizes(missing))

    def fetch(self) -> None:
        """Every wheel into the working folder; one that is there already is only checked."""
        if self.source.wheels is not None:
            return
        for requirements in self._requirements():
            # from here on the wheels that are there are good enough, and pip checks their hashes
            command = ["download", "--dest", str(self._fetched), *requirements]
            if _run(self._pip(command), shown=True).returncode:
                raise DataError(
                    "Not everything could be fetched; the messages stand above. Run this again: it "
                    "goes on from there."
                )

    def install(self) -> None:
        """Install what was fetched, and nothing else."""
        wheels = self.source.wheels or self._fetched
        for requirements in self._requirements(Source(wheels=wheels)):
            done = _run(self._pip(["install", "--no-cache-dir", "--quiet", *requirements]))
            if done.returncode:
                raise DataError(
                    f"{_last_line(done)} Give the very files that the list {self.lock.digest[:8]} "
                    f"names; nothing was changed in {self.place}."
                )

    def finish(self, kind: str) -> Environment:
        """Check it, write its record, and put it in its place. Raises DataError."""
        found = check(Path(self._python))
        if found.device == "cpu":
            raise DataError(
                f"PyTorch {found.torch} sees no graphics card here. Install the card's driver and "
                f"run this again; what was made so far stays in {self.work}."
            )
        made = Environment(kind, self.lock.digest, found.torch, found.device)
        shutil.rmtree(self._fetched, ignore_errors=True)
        environment.write(self.work, made)
        put_in_place(self.work, self.place)
        return made

    def _requirements(self, source: Source | None = None) -> Iterable[list[str]]:
        """pip's arguments, first for what has hashes; files that say so lie in the work folder."""
        where = (source or self.source).arguments()
        for name, lines in (("hashed", self.lock.hashed), ("unhashed", self.lock.unhashed)):
            if lines:
                file = self.work / f"{name}.txt"
                file.write_text("\n".join(lines) + "\n", encoding="utf-8")
                strict = ["--require-hashes"] if name == "hashed" else []
                yield [*strict, "--no-deps", "--only-binary", ":all:", *where, "-r", str(file)]

    def _pip(self, arguments: Sequence[str]) -> list[str]:
        return [self._python, "-m", "pip", "--disable-pip-version-check", *arguments]


def find_python() -> str:
    """The system's own Python that may run an engine. Raises DataError."""
    alike = f"python3.{sys.version_info.minor}"  # what crosses between the two is pickled
    for name in dict.fromkeys((alike, *PYTHONS)):
        if found := shutil.which(name):
            return found
    raise DataError("No Python 3.11, 3.12 or 3.13 was found. Install python3 and python3-venv.")


def room_for(plan: Plan, place: Path) -> tuple[int, int]:
    """(bytes that it will take while it is made, bytes that are free there)."""
    there = place
    while not there.exists():
        there = there.parent
    return round(GROWTH * (plan.fetched or 0)), shutil.disk_usage(there).free


def put_in_place(made: Path, place: Path) -> None:
    """`made` becomes `place`; what was there goes when the new one is in."""
    old = place.with_name(place.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.replace(old)
    try:
        made.replace(place)
    except OSError:
        if old.exists():
            old.replace(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def remove(place: Path) -> bool:
    """Remove the environment and what was left of tries; True where there was something."""
    found = [place, place.with_name(place.name + ".new"), place.with_name(place.name + ".old")]
    there = [folder for folder in found if folder.exists()]
    for folder in there:
        shutil.rmtree(folder)
    return bool(there)


def _run(command: list[str], shown: bool = False) -> "subprocess.CompletedProcess[str]":
    pipe = None if shown else subprocess.PIPE
    variables = {**environment.variables(), "PIP_NO_INPUT": "1"}
    return subprocess.run(
        command, stdout=pipe, stderr=pipe, text=True, check=False, env=variables, cwd=os.sep
    )


def _last_line(done: "subprocess.CompletedProcess[str]") -> str:
    lines = ((done.stdout or "") + (done.stderr or "")).strip().splitlines()
    line = next((one for one in reversed(lines) if "ERROR" in one), lines[-1] if lines else "")
    return line.removeprefix("ERROR: ").strip().rstrip(".") + "."


def _file_name(url: str) -> str:
    from urllib.parse import unquote, urlsplit

    return unquote(urlsplit(url).path).rpartition("/")[2]


def _sizes(urls: Iterable[str]) -> int | None:
    """What the servers say that the files weigh together; None where one does not say."""
    total = 0
    for url in urls:
        try:
            asked = urllib.request.Request(url, method="HEAD")
            with urllib.request.urlopen(asked, timeout=20) as answer:
                total += int(answer.headers["Content-Length"])
        except (OSError, ValueError, TypeError):
            return None
    return total
