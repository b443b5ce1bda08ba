"""What is left of a session that died: one document in a folder of its own, beside a lock.

A session makes its lock first and its folder after it, and the system lets go of the lock when
the process ends. So a folder whose lock can be taken belongs to nobody any more.
"""

import contextlib
import json
import os
import secrets
import shutil
import time
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from core.documents import openraster
from core.documents.archive import Archive
from core.documents.document import StoredDocument
from core.documents.lock import FileLock
from core.errors import DocumentError, SaveError

DOCUMENT = "document.sfumato"
_ABOUT = "sfumato/recovery.json"
_LOCK = ".lock"
_DAMAGED = "damaged-"


@dataclass(frozen=True)
class About:
    """Whose document it is.

    path: the file that it was opened from or saved to, if any. saved: seconds since 1970.
    jobs: how many edits had not ended.
    """

    title: str
    path: Path | None = None
    saved: float = 0.0
    jobs: int = 0


class Journal:
    """This session's own folder. Nothing is made before the first save."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock: FileLock | None = None
        self._folder: Path | None = None
        self._written: openraster.Written | None = None

    def save(self, document: StoredDocument, about: About) -> None:
        """Keep `document` in place of what was kept. Raises SaveError."""
        try:
            folder = self._own_folder()
        except OSError as error:
            raise SaveError(
                f"unsaved work cannot be kept in {self._root}: {error.strerror or error}. "
                "Save often, and free some space there."
            ) from error
        said = {
            "title": about.title,
            "path": None if about.path is None else str(about.path),
            "saved": time.time(),
            "jobs": about.jobs,
        }
        members = {**document.members, _ABOUT: json.dumps(said).encode()}
        self._written = openraster.write(
            folder / DOCUMENT,
            replace(document, members=members),
            with_preview=False,
            earlier=self._written,
        )

    def clear(self) -> None:
        """There is nothing to recover any more; the folder stays."""
        if self._folder is not None:
            (self._folder / DOCUMENT).unlink(missing_ok=True)
            self._written = None

    def close(self) -> None:
        """The session ends as it should: nothing is left of it."""
        if self._lock is not None and self._folder is not None:
            _remove(self._folder, self._lock)
        self._lock = self._folder = self._written = None

    def _own_folder(self) -> Path:
        if self._folder is None:
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            name = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{secrets.token_hex(4)}"
            lock = FileLock(self._root / (name + _LOCK))
            lock.acquire()
            folder = self._root / name
            folder.mkdir(mode=0o700)
            self._lock, self._folder = lock, folder
        return self._folder


class DeadSession:
    """A session that did not end as it should; it is ours until it is let go of."""

    def __init__(self, folder: Path, lock: FileLock) -> None:
        self._folder, self._lock = folder, lock

    @property
    def document(self) -> Path:
        return self._folder / DOCUMENT

    def about(self) -> About:
        """Raises DocumentError."""
        with Archive(self.document) as archive:
            text = archive.read(_ABOUT, 65536)
        try:
            said = json.loads(text)
            path = None if said["path"] is None else Path(said["path"])
            return About(str(said["title"]), path, float(said["saved"]), int(said["jobs"]))
        except (ValueError, KeyError, TypeError) as error:
            raise DocumentError(
                f"{self.document.name} does not say whose it is. It is set aside."
            ) from error

    def read(self) -> StoredDocument:
        """What was kept. Raises DocumentError."""
        document = openraster.read(self.document)
        members = {name: data for name, data in document.members.items() if name != _ABOUT}
        return replace(document, members=members)

    def set_aside(self) -> Path:
        """Keep the document under another name, where no start looks for it; returns its place."""
        name = f"{_DAMAGED}{self._folder.name}"
        names = (f"{name}-{at}" if at else name for at in count())
        places = (self._folder.with_name(f"{one}.sfumato") for one in names)
        place = next(one for one in places if not one.exists())
        self.document.replace(place)
        _remove(self._folder, self._lock)
        return place

    def discard(self) -> None:
        """Remove it: it was restored, or is not wanted."""
        _remove(self._folder, self._lock)

    def release(self) -> None:
        """Leave it for the next start."""
        self._lock.release()


def find_dead(root: Path) -> list[DeadSession]:
    """Sessions that died and left a document, the latest first; empty ones are removed."""
    found: list[tuple[float, DeadSession]] = []
    try:
        folders = [folder for folder in root.iterdir() if folder.is_dir()]
    except OSError:
        return []
    for folder in folders:
        lock = FileLock(folder.with_name(folder.name + _LOCK))
        if not (folder / DOCUMENT).is_file() and not lock.path.exists():
            continue  # whatever that is, it is not a session's
        with contextlib.suppress(OSError):
            if not lock.acquire():
                continue
            session = DeadSession(folder, lock)
            if session.document.is_file():
                found.append((session.document.stat().st_mtime, session))
            else:
                session.discard()
    return [session for _, session in sorted(found, key=lambda one: -one[0])]


def _remove(folder: Path, lock: FileLock) -> None:
    """The folder first: while it is there, its lock says whose it is."""
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        lock.remove()
    with contextlib.suppress(OSError):
        folder.parent.rmdir()  # if that was all
