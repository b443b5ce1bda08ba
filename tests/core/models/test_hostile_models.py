"""Models that mean harm: each is refused before anything of it is opened, and nothing of it runs.

Every pickle here would make a marker file. What is refused names the file and the remedy, and takes
less than two seconds of CPU.
"""

import bz2
import gzip
import io
import json
import lzma
import os
import pickle
import random
import struct
import sys
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import safe_open

from core.errors import ModelDamagedError, ModelError, ModelRefusedError
from core.models import checks
from core.models.library import ModelLibrary
from core.models.safetensors_file import MAX_HEADER_BYTES, read_header
from core.models.upscalers import load_upscaler
from tests.core.models.model_folder import write_model, write_safetensors

UNET = "unet/diffusion_pytorch_model.safetensors"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_model(tmp_path / "little")


class Mark:
    """Makes the marker file when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.mkdir, (str(self.marker),)


@pytest.fixture
def marker(tmp_path: Path) -> Iterator[Path]:
    """Where a pickle that was opened leaves its mark: nothing is ever there."""
    path = tmp_path / "marker"
    pickle.loads(pickle.dumps(Mark(path)))
    assert path.exists(), "the pickles here do what they should"
    path.rmdir()
    yield path
    assert not path.exists(), "a pickle was opened"


def zipped(data: bytes, name: str = "archive/data.pkl") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, data)
    return file.getvalue()


def tarred(data: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("pickle")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return file.getvalue()


def headed(data: bytes) -> bytes:
    """A right safetensors header for less than what follows."""
    header = b'{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
    return struct.pack("<Q", len(header)) + header + data


def legacy(data: bytes) -> bytes:
    """As torch.save wrote before its zips: a magic number, and then pickles."""
    return pickle.dumps(0x1950A86A20F9469CFC6C, 2) + data


WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "torch's old format": legacy,
    "zip": zipped,
    "tar": tarred,
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zlib": zlib.compress,
    "behind a header": headed,
}


def refused(folder: Path, kind: type[ModelError] = ModelRefusedError) -> str:
    """Why the library refuses the model in `folder`, and that it does so at once."""
    library = ModelLibrary([folder.parent])
    started = time.process_time()
    library.find()
    with pytest.raises(kind) as caught:
        library.load(folder.name)
    assert time.process_time() - started < 2
    message = str(caught.value)
    assert message.startswith(folder.name)
    assert message.endswith(".")
    assert ". " in message, "the remedy follows"
    return message


@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=list(WRAPPINGS))
@pytest.mark.parametrize("protocol", [0, 1, 2, 4, 5])
def test_a_pickle_as_weights(model: Path, marker: Path, wrap: Any, protocol: int) -> None:
    (model / UNET).write_bytes(wrap(pickle.dumps(Mark(marker), protocol)))
    assert UNET in refused(model, ModelError)


@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=list(WRAPPINGS))
@pytest.mark.parametrize("name", ["pytorch_model.bin", "unet/x.ckpt", "vae/x.PT", "x.pth", "x.pkl"])
def test_a_pickle_beside_good_files(model: Path, marker: Path, wrap: Any, name: str) -> None:
    (model / name).write_bytes(wrap(pickle.dumps(Mark(marker), 0)))
    message = refused(model)
    assert f"little/{name} is a" in message
    assert "which can run code" in message
    assert message.endswith("Remove it and use a safetensors copy of the model.")


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
@pytest.mark.parametrize("name", ["notes", "vae/extra.dat", "unet/x.safetensors", "README.txt"])
def test_a_pickle_under_a_harmless_name(
    model: Path, marker: Path, name: str, protocol: int
) -> None:
    (model / name).write_bytes(pickle.dumps(Mark(marker), protocol))
    assert f"little/{name} is a Python pickle" in refused(model)


def test_a_pickle_whose_first_bytes_are_a_headers(model: Path, marker: Path) -> None:
    """Protocol 4, a number of eight bytes whose last is a brace, and only then the call."""
    body = pickle.dumps(Mark(marker), 4)[2:]
    disguised = b"\x80\x04G" + b"\0\0\0\0\0{\0\0" + b"0" + body
    (model / "unet" / "x.dat").write_bytes(disguised)
    assert "unet/x.dat is a Python pickle" in refused(model)


def test_a_shard_that_is_a_pickle(tmp_path: Path, marker: Path) -> None:
    folder = write_model(tmp_path / "m", sharded=True)
    shard = "unet/diffusion_pytorch_model-00002-of-00002.safetensors"
    (folder / shard).write_bytes(pickle.dumps(Mark(marker)))
    assert f"m/{shard} is a Python pickle" in refused(folder)


def test_data_within_tensors_is_data(model: Path, marker: Path) -> None:
    """What lies where weights lie is never anything else."""
    inside = np.frombuffer(pickle.dumps(Mark(marker)).ljust(2400, b"."), "<f4")
    write_safetensors(model / UNET, {"weight": inside.reshape(20, 30)})
    assert checks.find_problems(model) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("unet/modeling.py", b"x"),
        ("pipeline.PY", b"x"),
        ("unet/__pycache__/m.pyc", b"x"),
        ("custom.so", b"x"),
        ("setup.sh", b"x"),
        ("run", b"#!/bin/sh\ntouch marker\n"),
        ("vae/helper", b"\x7fELF\x02"),
        ("helper.dat", b"MZ\x90"),
    ],
)
def test_code_in_the_folder(model: Path, name: str, content: bytes) -> None:
    (model / name).parent.mkdir(exist_ok=True)
    (model / name).write_bytes(content)
    message = refused(model)
    assert message.startswith(f"little/{name} is ")
    assert "which Sfumato never runs. Remove it, or" in message


@pytest.mark.parametrize(
    "name", ["unet/config.json", "model_index.json", "text_encoder/config.json"]
)
@pytest.mark.parametrize(
    "addition",
    [
        {"auto_map": {"AutoModel": "modeling.Net"}},
        {"custom_pipeline": "somebody/else"},
        {"trust_remote_code": True},
        {"text_config": {"inner": [{"auto_map": {}}]}},
    ],
)
def test_a_request_for_code(model: Path, name: str, addition: dict[str, Any]) -> None:
    config = json.loads((model / name).read_text())
    (model / name).write_text(json.dumps({**config, **addition}))
    assert f"little/{name} asks for code of its own" in refused(model)


@pytest.mark.parametrize(
    ("part", "addition"),
    [
        ("unet", {"_class_name": "EvilUNet"}),
        ("vae", {"_class_name": "../../AutoencoderKL"}),
        ("text_encoder", {"architectures": ["CLIPTextModel", "EvilModel"]}),
        ("text_encoder", {"architectures": {"not": "a list"}}),
        ("unet", {"_class_name": ["UNet2DConditionModel"]}),
    ],
)
def test_a_class_that_is_not_ours(model: Path, part: str, addition: dict[str, Any]) -> None:
    file = model / part / "config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **addition}))
    assert f"little/{part}/config.json asks for " in refused(model)


@pytest.mark.parametrize("name", ["x.ckpt", "x.gguf", "x.safetensors", "lora.pt"])
def test_a_single_file_is_no_model(tmp_path: Path, marker: Path, name: str) -> None:
    file = tmp_path / name
    gguf = b"GGUF\x03\0\0\0" + bytes(64)
    file.write_bytes(gguf if name.endswith("gguf") else zipped(pickle.dumps(Mark(marker))))
    with pytest.raises(ModelError, match=name) as caught:
        ModelLibrary([tmp_path]).load(str(file))
    assert "a safetensors copy" in str(caught.value) or "convert the file" in str(caught.value)


def test_gguf_as_weights(model: Path) -> None:
    (model / UNET).write_bytes(b"GGUF\x03\0\0\0" + bytes(64))
    assert "is not a safetensors file" in refused(model, ModelDamagedError)


@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=list(WRAPPINGS))
@pytest.mark.parametrize("name", ["esrgan.safetensors", "esrgan.pth"])
def test_an_upscaler_that_is_a_pickle(tmp_path: Path, marker: Path, wrap: Any, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(wrap(pickle.dumps(Mark(marker), 2)))
    started = time.process_time()
    with pytest.raises(ModelError, match=name):
        load_upscaler(str(file))
    assert time.process_time() - started < 2


# -- links ------------------------------------------------------------------------------------

links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")


@links
@pytest.mark.parametrize("name", [UNET, "vae", "unet/config.json", "extra.txt"])
def test_a_link_out_of_the_folder(model: Path, tmp_path: Path, name: str) -> None:
    away = tmp_path / "elsewhere"
    away.mkdir()
    place = model / name
    if place.exists():
        place.rename(away / place.name)
    place.symlink_to(away / place.name)
    assert f"little/{name} is a link that leads out of the model's folder" in refused(model)


@links
def test_a_link_to_what_never_ends(model: Path) -> None:
    for name in ("unet/config.json", "README.md", "model_index.json"):
        (model / name).unlink()
        (model / name).symlink_to("/dev/zero")
    (model / "model_index.json").unlink()
    assert not checks.is_model(model)
    (model / "model_index.json").write_text("{}")
    assert "is a link that leads out" in refused(model)


@links
def test_links_in_a_circle(model: Path) -> None:
    (model / "a").symlink_to(model / "b")
    (model / "b").symlink_to(model / "a")
    (model / "unet" / "up").symlink_to(model)
    assert refused(model).startswith(("little/a is a link", "little/b is a link"))


@links
def test_a_link_within_the_folder_and_a_cache_of_links_pass(tmp_path: Path) -> None:
    snapshot = write_model(tmp_path / "models--x" / "snapshots" / "abc")
    blobs = tmp_path / "models--x" / "blobs"
    blobs.mkdir()
    (snapshot / UNET).rename(blobs / "0")
    (snapshot / UNET).symlink_to(blobs / "0")
    (snapshot / "also.txt").symlink_to(snapshot / "README.md")
    assert checks.find_problems(snapshot) == []


# -- headers that lie -------------------------------------------------------------------------


def entry(start: Any = 0, end: Any = 4, shape: Any = (1,), dtype: Any = "F32") -> dict[str, Any]:
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [start, end]}


def file_of(header: bytes, body: bytes, length: int | None = None) -> bytes:
    return struct.pack("<Q", len(header) if length is None else length) + header + body


LIES: dict[str, bytes] = {
    "empty": b"",
    "header longer than the file": file_of(b"{}", b"", 1000),
    "header of 2**63": file_of(b"{}", b"", 2**63),
    "header of a gigabyte": file_of(b"{", b"", 10**9),
    "all is header": file_of(b"{" + b" " * (MAX_HEADER_BYTES - 1), b""),
    "offset beyond the end": file_of(json.dumps({"w": entry(0, 400, (100,))}).encode(), bytes(4)),
    "offset below 0": file_of(json.dumps({"w": entry(-4, 0)}).encode(), bytes(4)),
    "end before start": file_of(json.dumps({"w": entry(4, 0)}).encode(), bytes(4)),
    "overlap": file_of(json.dumps({"a": entry(), "b": entry()}).encode(), bytes(8)),
    "gap": file_of(json.dumps({"a": entry(), "b": entry(8, 12)}).encode(), bytes(12)),
    "too few bytes for the shape": file_of(json.dumps({"w": entry(shape=(2,))}).encode(), bytes(4)),
    "sides below 0": file_of(json.dumps({"w": entry(shape=(-1, -1))}).encode(), bytes(4)),
    "a side of 1.0": file_of(json.dumps({"w": entry(shape=(1.0,))}).encode(), bytes(4)),
    "a side of true": file_of(json.dumps({"w": entry(shape=(True,))}).encode(), bytes(4)),
    "endless side": file_of(json.dumps({"w": entry(shape=(float("inf"),))}).encode(), bytes(4)),
    "huge sides": file_of(json.dumps({"w": entry(shape=(2**62, 2**62))}).encode(), bytes(4)),
    "unknown type": file_of(json.dumps({"w": entry(dtype="F31")}).encode(), bytes(4)),
    "type that is a list": file_of(json.dumps({"w": entry(dtype=["F32"])}).encode(), bytes(4)),
    "one name twice": file_of(b'{"w":%b,"w":%b}' % ((json.dumps(entry()).encode(),) * 2), bytes(4)),
    "one key twice": file_of(
        b'{"w":{"dtype":"F32","dtype":"U8","shape":[1],"data_offsets":[0,4]}}', bytes(4)
    ),
    "metadata that are no texts": file_of(b'{"__metadata__":{"a":[1]}}', b""),
    "deep": file_of(b'{"w":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}", b""),
    "many tensors of nothing": file_of(
        json.dumps({str(n): entry(0, 0, (0,)) for n in range(100_000)}).encode(), bytes(4)
    ),
    "UTF-16": file_of(json.dumps({"w": entry()}).encode("utf-16"), bytes(4)),
    "space first": file_of(b" " + json.dumps({"w": entry()}).encode(), bytes(4)),
    "more behind": file_of(json.dumps({"w": entry()}).encode(), bytes(4) + zipped(b"x")),
    "not JSON": file_of(b"{{{{{{{{", b""),
    "a number of a million digits": file_of(b'{"w":' + b"9" * 1_000_000 + b"}", b""),
}


@pytest.mark.parametrize("content", LIES.values(), ids=list(LIES))
def test_a_header_that_lies(model: Path, content: bytes) -> None:
    (model / UNET).write_bytes(content)
    message = refused(model, ModelDamagedError)
    assert message.startswith(f"little/{UNET} ")
    assert message.endswith("Copy the model again or choose another.")


WHOLE = file_of(
    json.dumps(
        {
            "__metadata__": {"format": "pt"},
            "first": entry(0, 24, (2, 3)),
            "second": entry(24, 32, (4,), "F16"),
            "third": entry(32, 33, (1,), "U8"),
        }
    ).encode(),
    bytes(33),
)


def agrees_with_the_library(file: Path) -> bool:
    """Whether the file passes; if so, the library that loads it finds the same in it."""
    try:
        header = read_header(file, file.name)
    except ModelDamagedError:
        return False
    with safe_open(file, "np") as loaded:
        assert set(loaded.keys()) == set(header)
        for name, about in header.items():
            found = loaded.get_slice(name)
            assert list(found.get_shape()) == about["shape"]
            assert found.get_dtype() == about["dtype"]
    return True


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A few bytes of the header changed, taken out, doubled or swapped with others."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(max(1, len(changed) - 34))
        deed = chance.randrange(5)
        if deed == 0:
            changed[place] = chance.randrange(256)
        elif deed == 1:
            changed[place] ^= 1 << chance.randrange(8)
        elif deed == 2:
            del changed[place : place + chance.randint(1, 3)]
        elif deed == 3:
            changed[place:place] = chance.choice((b"0", b"9", b",", b"{", b"]", b'"', b"-", b"e1"))
        else:
            digits = [i for i, byte in enumerate(changed) if 48 <= byte < 58]
            changed[chance.choice(digits)] = 48 + chance.randrange(10)
    if chance.random() < 0.5:  # a length that fits, so that the header itself is looked at
        changed[:8] = struct.pack("<Q", len(changed) - 8 - 33)
    return bytes(changed)


def test_the_whole_file_passes(tmp_path: Path) -> None:
    (tmp_path / "w.safetensors").write_bytes(WHOLE)
    assert agrees_with_the_library(tmp_path / "w.safetensors")


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_what_passes_the_library_reads_the_same(tmp_path: Path, seed: int) -> None:
    file = tmp_path / "w.safetensors"
    file.write_bytes(mutated(WHOLE, random.Random(seed)))
    agrees_with_the_library(file)


@pytest.mark.slow
def test_ten_thousand_mutated_files(model: Path) -> None:
    passed = sum(
        _is_taken(model, mutated(WHOLE, random.Random(seed)), f"seed {seed}")
        for seed in range(10_000)
    )
    print(f"\n10,000 mutated files: {10_000 - passed} refused, {passed} whole all the same")


def _is_taken(model: Path, content: bytes, what: str) -> bool:
    (model / UNET).write_bytes(content)
    started = time.process_time()
    problems = checks.find_problems(model)
    assert time.process_time() - started < 2, what
    assert all(UNET in str(problem) for problem in problems), (what, problems)
    if not problems:
        assert agrees_with_the_library(model / UNET), what
    return not problems
