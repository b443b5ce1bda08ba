"""Layers: how they look together, every step on them and its undoing, and results as layers."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from pytestqt.qtbot import QtBot

from core.events import Finished
from core.imaging.image import Picture
from core.request import EditRequest
from core.settings import MaskedFillSettings
from desktop.document.document import Document
from desktop.document.stack import Layer, LayerKind
from tests.desktop.document.results import document_with, noise, result_for


def patch(height: int, width: int, dtype: Any = np.uint8, seed: int = 7) -> np.ndarray:
    """RGBA noise, opaque in its left half."""
    rgba = np.dstack([noise(height, width, dtype, seed), np.zeros((height, width), dtype)])
    rgba[:, : width // 2, 3] = np.iinfo(dtype).max
    return rgba


@pytest.fixture(params=[np.uint8, np.uint16])
def document(request: pytest.FixtureRequest, qapp: object) -> Document:
    return document_with(dtype=request.param)


@pytest.fixture
def layered(document: Document) -> Document:
    rgba = patch(40, 60, document.dtype)
    document.layers.add(Layer.from_rgba("patch", LayerKind.RESULT, rgba, x=30, y=20))
    return document


def looks(document: Document) -> bytes:
    alpha = document.alpha
    return document.pixels.tobytes() + (b"" if alpha is None else alpha.tobytes())


def test_one_opaque_layer_is_its_own_array(document: Document) -> None:
    (only,) = document.layers
    assert only.kind is LayerKind.PICTURE
    assert document.pixels is only.raster.pixels  # type: ignore[attr-defined]
    assert document.alpha is None


def test_an_opaque_part_covers_and_the_rest_shows_through(layered: Document) -> None:
    expected = layered.original.copy()
    expected[20:60, 30:60] = layered.layers.stack.layers[1].rgba()[:, :30, :3]
    assert (layered.pixels == expected).all()
    assert layered.alpha is None


def test_pixels_are_never_written_again(layered: Document) -> None:
    before, copy = layered.pixels, layered.pixels.copy()
    layered.layers.set_opacity(layered.layers.stack.layers[1].id, 0.3)
    assert layered.pixels is not before
    assert (before == copy).all()
    with pytest.raises(ValueError, match="read-only"):
        layered.pixels[0, 0] = 0


def test_only_what_changed_is_told_and_made_anew(layered: Document, qtbot: QtBot) -> None:
    top = layered.layers.stack.layers[1]
    with qtbot.waitSignal(layered.pixels_changed) as blocker:
        layered.layers.set_visible(top.id, False)
    assert blocker.args == [QRect(30, 20, 60, 40)]
    with qtbot.assertNotEmitted(layered.pixels_changed):
        layered.layers.rename(top.id, "other")
    assert (layered.pixels == layered.original).all()


def test_every_step_goes_back_and_forth(layered: Document) -> None:
    layers = layered.layers
    bottom, top = layers.stack.layers
    steps = [
        lambda: layers.set_opacity(top.id, 0.5),
        lambda: layers.rename(top.id, "renamed"),
        lambda: layers.duplicate(bottom.id),
        lambda: layers.move(bottom.id, 2),
        lambda: layers.set_visible(bottom.id, False),
        lambda: layers.add_paint(),
        lambda: layers.remove(bottom.id),
        lambda: layers.set_visible(top.id, False),
        lambda: layers.flatten(),
    ]

    def state() -> object:
        return looks(layered), [(one.name, one.opacity, one.visible) for one in layers]

    states = [state()]
    count = layered.undo_stack.count()
    for step in steps:
        step()
        states.append(state())
    assert layered.undo_stack.count() == count + len(steps)
    for expected in reversed(states[:-1]):
        layered.undo_stack.undo()
        assert state() == expected
    for expected in states[1:]:
        layered.undo_stack.redo()
        assert state() == expected


def test_a_slider_makes_one_step(layered: Document) -> None:
    top = layered.layers.stack.layers[1]
    count = layered.undo_stack.count()
    for opacity in (0.9, 0.5, 0.2):
        layered.layers.set_opacity(top.id, opacity)
    assert layered.undo_stack.count() == count + 1
    layered.undo_stack.undo()
    assert layered.layers.stack.layers[1].opacity == 1.0


def test_merging_and_flattening_keep_the_look(layered: Document) -> None:
    layers = layered.layers
    layers.set_opacity(layers.stack.layers[1].id, 0.37)
    before = layered.pixels
    layers.duplicate(layers.stack.layers[0].id)
    layers.move(layers.stack.layers[1].id, 0)
    layers.merge_down(layers.stack.layers[2].id)
    assert len(layers) == 2
    assert (layered.pixels == before).all()
    layers.flatten()
    assert len(layers) == 1
    assert (layered.pixels == before).all()


def test_what_cannot_be_done_is_refused(layered: Document) -> None:
    layers = layered.layers
    bottom, top = layers.stack.layers
    assert not layers.can_merge_down(bottom.id)
    with pytest.raises(ValueError, match="merged"):
        layers.merge_down(bottom.id)
    layers.remove(bottom.id)
    with pytest.raises(ValueError, match="at least one"):
        layers.remove(top.id)
    with pytest.raises(KeyError):
        layers.rename(bottom.id, "gone")


def test_without_the_picture_it_is_transparent(layered: Document) -> None:
    layered.layers.set_visible(layered.layers.stack.layers[0].id, False)
    alpha = layered.alpha
    assert alpha is not None
    assert alpha[20:60, 30:60].all()
    alpha = alpha.copy()
    alpha[20:60, 30:60] = 0
    assert not alpha.any()


def test_a_picture_keeps_its_colours_where_it_is_transparent(qapp: object) -> None:
    document = Document()
    alpha = noise(30, 40)[..., 0].copy()
    document.set_picture(Picture(pixels=noise(30, 40), alpha=alpha))
    assert (document.pixels == noise(30, 40)).all()
    document.apply(document.add_alternative(result_for(document, None, 1), "a"))
    assert (document.pixels == document.alternatives[0].pixels).all()
    assert document.alpha is not None
    assert (document.alpha == alpha).all()


def test_a_result_is_a_cropped_layer_with_its_name(document: Document) -> None:
    mask = np.zeros((300, 400), np.float32)
    mask[50:90, 60:100] = 1
    alternative = document.add_alternative(result_for(document, mask, 1), "pear")
    document.apply(alternative)
    top = document.layers.active
    assert top is not None
    assert (top.name, top.kind, top.box) == ("pear", LayerKind.RESULT, QRect(60, 50, 40, 40))
    assert (document.pixels == alternative.pixels).all()
    assert document.recipe == {"seed": 1}
    document.layers.set_visible(top.id, False)
    assert document.recipe is None
    assert (document.pixels == document.original).all()


def extended(document: Document, left: int, top: int, height: int, width: int) -> Finished:
    """The picture with its corner at (left, top) of a larger one of noise."""
    old = document.pixels
    picture = noise(height, width, document.dtype, 50)
    picture[top : top + old.shape[0], left : left + old.shape[1]] = old
    request = EditRequest(MaskedFillSettings(), old, np.ones(old.shape[:2], np.float32))
    return Finished(request, picture, None, 1, 0.5, {}, offset=(left, top))  # type: ignore[arg-type]


def test_an_extended_picture_takes_everything_along(layered: Document, qtbot: QtBot) -> None:
    mask = np.zeros((300, 400), np.uint8)
    mask[5, 6] = 200
    layered.set_mask(mask, "Dot")
    before = looks(layered)
    alternative = layered.add_alternative(extended(layered, 11, 7, 320, 450), "wider")
    with qtbot.waitSignal(layered.size_changed):
        layered.apply(alternative)
    assert layered.size == QSize(450, 320)
    assert (layered.pixels == alternative.pixels).all()
    assert layered.mask_u8().shape == (320, 450)
    assert layered.mask_u8()[12, 17] == 200
    assert layered.mask_u8().sum() == 200
    assert layered.original.shape == (320, 450, 3)
    assert (layered.original[7:307, 11:411] == noise(300, 400, layered.dtype)).all()
    layered.layers.set_visible(layered.layers.stack.layers[1].id, False)
    assert (layered.pixels[7:307, 11:411] == layered.original[7:307, 11:411]).all()
    for _ in range(2):
        layered.undo_stack.undo()
    assert looks(layered) == before
    assert (layered.mask_u8() == mask).all()


def test_a_larger_result_takes_everything_along(layered: Document) -> None:
    layered.set_mask(np.full((300, 400), 255, np.uint8), "All")
    before = layered.pixels
    large = noise(600, 800, layered.dtype, 3)
    finished = replace(result_for(layered, None, 1), picture=large)
    layered.apply(layered.add_alternative(finished, "twice"))
    assert layered.size == QSize(800, 600)
    assert (layered.pixels == large).all()
    assert (layered.mask_u8() == 255).all()
    assert layered.layers.stack.layers[1].box == QRect(60, 40, 120, 80)
    layered.undo_stack.undo()
    assert (layered.pixels == before).all()
    assert layered.has_mask


def test_a_crop_loses_nothing(layered: Document) -> None:
    before = layered.pixels
    layered.resize_canvas(QSize(100, 80), QPoint(-20, -10), "Crop")
    assert (layered.pixels == before[10:90, 20:120]).all()
    layered.resize_canvas(QSize(400, 300), QPoint(20, 10), "Extend")
    assert (layered.pixels == before).all()


def test_layers_are_opened_as_they_were(layered: Document) -> None:
    layers = [
        Layer.from_rgba(one.name, one.kind, one.rgba(), one.x, one.y, opacity=one.opacity)
        for one in layered.layers
    ]
    again = Document()
    again.set_picture(Picture(pixels=layered.pixels), layers=layers)
    assert looks(again) == looks(layered)


def test_a_frozen_stack_is_left_alone(layered: Document) -> None:
    paint = layered.layers.add_paint()
    paint.raster.writable((0, 0))[...] = 200  # type: ignore[attr-defined]
    frozen = layered.stack.frozen()
    before = frozen.composite(frozen.rect)[0].copy()
    paint.raster.writable((0, 0))[...] = 9  # type: ignore[attr-defined]
    assert (frozen.composite(frozen.rect)[0] == before).all()


def test_parts_fit_the_whole(qapp: object) -> None:
    """Whatever rectangle is made anew, it looks as it does in the whole picture."""
    rng = np.random.default_rng(3)
    for _ in range(12):
        document = document_with(90, 120)
        for kind in LayerKind:
            layer = Layer.from_rgba(
                kind.value,
                kind,
                np.dstack([noise(50, 60), noise(50, 60, seed=9)[..., 0] // 86 * 127]),
                *rng.integers(-20, 80, 2).tolist(),
                opacity=float(rng.choice([0.4, 1.0])),
                visible=bool(rng.integers(4)),
                atop=bool(rng.integers(2)),
            )
            document.layers.add(layer, int(rng.integers(2)))
        if rng.integers(2):
            document.layers.set_visible(document.stack.layers[int(rng.integers(4))].id, False)
        pixels, alpha = document.stack.composite(document.stack.rect)
        for left, top, width, height in rng.integers(1, 60, (20, 4)).tolist():
            rect = QRect(left, top, width, height) & document.stack.rect
            part, cover = document.stack.composite(rect)
            index = np.s_[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1]
            assert (part == pixels[index]).all()
            opaque = np.full(part.shape[:2], 255, np.uint8)
            whole = opaque if alpha is None else alpha[index]
            assert (whole == (opaque if cover is None else cover)).all()
