"""Codes that go through files: the one that an edit made last, the one that it is offered."""

from collections.abc import Callable
from pathlib import Path

from core.errors import InversionError
from core.inversion.cache import InversionCache
from core.inversion.record import Key, Record, read_record


class LastKept(InversionCache):
    """Remembers the record that was kept last: that of the inversion itself, after its base's."""

    last: Record | None = None

    def keep(self, record: Record) -> None:
        super().keep(record)
        self.last = record


class OfferedCode(InversionCache):
    """A cache with one file's code in it.

    complain: told what is wrong with the file, or of what else it is the code; the picture is then
    inverted anew.
    """

    def __init__(self, file: Path, complain: Callable[[str], None]) -> None:
        super().__init__()
        self._file_name, self._complain = file.name, complain
        self._record: Record | None = None
        try:
            self._record = read_record(file)
            self.keep(self._record)
        except InversionError as error:
            complain(f"{error} The picture is inverted anew.")

    def find(self, key: Key) -> Record | None:
        # The first that an edit asks for is the one that its method uses.
        if self._record is not None:
            refused, self._record = key.differences(self._record.key), None
            if refused:
                self._complain(
                    f"{self._file_name} is refused: it is of {', '.join(refused)}. "
                    "The picture is inverted anew."
                )
        return super().find(key)

    @property
    def unused(self) -> bool:
        """Whether there is a code that no edit has asked for."""
        return self._record is not None
