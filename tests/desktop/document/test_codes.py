"""Inversions travel with the document: from one engine's folder, through a file, to another's."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from core.documents import openraster
from core.events import Finished
from core.imaging.image import Picture
from core.models.library import ModelLibrary
from core.request import EditRequest
from core.settings import DDIMSwapSettings
from desktop.document.codes import put_codes, read_codes
from desktop.document.document import Document
from desktop.document.store import Store
from desktop.document.storing import opened
from desktop.jobs.engine import TorchEngine
from tests.tiny_model import write_tiny_model

NAMES = [f"{digit}" * 32 + ".safetensors" for digit in "abc"]


def test_what_was_used_last_is_taken_first(tmp_path: Path) -> None:
    import os

    for age, name in enumerate(NAMES):
        (tmp_path / name).write_bytes(b"x" * 10)
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    (tmp_path / "notes.txt").write_text("not a code")
    assert list(read_codes(tmp_path)) == NAMES
    assert list(read_codes(tmp_path, most=25)) == NAMES[:2]
    assert read_codes(tmp_path / "absent") == {}


def test_only_codes_are_put_and_removed(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a code")
    put_codes(tmp_path, {NAMES[0]: b"1", "../outside.safetensors": b"2", "x.safetensors": b"3"})
    assert read_codes(tmp_path) == {NAMES[0]: b"1"}
    assert not (tmp_path.parent / "outside.safetensors").exists()
    put_codes(tmp_path, {})
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


@pytest.fixture
def edit(tmp_path: Path) -> Callable[[Path, EditRequest], int]:
    """Network evaluations of an edit by a fresh engine that has this folder."""
    torch.set_num_threads(1)
    write_tiny_model(tmp_path / "models" / "tiny")
    library = ModelLibrary([tmp_path / "models"])

    def run(codes: Path, request: EditRequest) -> int:
        engine = TorchEngine(library, codes)
        *_, last = engine.edit(request, inspect=False, stopped=lambda: False)
        assert isinstance(last, Finished)
        return last.network_evaluations

    return run


def test_a_saved_document_brings_its_inversion_along(
    tmp_path: Path, edit: Callable[[Path, EditRequest], int], qapp: object
) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    request = EditRequest(
        DDIMSwapSettings(),
        pixels,
        source_prompt="a cat",
        target_prompt="a dog",
        steps=3,
        model="tiny",
    )
    document = Document()
    store = Store(document, codes=before)
    document.set_picture(Picture(pixels))
    first = edit(before, request)
    assert len(read_codes(before)) == 1

    file = tmp_path / "cat.sfumato"
    store.write(file, store.snapshot({}))
    other = Document()
    other_store = Store(other, codes=after)
    other_store.show(opened(openraster.read(file)), file, None)
    assert read_codes(after) == read_codes(before)
    second = edit(after, request.with_(picture=other.pixels, target_prompt="a red apple"))
    assert second < first
    assert edit(tmp_path / "nowhere", request) == first

    other.set_picture(Picture(pixels[::-1].copy()))
    assert read_codes(after) == {}, "another picture's codes are not kept with this one"
