"""The cache is bounded, lasts on the disk, and survives what happens to files."""

import json
import os
from dataclasses import asdict, replace

import pytest
import torch
from safetensors.torch import save

from core.errors import InversionError
from core.inversion.cache import InversionCache
from core.inversion.code import Code
from core.inversion.record import FORMAT, Key, read_record, record_of, rounded, write_record

LABELS = [3.0, 2.0, -1.0]


def key(picture="p", **changes):
    return replace(Key(picture, "a cat", "m", "float32", "s", "i", "", 0), **changes)


def record(picture="p", side=8):
    generator = torch.Generator().manual_seed(1)
    draws = [torch.randn(1, 4, side, side, generator=generator) for _ in LABELS]
    points = {t: rounded(x) for t, x in zip(LABELS, draws, strict=True)}
    return record_of(key(picture), Code(LABELS, points, {3.0: draws[2], 2.0: draws[1]}))


def test_points_are_half_as_large_as_noises_and_the_picture_is_not_kept():
    kept = record()
    assert sorted(kept.tensors) == ["noise 2.0", "noise 3.0", "point 2.0", "point 3.0"]
    assert kept.size == 256 * (2 + 2 + 4 + 4)


def test_the_least_recently_used_goes_first():
    size = record().size
    cache = InversionCache(max_bytes=2 * size)
    cache.keep(record("a"))
    cache.keep(record("b"))
    assert cache.find(key("a")) is not None
    cache.keep(record("c"))
    assert cache.size == 2 * size
    assert [cache.find(key(name)) is not None for name in "abc"] == [True, False, True]
    cache.keep(record("c"))
    assert cache.size == 2 * size


def test_what_is_larger_than_the_bound_is_not_kept():
    cache = InversionCache(max_bytes=record().size - 1)
    cache.keep(record())
    assert cache.find(key()) is None
    assert cache.size == 0


def test_tensors_are_made_once_and_bounded():
    cache, calls = InversionCache(max_bytes=1000), []
    for _ in range(2):
        assert cache.tensor(("x",), lambda: calls.append(1) or torch.ones(100)).sum() == 100
    assert len(calls) == 1
    cache.tensor(("y",), lambda: torch.ones(200))
    assert cache.size == 800


def test_a_folder_outlives_the_cache(tmp_path):
    InversionCache(folder=tmp_path / "codes").keep(record())
    found = InversionCache(folder=tmp_path / "codes").find(key())
    assert found is not None
    assert found.tensors.keys() == record().tensors.keys()
    assert all(torch.equal(x, found.tensors[name]) for name, x in record().tensors.items())
    assert InversionCache(folder=tmp_path / "codes").find(key("other")) is None


def damage(file, how):
    if how == "torn":
        file.write_bytes(file.read_bytes()[:-10])
    elif how == "empty":
        file.write_bytes(b"")
    elif how == "pickle":
        file.write_bytes(b"\x80\x04K\x01.")
    elif how == "another's":
        write_record(file, record("another"))
    elif how == "not finite":
        bad = record()
        bad.tensors["point 2.0"][0] = torch.nan
        write_record(file, bad)
    elif how == "no key":
        file.write_bytes(save(record().tensors, {"format": FORMAT}))
    elif how == "odd key":
        about = {"format": FORMAT, "key": json.dumps({**asdict(key()), "climb": "0"})}
        file.write_bytes(save(record().tensors, about))
    elif how == "other tensors":
        about = {"format": FORMAT, "key": json.dumps(asdict(key()))}
        file.write_bytes(save({"weights": torch.ones(3)}, about))


@pytest.mark.parametrize(
    "how",
    [
        "torn",
        "empty",
        "pickle",
        "another's",
        "not finite",
        "no key",
        "odd key",
        "other tensors",
    ],
)
def test_a_file_that_cannot_be_trusted_is_set_aside(how, tmp_path):
    InversionCache(folder=tmp_path).keep(record())
    (file,) = tmp_path.iterdir()
    damage(file, how)
    cache = InversionCache(folder=tmp_path)
    assert cache.find(key()) is None
    (aside,) = tmp_path.iterdir()
    assert aside.suffix == ".damaged"
    if how != "another's":
        with pytest.raises(InversionError, match="sfumato invert"):
            read_record(aside)
    cache.keep(record())
    assert InversionCache(folder=tmp_path).find(key()) is not None


def test_a_file_that_is_not_there_is_an_error_for_the_reader(tmp_path):
    with pytest.raises(InversionError, match="gone"):
        read_record(tmp_path / "gone.safetensors")


def test_a_folder_is_bounded_the_oldest_go_first(tmp_path):
    write_record(tmp_path / "measured", record())
    each = (tmp_path / "measured").stat().st_size
    cache = InversionCache(folder=tmp_path / "codes", max_folder_bytes=2 * each)
    for age, name in enumerate("abc"):
        before = set(tmp_path.glob("codes/*"))
        cache.keep(record(name))
        for file in set(tmp_path.glob("codes/*")) - before:
            os.utime(file, (age, age))
    left = InversionCache(folder=tmp_path / "codes")
    assert [left.find(key(name)) is not None for name in "abc"] == [False, True, True]


def test_a_folder_that_cannot_be_written_costs_nothing_but_the_file(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    cache = InversionCache(folder=tmp_path / "file")
    cache.keep(record())
    assert cache.find(key()) is not None
    assert InversionCache(folder=tmp_path / "file").find(key()) is None


def test_differences_are_told_in_words():
    assert key().differences(key()) == []
    changed = key(picture="q", model="n", schedule="t")
    assert changed.differences(key()) == [
        "another picture (or box of it)",
        "another model",
        "another number of steps or schedule",
    ]
