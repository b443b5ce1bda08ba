"""A process that dies while it saves leaves the old document or the new one, never a torn one."""

import contextlib
import errno
import multiprocessing
import os
import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.documents import openraster
from core.documents.document import StoredDocument, StoredLayer
from core.documents.recovery import About, Journal, find_dead
from core.errors import SaveError
from tests.core.documents.generated import assert_same, noise
from tests.core.documents.saver import numbered, save_until_killed

# Processes that have imported everything already, where the system can fork them.
_METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
_CONTEXT = multiprocessing.get_context(_METHOD)


def kill_one(folder: Path, kind: str, wait: float) -> int:
    """Let a process save until `wait` seconds after its first save; the last save it told of."""
    _CONTEXT.set_forkserver_preload(["tests.core.documents.saver"])
    heard, told = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=save_until_killed, args=(kind, folder, told), daemon=True)
    process.start()
    told.close()
    last = heard.recv()
    time.sleep(wait)
    process.kill()
    process.join()
    with heard, contextlib.suppress(EOFError, OSError):
        while True:
            last = heard.recv()
    return last


def check_kills(folder: Path, kind: str, kills: int) -> None:
    chance = random.Random(kind)
    for _ in range(kills):
        last = kill_one(folder, kind, chance.uniform(0, 0.25))
        if kind == "save":
            found = openraster.read(folder / "document.sfumato")
        else:
            (dead,) = find_dead(folder / "recovery")
            assert dead.about().title == "numbered"
            found = dead.read()
            dead.discard()
        number = found.panel["number"]
        assert number in (last, last + 1)
        expected = numbered(number)
        for at in range(2):
            assert np.array_equal(found.layers[at].pixels, expected.layers[at].pixels)
        assert found.mask is not None
        assert np.array_equal(found.mask, expected.mask)


@pytest.mark.parametrize("kind", ["save", "autosave"])
def test_a_few_kills(tmp_path: Path, kind: str) -> None:
    check_kills(tmp_path, kind, 5)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["save", "autosave"])
def test_a_hundred_kills(tmp_path: Path, kind: str) -> None:
    check_kills(tmp_path, kind, 100)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True, timeout=30)
    except OSError as error:
        pytest.skip(f"no mount here: {error}")
    if mounted.returncode != 0:
        pytest.skip(f"a file system cannot be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True, timeout=30)


def test_a_full_disk_leaves_the_old_document(small_disk: Path) -> None:
    check_full_disk(small_disk)


def test_a_disk_that_fills_up_while_it_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same where nothing can be mounted: the sync is the first to learn of it."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "old.sfumato"
    openraster.write(path, numbered(1))
    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SaveError, match="the disk is full"):
        openraster.write(path, numbered(2))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def check_full_disk(disk: Path) -> None:
    path = disk / "old.sfumato"
    small, large = noisy(100), noisy(900)
    written = openraster.write(path, small)
    before = path.read_bytes()
    with pytest.raises(SaveError, match=r"old\.sfumato could not be saved: the disk is full"):
        openraster.write(path, large, earlier=written)
    assert path.read_bytes() == before
    assert [file.name for file in disk.iterdir()] == [path.name]
    # Autosave, too: the last one that had room stays, and is found again.
    journal = Journal(disk / "recovery")
    journal.save(small, About("small"))
    with pytest.raises(SaveError, match="the disk is full"):
        journal.save(large, About("large"))
    kept = [file for file in (disk / "recovery").rglob("*") if file.is_file()]
    assert sorted(file.suffix for file in kept) == [".lock", ".sfumato"]
    assert_same(
        openraster.read(next(file for file in kept if file.suffix == ".sfumato")).layers,
        small.layers,
    )
    journal.close()
    assert [file.name for file in disk.iterdir()] == [path.name]


def noisy(side: int) -> StoredDocument:
    pixels = noise(np.random.default_rng(side), (side, side, 3), np.dtype(np.uint8))
    return StoredDocument(width=side, height=side, layers=(StoredLayer("noise", pixels),))
