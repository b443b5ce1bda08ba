from pathlib import Path

import pytest

from core.documents.lock import FileLock
from core.documents.recovery import About, DeadSession, Journal, find_dead
from core.errors import DocumentError, SaveError
from tests.core.documents.generated import assert_same
from tests.core.documents.saver import numbered


def die(journal: Journal) -> None:
    """What the system does for a process that ends: its lock is let go of."""
    assert journal._lock is not None
    journal._lock.release()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "state" / "recovery"


def test_a_session_that_closes_leaves_nothing(root: Path) -> None:
    journal = Journal(root)
    assert not root.exists()
    journal.save(numbered(1), About("one"))
    journal.save(numbered(2), About("two"))
    journal.close()
    assert not root.exists()


def test_a_session_that_died_is_found_with_the_last_it_kept(root: Path) -> None:
    journal = Journal(root)
    journal.save(numbered(1), About("one"))
    journal.save(numbered(2), About("two", Path("/photos/two.jpg")))
    die(journal)
    (dead,) = find_dead(root)
    about = dead.about()
    assert (about.title, about.path) == ("two", Path("/photos/two.jpg"))
    assert about.saved > 0
    assert_same(dead.read(), numbered(2))
    dead.discard()
    assert not root.exists()


def test_a_living_session_is_nobodys_to_restore(root: Path) -> None:
    journal = Journal(root)
    journal.save(numbered(1), About("one"))
    assert find_dead(root) == []
    journal.save(numbered(2), About("two"))
    journal.close()


def test_two_windows_do_not_restore_the_same_session(root: Path) -> None:
    journal = Journal(root)
    journal.save(numbered(1), About("one"))
    die(journal)
    (dead,) = find_dead(root)
    assert find_dead(root) == []
    dead.release()
    (again,) = find_dead(root)
    again.discard()


def test_the_latest_comes_first(root: Path) -> None:
    journals = [Journal(root) for _ in range(3)]
    for at, journal in enumerate(journals):
        journal.save(numbered(at), About(str(at)))
        folder = journal._folder
        assert folder is not None
        import os

        os.utime(folder / "document.sfumato", (at, at))
    for journal in journals:
        die(journal)
    dead = find_dead(root)
    assert [one.about().title for one in dead] == ["2", "1", "0"]
    for one in dead:
        one.discard()


def test_a_session_that_had_nothing_to_lose_is_removed(root: Path) -> None:
    journal = Journal(root)
    journal.save(numbered(1), About("one"))
    journal.clear()
    die(journal)
    assert find_dead(root) == []
    assert not root.exists()


@pytest.mark.parametrize("damage", ["torn", "empty", "other"])
def test_damaged_work_is_set_aside_and_never_deleted(root: Path, damage: str) -> None:
    journal = Journal(root)
    journal.save(numbered(1), About("one"))
    die(journal)
    (dead,) = find_dead(root)
    data = dead.document.read_bytes()
    damaged = {"torn": data[: len(data) // 2], "empty": b"", "other": b"PK\x03\x04"}[damage]
    dead.document.write_bytes(damaged)
    with pytest.raises(DocumentError):
        dead.read()
    place = dead.set_aside()
    assert place.read_bytes() == damaged
    assert place.name.startswith("damaged-")
    assert find_dead(root) == []
    assert list(root.iterdir()) == [place]


def test_a_folder_that_cannot_be_made_is_said_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SaveError, match="unsaved work cannot be kept in"):
        Journal(tmp_path / "file" / "recovery").save(numbered(1), About("one"))


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "a.lock"), FileLock(tmp_path / "a.lock")
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.remove()
    assert not (tmp_path / "a.lock").exists()


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    assert find_dead(tmp_path / "nowhere") == []
    (tmp_path / "stray").mkdir()
    (tmp_path / "stray" / "note.txt").write_text("mine")
    assert find_dead(tmp_path) == []
    assert (tmp_path / "stray" / "note.txt").read_text() == "mine"


def test_what_a_dead_session_kept_is_known_without_its_pictures(root: Path) -> None:
    journal = Journal(root)
    journal.save(numbered(1), About("one"))
    die(journal)
    (dead,) = find_dead(root)
    assert isinstance(dead, DeadSession)
    assert dead.about() == About("one", None, dead.about().saved)
    dead.discard()
