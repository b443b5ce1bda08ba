"""Whole files or none: write beside the target, flush to the disk, then put it in place."""

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from core.errors import SaveError

_REMEDIES = {
    errno.ENOSPC: "the disk is full. Free some space or choose another folder.",
    errno.EDQUOT: "your disk quota is used up. Free some space or choose another folder.",
    errno.EFBIG: "the file would be larger than allowed here. Choose another folder.",
    errno.EACCES: "you may not write there. Choose another folder.",
    errno.EPERM: "you may not write there. Choose another folder.",
    errno.EROFS: "the disk is read-only. Choose another folder.",
    errno.ENOENT: "its folder does not exist. Make the folder or choose another one.",
    errno.ENOTDIR: "its folder is a file. Choose another folder.",
    errno.EISDIR: "there is a folder of that name. Choose another name.",
    errno.ENAMETOOLONG: "the name is too long. Choose a shorter one.",
}


def write_atomically(path: Path | str, data: bytes | memoryview) -> None:
    """Make `path` hold exactly `data`; see `replacing`. Raises SaveError."""
    with replacing(path) as file:
        file.write(data)


@contextmanager
def replacing(path: Path | str) -> Iterator[BinaryIO]:
    """A new file, open to be written and read, that takes the place of `path` at the end.

    On any failure the old file stays, byte for byte. The temporary file lies in the same folder
    and is removed when anything goes wrong, a KeyboardInterrupt included. A symbolic link is
    followed, so that it goes on pointing at the file; an old file's permissions are kept. Raises
    SaveError for what the system refuses; other errors of the block go through.
    """
    path = Path(path)
    temporary: str | None = None
    try:
        target = path.resolve()
        mode = _mode_of_new_file(target)
        handle, temporary = tempfile.mkstemp(prefix=".sfumato-", suffix=".part", dir=target.parent)
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
        temporary = None
        _sync_folder(target.parent)
    except OSError as error:
        reason = _REMEDIES.get(error.errno or 0, f"{error.strerror or error}. Try another folder.")
        raise SaveError(f"{path.name} could not be saved: {reason}") from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _mode_of_new_file(target: Path) -> int:
    """The permissions that `target` has, or those of any new file; OSError if it is protected."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not target.exists():
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
    os.close(os.open(target, os.O_WRONLY))  # fails as writing to it would, without changing it
    return stat.S_IMODE(target.stat().st_mode)


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system lets a folder be synced."""
    if os.name != "posix":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass  # Some network and FUSE file systems refuse it; the file itself is on the disk.
    finally:
        os.close(handle)
