"""The list of what an engine's environment holds: exact versions, each file with its SHA-256."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from core.errors import DataError

LOCKS = Path(__file__).with_name("locks")
KINDS = ("cuda", "rocm")
_LINE = re.compile(r"[A-Za-z0-9][\w.-]*(===|==)[\w.+!*-]+( --hash=sha256:[0-9a-f]{64})*")


@dataclass(frozen=True)
class Lock:
    """Requirements as pip reads them. unhashed: those of which no hash is known."""

    hashed: tuple[str, ...]
    unhashed: tuple[str, ...]

    @property
    def digest(self) -> str:
        """One name for exactly this list."""
        lines = "\n".join([*self.hashed, *self.unhashed])
        return hashlib.sha256(lines.encode()).hexdigest()

    @property
    def names(self) -> tuple[str, ...]:
        """Every requirement without its hashes: ``torch===2.13.0``."""
        return tuple(line.split()[0] for line in (*self.hashed, *self.unhashed))


def shipped(kind: str) -> Path:
    """The list that came with Sfumato; DataError where none did."""
    file = LOCKS / f"{kind}.txt"
    if not file.exists():
        raise DataError(
            f"This Sfumato has no list of packages for {kind}. Give one with --lock FILE; "
            "packaging/lock_engine.py writes it."
        )
    return file


def read(file: Path) -> Lock:
    """The list in `file`. Raises DataError where it is none."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file} cannot be read ({error}). Give another list.") from error
    lines = re.sub(r"[ \t]*\\\n[ \t]*", " ", text).splitlines()
    wanted = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    for line in wanted:
        if not _LINE.fullmatch(line):
            raise DataError(f"{file.name}: “{line[:60]}” is no exact version. Write it anew.")
    if not wanted:
        raise DataError(f"{file.name} names no packages. Write it anew.")
    return Lock(
        tuple(line for line in wanted if "--hash" in line),
        tuple(line for line in wanted if "--hash" not in line),
    )
