"""Undo: random work goes back and forth to equal pictures, and the memory's limit holds."""

import hashlib
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PySide6.QtCore import QPoint, QSize

from desktop.document.document import Document
from desktop.document.raster import ArrayRaster, TileRaster
from desktop.document.stack import Layer, LayerKind
from tests.desktop.document.results import document_with, noise, result_for

PLACES = st.integers(-30, 300)
PICK = st.integers(0, 10**6)


def fingerprint(document: Document) -> str:
    """Of everything that a user can see or save, but for the results, which are no step."""
    digest = hashlib.sha256(document.pixels.tobytes())
    if document.alpha is not None:
        digest.update(document.alpha.tobytes())
    digest.update(document.mask_u8().tobytes())
    digest.update(document.original.tobytes())
    for layer in document.layers:
        kept = (layer.name, layer.kind, layer.opacity, layer.visible, layer.atop, layer.id)
        digest.update(repr(kept).encode())
        if layer.kind is not LayerKind.PAINT:
            digest.update(repr((layer.x, layer.y)).encode() + layer.rgba().tobytes())
    digest.update(repr(document.size).encode())
    return digest.hexdigest()


class Editing(RuleBasedStateMachine):
    """Anything, in any order; a fingerprint is kept for each place in the history."""

    def __init__(self) -> None:
        super().__init__()
        self.document = document_with(270, 290)
        self.document.undo_stack.set_cap(300_000)
        self.known = {0: fingerprint(self.document)}

    def teardown(self) -> None:
        self.document.undo_stack.settle()

    def did(self) -> None:
        """A step was made; what was known of steps that could be redone is over."""
        stack = self.document.undo_stack
        self.known = {i: f for i, f in self.known.items() if i < stack.index()}
        self.known[stack.index()] = fingerprint(self.document)

    def chosen(self, pick: int) -> Layer:
        layers = self.document.stack.layers
        return layers[pick % len(layers)]

    @rule(
        x=PLACES, y=PLACES, side=st.integers(1, 200), erase=st.booleans(), value=st.integers(1, 255)
    )
    def brush(self, x: int, y: int, side: int, erase: bool, value: int) -> None:
        stroke = self.document.strokes.begin(erase=erase)
        self.document.strokes.painted(stroke.dab(np.full((side, side), value, np.uint8), x, y))
        self.document.strokes.end()
        self.did()

    @rule(
        x=PLACES, y=PLACES, side=st.integers(1, 200), erase=st.booleans(), value=st.integers(1, 255)
    )
    def paint(self, x: int, y: int, side: int, erase: bool, value: int) -> None:
        count = self.document.undo_stack.index()
        stroke = self.document.strokes.paint(None if erase else (value, 20, 30))
        if stroke is None:
            return
        if self.document.undo_stack.index() > count:
            self.did()  # a new layer, or one that is shown again
        stamp = np.full((side, side), value, np.uint8)
        self.document.strokes.painted(stroke.dabs([(stamp, x, y)]))
        self.document.strokes.end()
        self.did()

    @rule()
    def invert(self) -> None:
        self.document.invert_mask()
        self.did()

    @rule(pick=PICK)
    def duplicate(self, pick: int) -> None:
        if len(self.document.layers) < 5:
            self.document.layers.duplicate(self.chosen(pick).id)
            self.did()

    @rule(pick=PICK, other=PICK)
    def move(self, pick: int, other: int) -> None:
        self.document.layers.move(self.chosen(pick).id, other % len(self.document.layers))
        self.did()

    @rule(pick=PICK, opacity=st.sampled_from([0.0, 0.25, 0.6, 1.0]))
    def fade(self, pick: int, opacity: float) -> None:
        self.document.layers.set_opacity(self.chosen(pick).id, opacity)
        self.did()

    @rule(pick=PICK, visible=st.booleans())
    def hide(self, pick: int, visible: bool) -> None:
        self.document.layers.set_visible(self.chosen(pick).id, visible)
        self.did()

    @rule(pick=PICK)
    def merge(self, pick: int) -> None:
        layer = self.chosen(pick)
        if self.document.layers.can_merge_down(layer.id):
            self.document.layers.merge_down(layer.id)
            self.did()

    @rule(pick=PICK)
    def remove(self, pick: int) -> None:
        if len(self.document.layers) > 1:
            self.document.layers.remove(self.chosen(pick).id)
            self.did()

    @rule()
    def flatten(self) -> None:
        self.document.layers.flatten()
        self.did()

    @rule(seed=st.integers(0, 50), x=st.integers(0, 200), y=st.integers(0, 200))
    def apply(self, seed: int, x: int, y: int) -> None:
        mask = np.zeros(self.document.pixels.shape[:2], np.float32)
        mask[y : y + 60, x : x + 70] = 1
        self.document.apply(
            self.document.add_alternative(result_for(self.document, mask, seed), "r")
        )
        self.did()

    @precondition(lambda self: self.document.alternatives)
    @rule(pick=PICK)
    def delete_result(self, pick: int) -> None:
        results = self.document.alternatives
        self.document.delete_alternative(results[pick % len(results)])
        self.did()

    @rule(left=st.integers(-40, 40), top=st.integers(-40, 40))
    def resize(self, left: int, top: int) -> None:
        size = self.document.size + QSize(left, top)
        if 200 < size.width() < 400 and 200 < size.height() < 400:
            self.document.resize_canvas(size, QPoint(left, top), "Frame")
            self.did()

    @rule(times=st.integers(1, 6))
    def undo(self, times: int) -> None:
        for _ in range(times):
            self.document.undo_stack.undo()

    @rule(times=st.integers(1, 6))
    def redo(self, times: int) -> None:
        for _ in range(times):
            self.document.undo_stack.redo()

    @rule()
    def rest(self) -> None:
        stack = self.document.undo_stack
        stack.settle()
        assert stack.stored_bytes <= stack.cap or stack.steps == 1

    @invariant()
    def it_is_as_it_was(self) -> None:
        known = self.known.get(self.document.undo_stack.index())
        assert known is None or known == fingerprint(self.document)


