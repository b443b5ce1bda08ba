"""Lists of exact versions, and what is none."""

from pathlib import Path

import pytest

from core.errors import DataError
from desktop.gpu import lock

HASH = "--hash=sha256:" + "0f" * 32


def test_lines_with_and_without_hashes(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text(f"# made by\ntiny==1.0 \\\n    {HASH} \\\n    {HASH}\ntorch===2.13.0\n")
    found = lock.read(file)
    assert found.hashed == (f"tiny==1.0 {HASH} {HASH}",)
    assert found.unhashed == ("torch===2.13.0",)
    assert found.names == ("tiny==1.0", "torch===2.13.0")


def test_another_hash_is_another_list(tmp_path: Path) -> None:
    digests = set()
    for letter in "ab":
        file = tmp_path / letter
        file.write_text(f"tiny==1.0 --hash=sha256:{letter * 64}\n")
        digests.add(lock.read(file).digest)
    assert len(digests) == 2


@pytest.mark.parametrize(
    "line",
    [
        "tiny",
        "tiny>=1.0",
        "tiny @ file:///tmp/tiny.whl",
        "--index-url elsewhere",
        "-e .",
        "tiny==1.0 --hash=md5:00",
        "tiny==1.0; rm -rf",
        "",
    ],
)
def test_what_is_no_exact_version_is_refused(line: str, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text(line + "\n")
    with pytest.raises(DataError, match=r"list\.txt"):
        lock.read(file)


def test_the_shipped_list_is_whole() -> None:
    found = lock.read(lock.shipped("cuda"))
    assert not found.unhashed
    names = {name.partition("=")[0] for name in found.names}
    assert {"torch", "diffusers", "transformers", "numpy", "safetensors"} <= names
    assert not names & {"pyside6-essentials", "shiboken6", "pytest"}
    assert len(names) == len(found.names)


def test_it_has_the_versions_that_were_tested() -> None:
    """packaging/constraints.txt says them."""
    constraints = Path(__file__).parents[3] / "packaging" / "constraints.txt"
    tested = {line.strip() for line in constraints.read_text().splitlines() if "==" in line}
    for name in lock.read(lock.shipped("cuda")).names:
        known = [one for one in tested if one.startswith(name.partition("=")[0] + "==")]
        assert known in ([], [name.replace("===", "==")])


def test_a_kind_without_a_list() -> None:
    with pytest.raises(DataError, match="--lock"):
        lock.shipped("rocm")
