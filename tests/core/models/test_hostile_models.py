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
import struct
import sys
import tarfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import ModelDamagedError, ModelError
from core.models import checks
from core.models.library import ModelLibrary
from core.models.upscalers import load_upscaler
from tests.core.models.model_folder import write_model, write_safetensors
from tests.core.models.refusal import UNET, refused, zipped


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
