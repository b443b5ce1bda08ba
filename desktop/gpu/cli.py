"""`sfumato-gpu`: sets up the engine for a graphics card, checks it, removes it."""

import argparse
import sys
from pathlib import Path

from core import offline
from core.errors import SfumatoError
from desktop.gpu import environment, install
from desktop.gpu import lock as locks
from desktop.gpu.check import check
from desktop.gpu.install import Installation, Source

EPILOG = """\
The environment lies in the user's data folder; SFUMATO_ENGINE puts it elsewhere. Every file is held
against its SHA-256. Nothing is fetched before its size was told and you agreed, and nothing at all
with --wheels, where the files of the list lie in a folder:
    sfumato-gpu --list > list.txt        on this machine
    pip download --no-deps --require-hashes -r list.txt -d WHEELS       on one with internet
    sfumato-gpu --wheels WHEELS          here again
"""


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and do it; the exit status."""
    parser = argparse.ArgumentParser(
        prog="sfumato-gpu",
        description=(__doc__ or "").partition(": ")[2],
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--kind", choices=locks.KINDS, default="cuda", help="NVIDIA or AMD")
    parser.add_argument("--wheels", type=Path, metavar="DIR", help="install from this folder only")
    parser.add_argument("--lock", type=Path, metavar="FILE", help="another list of packages")
    parser.add_argument("--index", default="", metavar="URL", help="a further package index")
    parser.add_argument(
        "--allow-unhashed",
        action="store_true",
        help="also take packages of which the list knows the exact version but no hash",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask before fetching")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="try the engine that is set up")
    what.add_argument("--remove", action="store_true", help="remove it")
    what.add_argument("--list", action="store_true", help="print the list of packages")
    options = parser.parse_args(arguments)
    try:
        if options.check:
            return _check()
        if options.remove:
            return _remove()
        file = options.lock or locks.shipped(options.kind)
        if options.list:
            print(file.read_text(encoding="utf-8"), end="")
            return 0
        return _install(options, locks.read(file))
    except SfumatoError as error:
        print(f"sfumato-gpu: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("\nStopped. Run it again: it goes on from there.", file=sys.stderr)
        return 130


def _check() -> int:
    place = environment.folder()
    found = environment.read(place)
    if found is None:
        print(f"No engine for a graphics card is set up in {place}.")
        return 1
    now = check(environment.python_of(place))
    print(f"{place}: PyTorch {now.torch} on {now.device}")
    if now.device == "cpu":
        print("It sees no graphics card now, so edits run on the CPU. Look at the card's driver.")
        return 1
    return 0


def _remove() -> int:
    place = environment.folder()
    print(f"{place} is removed." if install.remove(place) else f"There is nothing in {place}.")
    return 0


def _install(options: argparse.Namespace, lock: locks.Lock) -> int:
    place = environment.folder()
    there = environment.read(place)
    if there is not None and there.lock == lock.digest:
        print(f"{place} has this very engine already: PyTorch {there.torch} on {there.device}.")
        return 0
    if lock.unhashed and not options.allow_unhashed:
        print(
            f"Of {len(lock.unhashed)} packages the list knows no hash: {', '.join(lock.unhashed)}. "
            "Take them as the index gives them with --allow-unhashed, or give a whole list with "
            "--lock FILE.",
            file=sys.stderr,
        )
        return 2
    if options.wheels is None:
        offline.allow_download("The engine for a graphics card")
    elif not options.wheels.is_dir():
        print(f"There is no folder {options.wheels}.", file=sys.stderr)
        return 2
    wheels = options.wheels.absolute() if options.wheels else None
    job = Installation(place, lock, Source(wheels, options.index))
    job.begin()
    plan = job.plan()
    if not _agreed(options, plan, place):
        return 1
    job.fetch()
    print("Installing…", flush=True)
    job.install()
    print("Trying it…", flush=True)
    made = job.finish(options.kind)
    print(f"{place}: PyTorch {made.torch} on {made.device}. Sfumato uses it from its next start.")
    return 0


def _agreed(options: argparse.Namespace, plan: install.Plan, place: Path) -> bool:
    """Say what it will take; True where the user wants it."""
    if options.wheels is not None:
        print(f"{len(plan.files)} wheels in {options.wheels}; nothing is fetched.", flush=True)
        return True
    size = "of unknown size" if plan.fetched is None else _megabytes(plan.fetched)
    print(f"{len(plan.files)} files to fetch, {size}, for {place}.")
    needed, free = install.room_for(plan, place)
    print(f"It takes about {_megabytes(needed)} while it is made; {_megabytes(free)} are free.")
    if needed > free:
        print("That is not enough. Free some space, or choose another place: SFUMATO_ENGINE.")
        return False
    if options.yes or not plan.files:
        return True
    if not sys.stdin.isatty():
        print("Nobody to ask here: say --yes to go on.")
        return False
    return input("Go on? [y/N] ").strip().lower() in ("y", "yes")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


if __name__ == "__main__":
    sys.exit(main())
