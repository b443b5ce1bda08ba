"""Weights whose headers lie: each is refused, and what passes is read as safetensors reads it."""

import json
import random
import struct
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import safe_open

from core.errors import ModelDamagedError
from core.models import checks
from core.models.safetensors_file import MAX_HEADER_BYTES, read_header
from tests.core.models.model_folder import write_model
from tests.core.models.refusal import UNET, refused, zipped


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_model(tmp_path / "little")


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
