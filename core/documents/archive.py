"""Zip files from strangers: everything is checked against a limit before memory is asked for.

Nothing is ever unpacked to the disk, so a member's name can do no harm; hostile names are refused
all the same, for the sake of the next program.
"""

import struct
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from core.errors import DocumentError

MAX_FILE_BYTES = 16 * 1024**3
MAX_MEMBERS = 4096
MAX_INDEX_BYTES = 4 * 1024**2
_STREAMED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_BYTES = 20
_COPY_AGAIN = "Copy or download it again, or choose another."


class Archive:
    """A zip file to read from. Raises DocumentError on opening and on reading."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        try:
            file = path.open("rb")
        except OSError as error:
            reason = error.strerror or str(error)
            raise DocumentError(
                f"{self.name} cannot be read: {reason}. Check the disk and your rights to the file."
            ) from error
        try:
            self._check_end(file)
            self._zip = zipfile.ZipFile(file)
            self._members = self._checked_members()
        except DocumentError:
            file.close()
            raise
        except Exception as error:
            file.close()
            # Torn and hostile files make zipfile raise nearly anything.
            raise self.damaged(str(error) or type(error).__name__) from error
        self._file = file

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()
        self._file.close()

    @property
    def members(self) -> list[str]:
        """The names of all members, in the file's order; folders left out."""
        return list(self._members)

    @property
    def packed_bytes(self) -> int:
        return sum(member.compress_size for member in self._members.values())

    def __contains__(self, member: str) -> bool:
        return member in self._members

    def size(self, member: str) -> int:
        """The bytes that a member promises to hold."""
        return self._members[member].file_size

    def read(self, member: str, limit: int) -> bytes:
        """A member's bytes, of which it may have at most `limit`."""
        if member not in self._members:
            raise self.damaged(f"{member} is missing")
        if self.size(member) > limit:
            raise DocumentError(
                f"{self.name} is refused: its {member} promises {self.size(member)} bytes, and at "
                f"most {limit} are read. Choose another."
            )
        return self._read(member, self.size(member))

    def start(self, member: str, count: int) -> bytes:
        """The first `count` bytes of a member."""
        if member not in self._members:
            raise self.damaged(f"{member} is missing")
        return self._read(member, count)

    def damaged(self, reason: str) -> DocumentError:
        """The error that says why this file cannot be used."""
        reason = " ".join(reason.split()).rstrip(".")[:200]
        return DocumentError(f"{self.name} is damaged ({reason}). {_COPY_AGAIN}")

    def _read(self, member: str, count: int) -> bytes:
        try:
            with self._zip.open(self._members[member]) as stream:
                return stream.read(count)
        except (OSError, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
            raise self.damaged(f"{member}: {error}") from error
        except (zipfile.BadZipFile, zlib.error, struct.error) as error:
            raise self.damaged(f"{member}: {error}") from error

    def _check_end(self, file: BinaryIO) -> None:
        """Hold the index's size against the limit before zipfile reads all of it."""
        size = file.seek(0, 2)
        if size > MAX_FILE_BYTES:
            raise DocumentError(f"{self.name} is larger than 16 GB. Choose a smaller file.")
        file.seek(0)
        if size == 0:
            raise self.damaged("it is empty")
        if file.read(4) != b"PK\x03\x04":
            raise DocumentError(
                f"{self.name} is no document, whatever its name says. Choose a .sfumato or .ora "
                "file, or open it as a picture."
            )
        start = max(0, size - _END.size - 65535 - _LOCATOR_BYTES - _END_64.size)
        file.seek(start)
        tail = file.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or at + _END.size > len(tail):
            raise self.damaged("it is truncated")
        _, _, _, _, count, index_bytes, _, _ = _END.unpack_from(tail, at)
        wide = at - _LOCATOR_BYTES - _END_64.size
        if wide >= 0 and tail[wide : wide + 4] == b"PK\x06\x06":
            fields = _END_64.unpack_from(tail, wide)
            count, index_bytes = max(count, fields[7]), fields[8]
        self._check_count(count)
        if index_bytes > MAX_INDEX_BYTES:
            raise DocumentError(
                f"{self.name} is refused: its list of members has {index_bytes} bytes. "
                "Choose another."
            )

    def _check_count(self, count: int) -> None:
        if count > MAX_MEMBERS:
            raise DocumentError(
                f"{self.name} is refused: it has {count} members, and at most {MAX_MEMBERS} are "
                "read. Merge layers in the program that made it, or choose another."
            )

    def _checked_members(self) -> dict[str, zipfile.ZipInfo]:
        infos = self._zip.infolist()
        self._check_count(len(infos))
        members: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            name = info.orig_filename
            if not _is_plain(name):
                raise DocumentError(
                    f"{self.name} is refused: its member {name[:80]!r} points outside of it. "
                    "Choose another."
                )
            if name in members:
                raise DocumentError(
                    f"{self.name} is refused: it has two members {name[:80]!r}. Choose another."
                )
            if info.flag_bits & 1:
                raise DocumentError(
                    f"{self.name} is encrypted. Save it without a password, or choose another."
                )
            if info.compress_type not in _STREAMED:
                raise self.damaged(f"{name[:80]} is packed in an unknown way")
            if not name.endswith("/"):
                members[name] = info
        if not members:
            raise self.damaged("it is empty")
        return members


def _is_plain(name: str) -> bool:
    """Whether a member's name stays below the place where its archive is unpacked."""
    if not name or "\0" in name or "\\" in name or ":" in name or len(name) > 1024:
        return False
    return not name.startswith("/") and ".." not in name.split("/")
