"""Files that crash, starve or hold up whatever reads them, through the real child process."""

import multiprocessing
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.documents import openraster
from core.documents.document import StoredDocument, StoredLayer
from core.errors import DocumentError, PictureError
from core.imaging.image import Picture
from desktop.jobs import reader_child
from desktop.jobs.engine import UnexpectedError
from desktop.jobs.reading import PictureReader
from tests.desktop.jobs.scripted_reading import read


@pytest.fixture(scope="module")
def reader() -> Iterator[PictureReader]:
    made = PictureReader(read)
    made.start()
    yield made
    made.close()


def children() -> int:
    return sum(one.name == "sfumato-reader" for one in multiprocessing.active_children())


def test_a_picture_arrives_as_it_was(reader: PictureReader, tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (200, 300, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png", dpi=(300, 300))
    picture = reader.read(tmp_path / "a.png")
    assert isinstance(picture, Picture)
    np.testing.assert_array_equal(picture.pixels, pixels)
    assert not picture.pixels.flags.writeable
    assert picture.path == tmp_path / "a.png"
    assert picture.dpi is not None


def test_a_document_arrives_as_it_was(reader: PictureReader, tmp_path: Path) -> None:
    pixels = np.full((150, 200, 3), 7, np.uint8)
    layers = (StoredLayer("one", pixels), StoredLayer("two", pixels, x=3, opacity=0.5))
    openraster.write(tmp_path / "a.sfumato", StoredDocument(200, 150, layers=layers))
    document = reader.read(tmp_path / "a.sfumato")
    assert isinstance(document, StoredDocument)
    assert [(one.name, one.x, one.opacity) for one in document.layers] == [
        ("one", 0, 1.0),
        ("two", 3, 0.5),
    ]
    np.testing.assert_array_equal(document.layers[1].pixels, pixels)


def test_what_is_wrong_with_a_file_is_said_as_in_this_process(
    reader: PictureReader, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(b"%PDF-1.4")
    with pytest.raises(PictureError, match=r"a\.png is a PDF document"):
        reader.read(tmp_path / "a.png")
    (tmp_path / "b.ora").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(DocumentError, match=r"b\.ora"):
        reader.read(tmp_path / "b.ora")
    with pytest.raises(UnexpectedError, match=r"stumbles\.png: ZeroDivisionError"):
        reader.read(tmp_path / "stumbles.png")


def test_one_child_reads_one_file_after_another(reader: PictureReader) -> None:
    assert reader.read(Path("who")) == reader.read(Path("who"))


def test_the_child_needs_neither_torch_nor_qt(reader: PictureReader) -> None:
    assert reader.read(Path("torch")) == []


@pytest.mark.parametrize(
    ("deed", "said"), [("segfault", "it crashed (SIGSEGV)"), ("ends", "it ended with status 7")]
)
def test_a_file_that_ends_the_child_costs_itself_alone(
    reader: PictureReader, deed: str, said: str
) -> None:
    before = reader.read(Path("who"))
    with pytest.raises(PictureError) as caught:
        reader.read(Path(f"{deed}.png"))
    assert f"{deed}.png stopped the process" in str(caught.value)
    assert said in str(caught.value)
    assert str(caught.value).endswith("Save it again with another program, or choose another.")
    assert reader.read(Path("who")) != before


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is limited on Linux")
def test_a_file_that_eats_memory_gets_so_much_and_no_more(monkeypatch) -> None:
    reader = PictureReader(_read_in_little_memory)
    with pytest.raises(PictureError, match=r"eats memory\.png needs more memory than there is"):
        reader.read(Path("eats memory.png"))
    assert reader.read(Path("who")), "the child lives"
    reader.close()


def _read_in_little_memory(path: Path) -> object:
    reader_child.MEMORY = 3 * 2**30
    reader_child.limit_memory()
    return read(path)


@pytest.mark.parametrize("deed", ["hangs", "is halted"])
def test_a_file_that_takes_too_long_is_given_up(deed: str) -> None:
    before = children()
    reader = PictureReader(read, seconds=0.2)
    with pytest.raises(PictureError, match=f"{deed}.png was given up: reading it took more than 0"):
        reader.read(Path(f"{deed}.png"))
    reader.close()
    assert children() == before


def test_two_files_are_read_at_the_same_time(reader: PictureReader) -> None:
    errors: list[Exception] = []

    def wait() -> None:
        try:
            reader.read(Path("hangs.png"))
        except PictureError as error:
            errors.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    while not reader.is_busy:
        time.sleep(0.01)
    assert reader.read(Path("who")), "the second file does not wait for the first"
    reader.give_up()
    thread.join(10)
    assert len(errors) == 1


def test_close_leaves_no_process() -> None:
    before = children()
    reader = PictureReader(read)
    reader.start()
    assert children() == before + 1
    reader.close()
    assert children() == before