@pytest.mark.usefixtures("qapp")
class TestEditing(Editing.TestCase):
    settings = settings(
        max_examples=6,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.slow
@pytest.mark.usefixtures("qapp")
class TestEditingLong(Editing.TestCase):
    settings = settings(
        max_examples=200,
        stateful_step_count=50,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_resting_pixels_come_back(dtype: Any) -> None:
    rgba = np.dstack([noise(300, 270, dtype), noise(300, 270, dtype, 1)[..., 0]])
    for kind in (LayerKind.RESULT, LayerKind.PAINT):
        layer = Layer.from_rgba("x", kind, rgba)
        before = layer.rgba()
        layer.raster.rest()
        layer.raster.wait_packed()
        assert layer.raster.nbytes < 2.1 * rgba.nbytes
        assert (layer.rgba() == before).all()
    raster = TileRaster.from_rgba(rgba)
    raster.rest()
    raster.writable((0, 0))[...] = 1
    flat = ArrayRaster(np.full((600, 600, 3), 7, dtype))
    size = flat.nbytes
    flat.rest()
    flat.wait_packed()
    assert flat.nbytes < size / 50
    assert (flat.pixels == 7).all()


def test_the_oldest_steps_fall_off_and_the_rest_can_be_undone(qapp: object) -> None:
    document = document_with(270, 290)
    stack = document.undo_stack
    stack.set_cap(200_000)
    rng = np.random.default_rng(0)
    states = []
    for _ in range(12):
        document.set_mask(rng.integers(0, 255, (270, 290), np.uint8, endpoint=True), "Noise")
        states.append(document.mask_u8().copy())
    stack.settle()
    assert stack.stored_bytes <= stack.cap
    assert 1 <= stack.steps < 12
    steps = stack.steps
    for _ in range(20):
        stack.undo()
    assert not stack.canUndo()
    assert stack.undoText() == ""
    assert (document.mask_u8() == states[11 - steps]).all()
    assert document.modified
    for _ in range(steps):
        stack.redo()
    assert (document.mask_u8() == states[-1]).all()


def test_a_large_step_alone_stays(qapp: object) -> None:
    document = document_with(270, 290)
    document.undo_stack.set_cap(1)
    document.set_mask(noise(270, 290)[..., 0].copy(), "Noise")
    document.undo_stack.settle()
    document.undo_stack.undo()
    assert not document.has_mask


def test_a_smaller_limit_holds_at_once(qapp: object) -> None:
    document = document_with(270, 290)
    rng = np.random.default_rng(0)
    for _ in range(5):
        document.set_mask(rng.integers(0, 255, (270, 290), np.uint8, endpoint=True), "Noise")
    document.undo_stack.settle()
    assert document.undo_stack.steps == 5
    document.undo_stack.set_cap(150_000)
    assert document.undo_stack.stored_bytes <= 150_000


def test_what_the_document_holds_costs_nothing(qapp: object) -> None:
    document = document_with(270, 290)
    for seed in range(3):
        document.apply(document.add_alternative(result_for(document, None, seed), "a"))
    document.undo_stack.settle()
    assert document.undo_stack.stored_bytes == 0
    document.undo_stack.undo()
    assert document.undo_stack.stored_bytes == 0
    document.layers.remove(document.stack.layers[0].id)
    document.undo_stack.settle()
    assert document.undo_stack.stored_bytes == 0
