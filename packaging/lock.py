"""Write packaging/constraints.txt: the exact versions that are installed and tested now.

    .venv/bin/python packaging/lock.py

Follows Sfumato's requirements, with the extras ``test`` and ``dev``, through what is installed in
the environment that runs it. Local parts of versions are dropped (``2.13.0+cpu`` becomes
``2.13.0``), so that one file serves machines with and without a GPU.
"""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FILE = Path(__file__).with_name("constraints.txt")
EXTRAS = ("test", "dev")
HEADER = """\
# Exact versions of everything that Sfumato needs, its tests and its linters included.
# Written by packaging/lock.py from an environment in which the tests passed; do not edit.
"""


def closure(name: str, extras: frozenset[str]) -> dict[str, str]:
    """Name and version of every distribution that `name` with `extras` needs here, transitively."""
    versions: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(canonicalize_name(name), extras)]
    while waiting:
        item = waiting.pop()
        if item in seen:
            continue
        seen.add(item)
        distribution = importlib.metadata.distribution(item[0])
        versions[item[0]] = distribution.version.partition("+")[0]
        for line in distribution.requires or []:
            need = Requirement(line)
            marker = need.marker
            if marker is None or any(marker.evaluate({"extra": e}) for e in (item[1] or {""})):
                waiting.append((canonicalize_name(need.name), frozenset(need.extras)))
    return versions


def main() -> None:
    """Write the file beside this one."""
    versions = closure("sfumato", frozenset(EXTRAS))
    del versions["sfumato"]
    lines = [f"{name}=={version}\n" for name, version in sorted(versions.items())]
    FILE.write_text(HEADER + "".join(lines), encoding="utf-8")
    print(f"{FILE}: {len(lines)} versions")


if __name__ == "__main__":
    main()
