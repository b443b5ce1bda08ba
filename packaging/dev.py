"""Set Sfumato up and run it, from a bare checkout, with the standard library alone.

    python3 packaging/dev.py run [PICTURE]      open the editor (without a screen: edit a sample)
    python3 packaging/dev.py test [PYTEST ...]  run the tests
    python3 packaging/dev.py check [PYTEST ...] lint, format, types and tests
    python3 packaging/dev.py package            freeze the program and make a Debian package
    python3 packaging/dev.py freeze             freeze it only, on any system
    python3 packaging/dev.py clean              remove what this program made

The environment is made in .venv beside this folder; ``--env DIR`` before the command, or the
variable SFUMATO_ENV, puts it elsewhere. A second run finds it ready and starts at once.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from environment import may_remove, prepare, read_stamp
from pip_calls import REPO, SetupError
from system_libraries import ensure_libraries

SAMPLES = REPO / "resources" / "samples"
FIRST_EDIT = REPO / "out" / "first-edit.png"
BESIDE_EACH_OTHER = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile")
"""pytest's processes, each with whole files; four need about 6 GB of memory."""
TESTED_IN = {
    "QT_QPA_PLATFORM": "offscreen",
    "OMP_NUM_THREADS": "1",  # more threads than cores would be many times slower
}
CACHES = (".pytest_cache", ".ruff_cache", ".hypothesis", ".benchmarks", "sfumato.egg-info")
# One OpenMP pool that spins starves the other on a few cores; nothing is fetched behind our back.
QUIET = {"OMP_WAIT_POLICY": "PASSIVE", "HF_HUB_OFFLINE": "1"}


def environment_folder(option: str | None, variables: Mapping[str, str]) -> Path:
    """Where the environment lies: ``--env``, else SFUMATO_ENV, else .venv in the checkout."""
    chosen = option or variables.get("SFUMATO_ENV")
    return Path(chosen).expanduser().absolute() if chosen else REPO / ".venv"


def has_screen(platform: str, variables: Mapping[str, str]) -> bool:
    """True where a window would be seen.

    `platform` is sys.platform. Qt's own choice of platform counts: ``offscreen`` and ``minimal``
    draw into memory, any other (``vnc``, ``linuxfb``) onto something.
    """
    chosen = variables.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if chosen:
        return chosen not in ("offscreen", "minimal")
    if not platform.startswith("linux"):
        return True
    return bool(variables.get("DISPLAY") or variables.get("WAYLAND_DISPLAY"))


def edit_arguments(sample: Mapping[str, Any], samples: Path, out: Path) -> list[str]:
    """The arguments of ``sfumato`` that do the edit which samples.json describes for `sample`."""
    edit = sample["edit"]
    arguments = ["edit", str(samples / sample["file"]), "--job", edit["job"]]
    for name in ("source", "target", "prompt"):
        if edit.get(name):
            arguments += [f"--{name}", edit[name]]
    if edit.get("mask"):
        arguments += ["--mask", str(samples / edit["mask"])]
    return [*arguments, "--out", str(out)]


def find_sample(
    samples: list[dict[str, Any]], picture: str | None, folder: Path
) -> dict[str, Any] | None:
    """The sample with an edit that `picture` means: its path, or its bare name; None: the first.

    A picture of the user's own is no sample, whatever its name.
    """
    edited = [sample for sample in samples if sample.get("edit")]
    if picture is None:
        return edited[0] if edited else None
    given = Path(picture)
    for sample in edited:
        if given.absolute() == (folder / sample["file"]).absolute():
            return sample
        if picture == sample["file"] and not given.exists():
            return sample
    return None


