"""Documents that mean harm, or met with it: each is refused by name, quickly, in little memory."""

import contextlib
import json
import random
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.documents import archive as archive_module
from core.documents import openraster, reader
from core.documents.document import StoredDocument, StoredLayer
from core.errors import DocumentError
from core.imaging import png

Members = dict[str, bytes]


def stack(layers: str = '<layer src="data/a.png"/>', size: str = 'w="4" h="3"') -> bytes:
    return f"<image {size}><stack>{layers}</stack></image>".encode()


def picture(width: int = 4, height: int = 3) -> bytes:
    return png.encode(np.zeros((height, width, 4), np.uint8))


def promising(width: int, height: int) -> bytes:
    """A PNG with right checksums that promises more pixels than it holds."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = zlib.compress(bytes(100_000), 9)
    chunks = ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
    return png.SIGNATURE + b"".join(png.chunk(*one) for one in chunks)


def make(path: Path, members: Members, packing: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


def refused(path: Path) -> str:
    """Why `path` is refused; both readers must do so, within two seconds of CPU together."""
    started = time.process_time()
    with pytest.raises(DocumentError) as caught:
        openraster.read(path)
    assert time.process_time() - started < 2
    message = str(caught.value)
    assert path.name in message
    assert message.endswith(".")
    return message


PLAIN: Members = {"mimetype": b"image/openraster", "stack.xml": stack(), "data/a.png": picture()}


def test_what_the_hostile_ones_are_made_from_opens(tmp_path: Path) -> None:
    assert openraster.read(make(tmp_path / "plain.ora", PLAIN)).layers[0].pixels.shape == (3, 4, 3)


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../../up", "data/../../up", "C:/windows", "..\\up", "a\0b", ".."]
)
def test_names_that_lead_elsewhere(tmp_path: Path, name: str) -> None:
    path = make(tmp_path / "names.ora", PLAIN | {"x" * len(name): b"x"})
    data = path.read_bytes().replace(b"x" * len(name.encode()), name.encode())
    path.write_bytes(data)
    assert "refused" in refused(path)
    assert sorted(tmp_path.iterdir()) == [path]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name(tmp_path: Path) -> None:
    path = make(tmp_path / "twice.ora", PLAIN)
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("stack.xml", stack())
    assert "two members" in refused(path)


def test_a_hundred_thousand_members(tmp_path: Path) -> None:
    path = tmp_path / "many.ora"
    with zipfile.ZipFile(path, "w") as file:
        for at in range(100_000):
            file.writestr(str(at), b"")
    assert "100000 members" in refused(path)


def test_a_hundred_thousand_layers(tmp_path: Path) -> None:
    layers = stack('<layer src="data/a.png"/>' * 100_000)
    assert "1000 layers" in refused(make(tmp_path / "layers.ora", PLAIN | {"stack.xml": layers}))


def test_more_members_than_the_end_record_admits(tmp_path: Path) -> None:
    path = make(tmp_path / "liar.ora", PLAIN | {f"{at:05}": b"" for at in range(5000)})
    data = bytearray(path.read_bytes())
    struct.pack_into("<HH", data, len(data) - 14, 3, 3)
    path.write_bytes(data)
    assert "5003 members" in refused(path)


def test_a_bomb_by_declared_size(tmp_path: Path) -> None:
    path = make(tmp_path / "bomb.ora", PLAIN | {"stack.xml": bytes(20_000_000)})
    assert "20000000 bytes" in refused(path)


def test_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    path = make(tmp_path / "bomb.ora", PLAIN | {"stack.xml": stack() + b" " * 30_000_000})
    data = bytearray(path.read_bytes())
    real = struct.pack("<I", 30_000_000 + len(stack()))
    path.write_bytes(data.replace(real, struct.pack("<I", len(stack()))))
    assert "damaged" in refused(path)


def test_a_bomb_of_members_that_nobody_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MAX_UNKNOWN_BYTES", 10_000_000)
    big = bytes(4_000_000)
    path = make(tmp_path / "bomb.ora", PLAIN | {"a": big, "b": big, "c": big})
    assert "promises 4000000 bytes" in refused(path)


@pytest.mark.parametrize("size", [(60_000, 60_000), (2**31 - 1, 2**31 - 1), (17_000, 17_000)])
def test_pictures_that_promise_too_much(tmp_path: Path, size: tuple[int, int]) -> None:
    refused(make(tmp_path / "huge.ora", PLAIN | {"data/a.png": promising(*size)}))


def test_many_pictures_that_promise_much_each(tmp_path: Path) -> None:
    members = dict(PLAIN)
    for at in range(40):
        members[f"data/{at}.png"] = promising(12_000, 12_000)
    layers = "".join(f'<layer src="data/{at}.png"/>' for at in range(40))
    members["stack.xml"] = stack(layers)
    assert "GB of memory" in refused(make(tmp_path / "huge.ora", members))


@pytest.mark.parametrize(
    "size",
    [
        'w="0" h="3"',
        'w="-4" h="3"',
        'w="1e9" h="3"',
        'h="3"',
        'w="99999" h="99999"',
        'w="99999999999999999999" h="1"',
    ],
)
def test_senseless_canvases(tmp_path: Path, size: str) -> None:
    refused(make(tmp_path / "canvas.ora", PLAIN | {"stack.xml": stack(size=size)}))


_ENTITIES = {
    "billion laughs": "<!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><image>&b;</image>",
    "external": "<!DOCTYPE a [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><image>&a;</image>",
    "external type": "<!DOCTYPE image SYSTEM 'http://127.0.0.1:9/x.dtd'><image w='4' h='3'/>",
    "parameter": "<!DOCTYPE a [<!ENTITY % a SYSTEM 'file:///etc/passwd'> %a;]><image/>",
    "undeclared": "<image w='4' h='3'><stack name='&a;'/></image>",
    "deep": "<image w='4' h='3'>" + "<stack>" * 100_000,
    "torn": "<image w='4' h='3'><stack>",
    "other": "<svg/>",
    "no stack": "<image w='4' h='3'/>",
    "empty": "",
}


@pytest.mark.parametrize("what", _ENTITIES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_is_more_than_a_stack(tmp_path: Path, what: str, encoding: str) -> None:
    xml = _ENTITIES[what].encode(encoding)
    refused(make(tmp_path / "xml.ora", PLAIN | {"stack.xml": xml}))


@pytest.mark.parametrize(
    "contents",
    [
        b"{",
        b"[]",
        b"[" * 100_000,
        b'{"version": 1, "layers": 3}',
        b'{"version": 2}',
        b'{"version": 1, "mask": "../../etc/passwd"}',
        b'{"version": 1, "mask": "stack.xml"}',
        b'{"version": 1, "mask": "data/b.png"}',
        b'{"version": 1, "original": "data/a.png", "results": [{"title": "", "pixels": null, '
        b'"request": {"method": "sdedit", "settings": {}}}]}',
        b'{"version": 1, "inversions": {"../a": "missing"}}',
    ],
)
def test_contents_that_make_no_sense(tmp_path: Path, contents: bytes) -> None:
    members = PLAIN | {"data/b.png": picture(9, 9), "sfumato/document.json": contents}
    refused(make(tmp_path / "contents.sfumato", members))


def test_many_results_over_one_large_picture(tmp_path: Path) -> None:
    request = {"method": "sdedit", "settings": {}, "picture": "data/b.png"}
    result = {"title": "", "pixels": None, "is_patch": True, "request": request}
    members = PLAIN | {
        "data/b.png": promising(9_000, 9_000),
        "sfumato/document.json": json.dumps({"version": 1, "results": [result] * 900}).encode(),
    }
    assert "GB of memory" in refused(make(tmp_path / "results.sfumato", members))


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"not a zip", b"PK\x05\x06" + bytes(18), picture(), b"PK\x03\x04" * 99]
)
def test_what_is_no_document(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "other.sfumato"
    path.write_bytes(data)
    refused(path)


def test_a_folder_and_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder.ora").mkdir()
    refused(tmp_path / "folder.ora")
    refused(tmp_path / "nothing.ora")


def test_an_archive_without_layers(tmp_path: Path) -> None:
    assert "without layers" in refused(make(tmp_path / "other.ora", {"a.txt": b"a"}))


def test_an_encrypted_archive(tmp_path: Path) -> None:
    path = make(tmp_path / "locked.ora", PLAIN)
    data = bytearray(path.read_bytes())
    at = -1
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        data[at + offset] |= 1
    path.write_bytes(data)
    assert "encrypted" in refused(path)


def test_a_picture_that_is_none(tmp_path: Path) -> None:
    jpeg = b"\xff\xd8\xff\xe0" + bytes(99)
    assert "no PNG" in refused(make(tmp_path / "disguise.ora", PLAIN | {"data/a.png": jpeg}))


def test_a_missing_picture(tmp_path: Path) -> None:
    members = {name: data for name, data in PLAIN.items() if name != "data/a.png"}
    assert "data/a.png is missing" in refused(make(tmp_path / "missing.ora", members))


def _whole(path: Path) -> bytes:
    noise = np.random.default_rng(5).integers(0, 256, (24, 32, 4), np.uint8)
    layer = StoredLayer("a", noise[..., :3].copy(), noise[..., 3].copy())
    openraster.write(path, StoredDocument(width=32, height=24, layers=(layer,), panel={"a": [1]}))
    return path.read_bytes()


def test_a_truncated_document(tmp_path: Path) -> None:
    path = tmp_path / "torn.sfumato"
    data = _whole(path)
    for length in range(0, len(data) - 1, max(1, len(data) // 60)):
        path.write_bytes(data[:length])
        refused(path)


def test_a_bit_that_fell_over_in_the_pixels(tmp_path: Path) -> None:
    path = tmp_path / "bit.sfumato"
    data = bytearray(_whole(path))
    data[data.index(b"IDAT") + 40] ^= 4
    path.write_bytes(data)
    assert "data/layer0.png" in refused(path)


def _mutations(data: bytes, seed: int) -> bytes:
    chance = random.Random(seed)
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 8, 64])):
        at = chance.randrange(len(changed))
        change: Callable[[], None] = chance.choice(
            [
                lambda at=at: changed.__setitem__(at, chance.randrange(256)),
                lambda at=at: changed.__setitem__(slice(at, at + 4), b"\xff\xff\xff\xff"),
                lambda at=at: changed.__delitem__(slice(at, at + chance.randrange(1, 40))),
                lambda at=at: changed.__setitem__(slice(at, at), changed[:at][-30:]),
            ]
        )
        change()
    return bytes(changed)


def check_mutations(folder: Path, count: int) -> None:
    path = folder / "mutated.sfumato"
    data = _whole(path)
    for seed in range(count):
        path.write_bytes(_mutations(data, seed))
        started = time.process_time()
        for read in (openraster.read, openraster.read_merged):
            with contextlib.suppress(DocumentError):
                read(path)
        assert time.process_time() - started < 4, seed
    assert sorted(folder.iterdir()) == [path]


def test_mutated_documents_open_or_are_refused(tmp_path: Path) -> None:
    check_mutations(tmp_path, 300)


@pytest.mark.slow
def test_ten_thousand_mutated_documents_open_or_are_refused(tmp_path: Path) -> None:
    check_mutations(tmp_path, 10_000)


def test_limits_hold_before_memory_is_asked_for(tmp_path: Path) -> None:
    """A bomb of zip in PNG: 276 MB of zeros in a file of a few kilobytes."""
    import tracemalloc

    rows = zlib.compressobj(9)
    line = bytes(4 * 8_300 + 1)
    body = b"".join(rows.compress(line) for _ in range(8_300)) + rows.flush()
    header = struct.pack(">IIBBBBB", 8_300, 8_300, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
    bomb = png.SIGNATURE + b"".join(png.chunk(*one) for one in chunks)
    path = make(tmp_path / "bomb.ora", PLAIN | {"data/a.png": bomb})
    assert path.stat().st_size < 5_000
    tracemalloc.start()
    refused(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 32 * 1024**2


def test_the_bounds_are_the_ones_that_the_texts_name() -> None:
    assert archive_module.MAX_FILE_BYTES == 16 * 1024**3
    assert reader.MAX_CANVAS == 300_000_000
