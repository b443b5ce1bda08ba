"""The zip file that a document is written into, and what of it the next save can copy."""

import weakref
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from numpy.typing import NDArray

_DATE = (1980, 1, 1, 0, 0, 0)  # the same document makes the same file
_Key = tuple[str, tuple[int, ...]]


@dataclass
class Written:
    """Which arrays a file holds, and where; they are known by identity, as long as they live.

    stamp: what the file was when it was written; one that is another now is not copied from.
    colours: what else decided the bytes (the profile in each picture).
    """

    path: Path
    colours: bytes | None = None
    stamp: tuple[int, ...] = ()
    places: dict[_Key, tuple[list["weakref.ref[NDArray[Any]]"], str]] = field(default_factory=dict)

    def put_stamp(self) -> None:
        """To be called when the file is in its place."""
        self.stamp = _stamp_of(self.path)

    def is_current(self) -> bool:
        try:
            return self.stamp == _stamp_of(self.path)
        except OSError:
            return False

    def find(self, use: str, *arrays: NDArray[Any]) -> str | None:
        """The member that holds these very arrays for this `use`."""
        references, name = self.places.get(_key(use, arrays), ([], ""))
        same = [reference() is array for reference, array in zip(references, arrays, strict=False)]
        return name if same and all(same) else None

    def keep(self, name: str, use: str, *arrays: NDArray[Any]) -> None:
        """Note where arrays lie; of one that can still be written to, nothing is known later."""
        if not any(array.flags.writeable for array in arrays):
            self.places[_key(use, arrays)] = [weakref.ref(array) for array in arrays], name


class Members:
    """Writes members one by one. `file` is open for writing and reading."""

    def __init__(self, file: BinaryIO, written: Written, earlier: Written | None) -> None:
        self.written = written
        self._zip = zipfile.ZipFile(file, "w")
        self._earlier: Written | None = None
        self._earlier_zip: zipfile.ZipFile | None = None
        if earlier is not None and earlier.colours == written.colours and earlier.is_current():
            self._earlier, self._earlier_zip = earlier, zipfile.ZipFile(earlier.path)

    def close(self) -> None:
        """Finish the archive."""
        try:
            self._zip.close()
        finally:
            if self._earlier_zip is not None:
                self._earlier_zip.close()

    @property
    def names(self) -> set[str]:
        return set(self._zip.namelist())

    def add(self, name: str, data: bytes, *, deflate: bool = False) -> None:
        """One member. Pictures are packed already and are stored as they are."""
        about = zipfile.ZipInfo(name, _DATE)
        about.external_attr = 0o644 << 16
        about.compress_type = zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED
        self._zip.writestr(about, data, compresslevel=1)

    def put(self, name: str, pack: Callable[[], bytes], use: str, *arrays: NDArray[Any]) -> str:
        """Write arrays as the member `name`, packed anew only if no file holds them packed."""
        self.add(name, self._packed(use, *arrays) or pack())
        self.written.keep(name, use, *arrays)
        return name

    def find(self, use: str, *arrays: NDArray[Any]) -> str | None:
        """The member of this file that holds `arrays` already."""
        return self.written.find(use, *arrays)

    def _packed(self, use: str, *arrays: NDArray[Any]) -> bytes | None:
        here = self.find(use, *arrays)
        if here is not None:
            return self._zip.read(here)
        if self._earlier is None or self._earlier_zip is None:
            return None
        there = self._earlier.find(use, *arrays)
        try:
            return None if there is None else self._earlier_zip.read(there)
        except (OSError, zipfile.BadZipFile):
            return None  # the arrays themselves are still here


def _key(use: str, arrays: tuple[NDArray[Any], ...]) -> _Key:
    return use, tuple(id(array) for array in arrays)


def _stamp_of(path: Path) -> tuple[int, ...]:
    about = path.stat()
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns
