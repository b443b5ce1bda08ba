"""Inversions that outlive the edit they were made for: in memory, and in a folder if there is one.

Bounded in bytes, the least recently used goes first. What the first stage makes of a picture is
kept beside them, in memory only.
"""

import contextlib
import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import asdict
from pathlib import Path

import torch

from core.errors import InversionError, SaveError
from core.inversion.record import Key, Record, read_record, write_record

_log = logging.getLogger(__name__)
SUFFIX, SET_ASIDE = ".safetensors", ".damaged"
MEBIBYTE = 1 << 20


class InversionCache:
    """What was found out about pictures, by what decided it.

    max_bytes: in memory. folder: where codes also lie as files, at most max_folder_bytes; a file
    that is damaged, or is not the code that its name promises, is set aside (renamed) and is then
    like one that is absent. Losing a file costs an inversion, so failures to write are only noted.
    """

    def __init__(
        self,
        max_bytes: int = 256 * MEBIBYTE,
        folder: Path | None = None,
        max_folder_bytes: int = 2048 * MEBIBYTE,
    ) -> None:
        self.max_bytes, self.folder, self.max_folder_bytes = max_bytes, folder, max_folder_bytes
        self._entries: OrderedDict[Hashable, tuple[Record | torch.Tensor, int]] = OrderedDict()
        self._size = 0

    @property
    def size(self) -> int:
        """Bytes in memory, at most `max_bytes`."""
        return self._size

    def find(self, key: Key) -> Record | None:
        """The record of this key, or None."""
        found = self._find(key) or self._read(key)
        assert found is None or isinstance(found, Record)
        return found

    def keep(self, record: Record) -> None:
        """Keep a record in place of the one of the same key."""
        self._keep(record.key, record, record.size)
        if self.folder is not None:
            self._write(record)

    def tensor(self, key: tuple[str, ...], make: Callable[[], torch.Tensor]) -> torch.Tensor:
        """The tensor of this key, made unless it is there; in memory only."""
        found = self._find(key)
        if found is None:
            found = make()
            self._keep(key, found, found.nbytes)
        assert isinstance(found, torch.Tensor)
        return found

    def _find(self, key: Hashable) -> Record | torch.Tensor | None:
        if key not in self._entries:
            return None
        self._entries.move_to_end(key)
        return self._entries[key][0]

    def _keep(self, key: Hashable, value: Record | torch.Tensor, size: int) -> None:
        if key in self._entries:
            self._size -= self._entries.pop(key)[1]
        if size > self.max_bytes:
            return
        self._entries[key] = value, size
        self._size += size
        while self._size > self.max_bytes:
            self._size -= self._entries.popitem(last=False)[1][1]

    def _read(self, key: Key) -> Record | None:
        if self.folder is None or not (file := self._file(key)).is_file():
            return None
        try:
            record = read_record(file)
            if record.key != key:
                raise InversionError(f"{file.name} is the code of something else.")
        except InversionError as error:
            _log.warning("%s It is set aside.", error)
            with contextlib.suppress(OSError):
                file.replace(file.with_suffix(SET_ASIDE))
            return None
        with contextlib.suppress(OSError):
            file.touch()
        self._keep(key, record, record.size)
        return record

    def _write(self, record: Record) -> None:
        assert self.folder is not None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_record(self._file(record.key), record)
            self._make_room()
        except (OSError, SaveError) as error:
            _log.warning("an inversion is not kept on the disk: %s", error)

    def _make_room(self) -> None:
        """Remove the files that were not used for longest, those set aside first."""
        assert self.folder is not None
        files = [
            (file.suffix != SET_ASIDE, file.stat().st_mtime_ns, file.stat().st_size, file)
            for file in self.folder.iterdir()
            if file.suffix in (SUFFIX, SET_ASIDE)
        ]
        total = sum(size for _, _, size, _ in files)
        for _, _, size, file in sorted(files):
            if total <= self.max_folder_bytes:
                return
            file.unlink(missing_ok=True)
            total -= size

    def _file(self, key: Key) -> Path:
        assert self.folder is not None
        digest = hashlib.sha256(json.dumps(asdict(key), sort_keys=True).encode()).hexdigest()
        return self.folder / f"{digest[:32]}{SUFFIX}"
