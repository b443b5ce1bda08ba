"""The environment in the making, from wheels in a folder: no network, no torch."""

import json
import subprocess
from pathlib import Path

import pytest

from core.errors import DataError
from desktop.gpu import cli, environment, install
from desktop.gpu.check import Found
from desktop.gpu.lock import Lock
from tests.desktop.gpu.wheels import make_list, make_wheel


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the environment goes; its check only imports the one tiny module."""
    place = tmp_path / "data" / "engine"
    monkeypatch.setenv(environment.FOLDER_VARIABLE, str(place))
    monkeypatch.setattr(install, "check", import_tiny)
    return place


def import_tiny(python: Path) -> Found:
    done = subprocess.run(
        [str(python), "-c", "import tiny; print(tiny.__version__, tiny.device)"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DataError("tiny does not run")
    version, device = done.stdout.split()
    return Found(version, device)


def files_below(folder: Path) -> set[str]:
    return (
        {str(path.relative_to(folder)) for path in folder.iterdir()} if folder.exists() else set()
    )


def test_from_a_folder_of_wheels(place: Path, tmp_path: Path, capsys) -> None:
    wheels = tmp_path / "wheels"
    wheel = make_wheel(wheels, "tiny", "1.0", "device = 'card'\n")
    given = ["--wheels", str(wheels), "--lock", str(make_list(tmp_path / "list", [wheel]))]
    assert environment.chosen_python() is None

    # other bytes under the same name: refused, and nothing is in place
    content = wheel.read_bytes()
    make_wheel(wheels, "tiny", "1.0", "device = 'other'\n")
    assert cli.main(given) != 0
    assert "HASH" in capsys.readouterr().err.upper()
    assert files_below(place.parent) == {"engine.new"}

    # the right ones: it goes on in the folder that is there
    began = environment.python_of(place.with_name("engine.new")).lstat().st_mtime_ns
    wheel.write_bytes(content)
    assert cli.main(given) == 0
    assert files_below(place.parent) == {"engine"}
    assert environment.python_of(place).lstat().st_mtime_ns == began
    record = environment.read(place)
    assert record is not None
    assert (record.torch, record.device) == ("1.0", "card")
    assert environment.chosen_python() == environment.python_of(place)

    # once more: nothing to do
    assert cli.main(given) == 0
    assert "already" in capsys.readouterr().out

    assert cli.main(["--remove"]) == 0
    assert files_below(place.parent) == set()
    assert environment.chosen_python() is None


def test_an_engine_that_sees_no_card_takes_nobodys_place(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = environment.python_of(place)
    python.parent.mkdir(parents=True)
    python.touch()
    in_use = environment.Environment("cuda", "x", "1.0", "card")
    environment.write(place, in_use)
    monkeypatch.setattr(install, "check", lambda _: Found("2.0", "cpu"))
    job = install.Installation(place, Lock(("tiny==2.0",), ()), install.Source(tmp_path))
    job.work.mkdir()
    with pytest.raises(DataError, match="no graphics card"):
        job.finish("cuda")
    assert environment.read(place) == in_use
    assert job.work.exists()


def test_a_list_with_gaps_asks_for_a_word(place: Path, tmp_path: Path, capsys) -> None:
    wheel = make_wheel(tmp_path / "wheels", "tiny", "1.0")
    lock = make_list(tmp_path / "list", [wheel], ("other==2.0",))
    assert cli.main(["--wheels", str(wheel.parent), "--lock", str(lock)]) == 2
    assert "other==2.0" in capsys.readouterr().err
    assert files_below(place.parent) == set()


def test_offline_forbids_to_fetch(place: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("SFUMATO_OFFLINE", "1")
    assert cli.main(["--yes"]) == 13
    assert "SFUMATO_OFFLINE" in capsys.readouterr().err
    assert files_below(place.parent) == set()


def test_a_folder_that_is_not_there(place: Path, tmp_path: Path, capsys) -> None:
    assert cli.main(["--wheels", str(tmp_path / "absent")]) == 2
    assert "absent" in capsys.readouterr().err


def test_check_without_an_engine(place: Path, capsys) -> None:
    assert cli.main(["--check"]) == 1
    assert str(place) in capsys.readouterr().out


def test_a_damaged_record_counts_as_none(place: Path) -> None:
    python = environment.python_of(place)
    python.parent.mkdir(parents=True)
    python.touch()
    for text in ("", "[]", json.dumps({"kind": "cuda"}), "{"):
        (place / environment.RECORD).write_text(text)
        assert environment.read(place) is None
    environment.write(place, environment.Environment("cuda", "x", "2", "card"))
    assert environment.read(place) is not None
    python.unlink()
    assert environment.chosen_python() is None


def test_what_was_in_place_comes_back(tmp_path: Path, monkeypatch) -> None:
    place, made = tmp_path / "engine", tmp_path / "engine.new"
    for folder in (place, made):
        folder.mkdir()
    (place / "old").touch()
    move = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if self == made:
            raise OSError("disk")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OSError, match="disk"):
        install.put_in_place(made, place)
    assert (place / "old").exists()


def test_sizes_and_room(tmp_path: Path) -> None:
    needed, free = install.room_for(install.Plan(("a.whl",), 1000), tmp_path / "not" / "yet")
    assert needed == 3000
    assert free > 0