def read_samples(samples: Path) -> list[dict[str, Any]]:
    """The descriptions in samples.json; SetupError when they are not there."""
    try:
        return json.loads((samples / "samples.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise SetupError(
            f"{samples / 'samples.json'} cannot be read ({problem}). "
            "Check the repository out again."
        ) from problem


def removable(repo: Path, environment: Path, made_here: bool) -> list[Path]:
    """What ``clean`` removes: caches, bytecode, the first edit, and the environment if we made it.

    Nothing inside an environment that stays is touched, nor anything of the user's in out/.
    """
    found = [repo / name for name in CACHES]
    found.append(repo / "out" / FIRST_EDIT.name)
    for folder in ("core", "desktop", "resources", "tests", "packaging"):
        found += sorted((repo / folder).rglob("__pycache__"))
    if made_here:
        found.append(environment)
    return [path for path in found if path.exists()]


def run(environment: Path, rest: list[str]) -> int:
    """Open the editor with a picture; without a screen, edit a sample from the command line."""
    if len(rest) > 1:
        raise SetupError(f"run takes one picture, not {len(rest)}.")
    picture = rest[0] if rest else None
    sample = find_sample(read_samples(SAMPLES), picture, SAMPLES)
    shown = SAMPLES / sample["file"] if sample else Path(picture or "").absolute()
    if picture and not shown.is_file():
        raise SetupError(f"There is no picture {picture}.")
    ensure_libraries()
    python = prepare(environment, set())
    if has_screen(sys.platform, os.environ):
        return call([python, "-m", "desktop", *([str(shown)] if shown.is_file() else [])])
    print("There is no screen here, so no window can open.", flush=True)
    if sample is None:
        print(
            "Say what should change, and edit it from the command line:\n"
            f"    {python} -m core.cli edit {shown} --job swap --source 'what it shows' "
            "--target 'what it should become' --out RESULT.png"
        )
        return 2
    FIRST_EDIT.parent.mkdir(exist_ok=True)
    arguments = edit_arguments(sample, SAMPLES, FIRST_EDIT)
    print("The same edit from the command line:", flush=True)
    status = call([python, "-m", "core.cli", *arguments])
    if status == 0:
        print(f"The edited picture is {FIRST_EDIT}")
    return status


def test(environment: Path, rest: list[str]) -> int:
    """Run the tests without a screen."""
    ensure_libraries()
    python = prepare(environment, {"test"})
    return call([python, "-m", "pytest", *BESIDE_EACH_OTHER, *rest], TESTED_IN)


def check(environment: Path, rest: list[str]) -> int:
    """Lint, format, types and tests: all of them, whichever fails first."""
    ensure_libraries()
    python = prepare(environment, {"test", "dev"})
    steps = (
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["pyright", "--pythonpath", python],
        ["pytest", *BESIDE_EACH_OTHER, *rest],
    )
    failed = []
    for step in steps:
        print(f"== {' '.join(step[:2])}", flush=True)
        if call([python, "-m", *step], TESTED_IN):
            failed.append(step[0])
    if failed:
        print(f"Failed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def package(environment: Path, rest: list[str]) -> int:
    """Freeze the program into dist/ and make a Debian package there."""
    ensure_libraries()
    python = prepare(environment, {"package"})
    return call([python, str(REPO / "packaging" / "package.py"), *rest])


def freeze(environment: Path, rest: list[str]) -> int:
    """Freeze the program into dist/sfumato, for an installer of this system."""
    return package(environment, ["--freeze-only", *rest])


def clean(environment: Path, rest: list[str]) -> int:
    """Remove what this program made, and nothing else."""
    if rest:
        raise SetupError("clean takes no arguments.")
    made_here = may_remove(read_stamp(environment))
    if environment.exists() and not made_here:
        print(f"{environment} was not made by this program: it stays.")
    for path in removable(REPO, environment, made_here):
        print(f"removing {path}")
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    if FIRST_EDIT.parent.is_dir() and not any(FIRST_EDIT.parent.iterdir()):
        FIRST_EDIT.parent.rmdir()
    return 0


def call(command: list[str], variables: Mapping[str, str] | None = None) -> int:
    """Run `command` in the checkout and return its exit status."""
    environment = {**os.environ, **QUIET, **(variables or {})}
    environment.pop("PYTHONPATH", None)
    return subprocess.run(command, cwd=REPO, env=environment, check=False).returncode


COMMANDS = {
    "run": run,
    "test": test,
    "check": check,
    "package": package,
    "freeze": freeze,
    "clean": clean,
}


def main(arguments: list[str]) -> int:
    """Parse the command line and do what it says; the exit status."""
    parser = argparse.ArgumentParser(
        prog="dev.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--env", metavar="DIR", help="where the environment lies or is made")
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="a picture, or pytest's arguments")
    options = parser.parse_args(arguments)
    try:
        environment = environment_folder(options.env, os.environ)
        return COMMANDS[options.command](environment, options.rest)
    except SetupError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
