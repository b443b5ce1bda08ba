import json
from pathlib import Path

import pytest

from core.errors import SaveError
from desktop.settings import file as settings_file
from desktop.settings.file import read, write
from desktop.settings.values import VERSION, EngineValues, Values


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def test_written_and_read(file: Path) -> None:
    values = Values(engine=EngineValues(threads=3, memory="tiles"))
    write(file, values)
    assert read(file) == (values, None)
    assert json.loads(file.read_text())["version"] == VERSION
    assert list(file.parent.iterdir()) == [file]


def test_no_file_is_no_damage(file: Path) -> None:
    assert read(file) == (None, None)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[1, 2]",
        b"\xff\xfe\x00",
        b'{"version": "old"}',
        b"[" * 100_000,
        b" " * 5_000_000,
    ],
)
def test_a_damaged_file_is_set_aside_whole(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    values, damage = read(file)
    assert values is None
    assert damage is not None
    assert damage.entries == ()
    assert damage.place.read_bytes() == content
    assert not file.exists()


def test_two_damaged_files_do_not_meet(file: Path) -> None:
    file.parent.mkdir()
    for content in (b"one", b"two", b"three"):
        file.write_bytes(content)
        read(file)
    kept = {one.read_bytes() for one in file.parent.iterdir()}
    assert kept == {b"one", b"two", b"three"}


def test_an_entry_without_sense_is_named_and_the_rest_counts(file: Path) -> None:
    file.parent.mkdir()
    content = b'{"window": {"theme": 5, "rulers": true}}'
    file.write_bytes(content)
    values, damage = read(file)
    assert values is not None
    assert values.window.rulers
    assert damage is not None
    assert damage.entries == ("window.theme",)
    assert damage.place.read_bytes() == content


def test_a_later_versions_file_keeps_its_version_and_its_keys(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps({"version": 9, "canvas": {"grid": True}, "window": {"dock": 1}}))
    values, damage = read(file)
    assert values is not None
    assert damage is None
    write(file, values)
    content = json.loads(file.read_text())
    assert (content["version"], content["canvas"], content["window"]["dock"]) == (
        *(9, {"grid": True}),
        1,
    )


def test_a_migration_is_used(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def renamed(content: dict[str, object]) -> dict[str, object]:
        return {**content, "engine": {"threads": content["cores"]}}

    monkeypatch.setitem(settings_file.MIGRATIONS, 1, renamed)
    file.parent.mkdir()
    file.write_text(json.dumps({"version": 1, "cores": 6}))
    values, damage = read(file)
    assert values is not None
    assert damage is None
    assert values.engine.threads == 6


def test_what_cannot_be_written_leaves_the_old_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(file, Values())
    before = file.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.imaging.atomic.os.fsync", full)
    with pytest.raises(SaveError, match=r"settings\.json could not be saved: the disk is full"):
        write(file, Values(engine=EngineValues(threads=9)))
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]
