"""The document on the screen and the one in the file are the same."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize
from pytestqt.qtbot import QtBot

from core.documents import openraster
from core.imaging.image import Picture
from desktop.document.document import Document
from desktop.document.stack import Layer, LayerKind
from desktop.document.store import LeftOut, Store
from desktop.document.storing import opened
from tests.desktop.document.results import document_with, noise, result_for


def rich(dtype: Any = np.uint8) -> Document:
    """Layers of each kind, a mask, two results of which one is applied, and a larger canvas."""
    document = document_with(60, 80, dtype)
    mask = np.zeros((60, 80), np.float32)
    mask[10:30, 20:50] = 1
    document.set_mask(mask, "")
    for seed in (1, 2):
        document.add_alternative(result_for(document, mask, seed), f"Result {seed}")
    document.apply(document.alternatives[0])
    document.layers.add_paint("Strokes")
    paint = np.zeros((12, 9, 4), dtype)
    paint[2:8, 2:8] = noise(6, 6, dtype, 5)[..., [0, 1, 2, 0]]
    document.layers.add(Layer.from_rgba("Blots", LayerKind.PAINT, paint, -4, 300))
    document.layers.add(Layer.from_rgba("More", LayerKind.PAINT, paint, 30, 8))
    document.layers.set_opacity(document.stack.layers[-1].id, 0.4)
    document.layers.set_visible(document.stack.layers[0].id, False)
    document.resize_canvas(QSize(100, 70), QPoint(6, 3), "Extend")
    return document


def reopened(store: Store, path: Path, **panel: Any) -> tuple[Document, Store]:
    store.mark_saved(path, (), store.write(path, store.snapshot(panel)))
    document = Document()
    other = Store(document)
    other.show(opened(openraster.read(path)), path, None)
    return document, other


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_all_of_a_document_comes_back(qtbot: QtBot, tmp_path: Path, dtype: Any) -> None:
    before = rich(dtype)
    store = Store(before)
    after, other = reopened(store, tmp_path / "rich.sfumato")
    assert after.size == before.size
    assert np.array_equal(after.pixels, before.pixels)
    assert np.array_equal(after.original, before.original)
    assert np.array_equal(after.mask_u8(), before.mask_u8())
    for one, two in zip(before.stack.layers, after.stack.layers, strict=True):
        assert (two.name, two.kind, two.opacity, two.visible, two.atop) == (
            one.name,
            one.kind,
            one.opacity,
            one.visible,
            one.atop,
        )
        assert two.recipe == one.recipe
        assert two.raster.dtype == one.raster.dtype
        for layer in (one, two):
            assert layer.raster.dtype == dtype
    for one, two in zip(before.alternatives, after.alternatives, strict=True):
        assert two.title == one.title
        assert np.array_equal(two.pixels, one.pixels)
        assert two.request.settings == one.request.settings
    assert not after.modified
    assert not other.has_unsaved


def test_a_second_save_packs_nothing_again(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.documents import writer

    document = document_with(60, 80)
    store = Store(document)
    path = tmp_path / "twice.sfumato"
    written = store.write(path, store.snapshot({}))
    store.mark_saved(path, (), written)
    document.fill_mask()
    packed = []
    encode = writer.png.encode
    monkeypatch.setattr(
        writer.png, "encode", lambda pixels, *rest: packed.append(pixels.ndim) or encode(pixels)
    )
    store.write(path, store.snapshot({}))
    assert packed == [2]  # the mask alone


def test_a_snapshot_is_untouched_by_what_follows(qtbot: QtBot, tmp_path: Path) -> None:
    document = rich()
    store = Store(document)
    snapshot = store.snapshot({})
    pixels, mask = document.pixels.copy(), document.mask_u8().copy()
    document.clear_mask()
    document.apply(document.alternatives[1])
    document.close()
    path = tmp_path / "then.sfumato"
    openraster.write(path, snapshot.stored())
    after = Document()
    Store(after).show(opened(openraster.read(path)), path, None)
    assert np.array_equal(after.pixels, pixels)
    assert np.array_equal(after.mask_u8(), mask)


def test_two_snapshots_share_the_mask_until_it_changes(qtbot: QtBot) -> None:
    document = rich()
    store = Store(document)
    first, second = store.snapshot({}), store.snapshot({})
    assert first.mask is second.mask
    document.invert_mask()
    assert store.snapshot({}).mask is not first.mask


def test_what_others_put_into_the_file_stays(qtbot: QtBot, tmp_path: Path) -> None:
    from dataclasses import replace

    path = tmp_path / "theirs.ora"
    store = Store(rich())
    stored = store.snapshot({}).stored()
    layers = (replace(stored.layers[0], attributes={"selected": "true"}), *stored.layers[1:])
    foreign = replace(
        stored,
        layers=layers,
        members={"other/brush": b"theirs"},
        attributes={"author": "me"},
        inversions={"a": b"b"},
    )
    openraster.write(path, foreign)
    document = Document()
    other = Store(document)
    other.show(opened(openraster.read(path)), path, None)
    bottom = document.stack.layers[0]
    document.layers.rename(bottom.id, "Renamed")
    openraster.write(path, other.snapshot({}).stored())
    found = openraster.read(path)
    assert found.members == {"other/brush": b"theirs"}
    assert found.attributes == {"author": "me"}
    assert found.inversions == {"a": b"b"}
    assert found.layers[0].attributes == {"selected": "true"}
    assert found.layers[0].name == "Renamed"


def test_what_a_plain_picture_leaves_out(qtbot: QtBot) -> None:
    store = Store(rich())
    assert store.left_out(Path("a.png")) == LeftOut(True, 5, 1)
    assert store.left_out(Path("a.psd")) == LeftOut(True, 0, 1)
    assert not store.left_out(Path("a.sfumato"))
    assert store.left_out(Path("a.jpg")).words() == ["5 layers", "the selection", "1 result"]
    plain = Document()
    plain.set_picture(Picture(pixels=noise(8, 8)))
    assert not Store(plain).left_out(Path("a.png"))


def test_a_result_counts_as_unsaved_until_it_is_applied_or_kept(
    qtbot: QtBot, tmp_path: Path
) -> None:
    document = document_with(20, 20)
    store = Store(document)
    assert not store.has_unsaved
    one = document.add_alternative(result_for(document, None, 1), "one")
    assert store.unaccepted == [one]
    assert store.has_unsaved
    document.apply(one)
    assert store.unaccepted == []
    document.undo_stack.undo()
    assert store.unaccepted == [one]
    path = tmp_path / "kept.sfumato"
    store.mark_saved(path, document.alternatives, store.write(path, store.snapshot({})))
    assert store.unaccepted == []
    document.set_picture(Picture(pixels=noise(8, 8)))
    assert not store.has_unsaved


def test_transparent_pictures_and_their_alpha_come_back(qtbot: QtBot, tmp_path: Path) -> None:
    document = Document()
    alpha = noise(20, 20)[..., 0].copy()
    document.set_picture(Picture(pixels=noise(20, 20, seed=4), alpha=alpha.copy()))
    after, _ = reopened(Store(document), tmp_path / "holes.sfumato")
    assert np.array_equal(after.pixels, document.pixels)
    assert after.alpha is not None
    assert np.array_equal(after.alpha, alpha)
