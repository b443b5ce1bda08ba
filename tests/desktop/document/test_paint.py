"""Strokes of colour: what they leave, that they go away exactly, and what they cost."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from desktop.document.document import Document
from desktop.document.paint import PaintStroke
from desktop.document.raster import TileRaster
from desktop.document.stack import Layer, LayerKind
from tests.desktop.document.results import document_with

RED, BLUE = (200, 10, 20), (5, 60, 250)


def full(side: int, value: int = 255) -> np.ndarray:
    return np.full((side, side), value, np.uint8)


def empty(dtype: Any = np.uint8, x: int = 0, y: int = 0) -> Layer:
    return Layer("Paint", LayerKind.PAINT, TileRaster(np.dtype(dtype)), x, y)


def stroke(layer: Layer, side: int = 600, colour: Any = RED) -> PaintStroke:
    return PaintStroke(layer, QRect(0, 0, side, side), colour)


def at(layer: Layer, x: int, y: int) -> list[int]:
    for rect, pixels, alpha in layer.raster.pieces(QRect(x - layer.x, y - layer.y, 1, 1)):
        assert alpha is not None
        assert rect.width() == 1
        return [*pixels[0, 0].tolist(), alpha[0, 0].item()]
    return [0, 0, 0, 0]


def test_dabs_of_a_stroke_do_not_add_up_but_strokes_do() -> None:
    layer = empty()
    for expected in (128, 255 - (255 - 128) ** 2 // 255):
        line = stroke(layer)
        for x in range(100, 160, 7):
            line.dabs([(full(41, 128), x, 50)])
        line.finish()
        assert at(layer, 150, 70) == [*RED, expected]


def test_colour_lies_over_colour() -> None:
    layer = empty()
    stroke(layer).dabs([(full(9), 0, 0)])
    stroke(layer, colour=BLUE).dabs([(full(9, 51), 0, 0)])
    expected = [round(r + 0.2 * (b - r)) for r, b in zip(RED, BLUE, strict=True)]
    assert at(layer, 4, 4) == [*expected, 255]
    stroke(layer, colour=BLUE).dabs([(full(9), 0, 0)])
    assert at(layer, 4, 4) == [*BLUE, 255]


def test_sixteen_bits_have_a_colour_of_their_own() -> None:
    layer = empty(np.uint16)
    stroke(layer, colour=(1, 2, 65000)).dabs([(full(9), 0, 0)])
    assert at(layer, 4, 4) == [1, 2, 65000, 65535]


def test_the_eraser_takes_colour_away_and_leaves_the_rest() -> None:
    layer = empty()
    stroke(layer).dabs([(full(9), 0, 0)])
    eraser = stroke(layer, colour=None)
    eraser.dabs([(full(4), 0, 0), (full(4), 500, 500)])
    assert at(layer, 1, 1)[3] == 0
    assert at(layer, 8, 8) == [*RED, 255]
    assert set(layer.raster._tiles) == {(0, 0)}  # type: ignore[attr-defined]


def test_strokes_stay_in_the_picture() -> None:
    layer = empty(x=-300, y=40)
    changed = stroke(layer, side=100).dabs([(full(80), -30, -30), (full(80), 60, 60)])
    assert changed == QRect(0, 0, 100, 100)
    assert at(layer, 10, 10)[3] == 255
    assert at(layer, 99, 99)[3] == 255
    assert layer.rgba()[..., 3].sum() == 255 * (50 * 50 + 40 * 40)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(-50, 600), st.integers(-50, 600), st.integers(1, 90), st.booleans()),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from([np.uint8, np.uint16]),
)
def test_strokes_go_back_and_forth_exactly(
    places: list[tuple[int, int, int, bool]], dtype: Any
) -> None:
    layer = empty(dtype)
    rng = np.random.default_rng(0)
    states, deltas = [layer.raster.frozen()], []
    for x, y, side, erase in places:
        stamp = rng.integers(0, 255, (side, side), np.uint8, endpoint=True)
        one = stroke(layer, colour=None if erase else RED)
        one.dabs([(stamp, x, y)])
        deltas.append(one.finish())
        states.append(layer.raster.frozen())
    for delta, state in zip(reversed(deltas), reversed(states[:-1]), strict=True):
        delta.apply(layer)
        assert same(layer.raster, state)
    for delta, state in zip(deltas, states[1:], strict=True):
        delta.apply(layer)
        assert same(layer.raster, state)


def same(one: Any, other: Any) -> bool:
    def tiles(raster: TileRaster) -> dict[Any, bytes]:
        return {key: tile.tobytes() for key, tile in raster._tiles.items() if tile.any()}

    return tiles(one) == tiles(other)


def test_cancel_leaves_no_trace() -> None:
    layer = empty()
    stroke(layer).dabs([(full(60), 230, 230)])
    before = layer.raster.frozen()
    line = stroke(layer, colour=BLUE)
    line.dabs([(full(300, 90), 100, 100)])
    assert line.cancel().contains(QRect(100, 100, 300, 300))
    assert same(layer.raster, before)
    assert line.dabs([(full(9), 0, 0)]).isEmpty()
    assert same(layer.raster, before)


def test_a_dab_costs_the_same_on_any_picture() -> None:
    written = []
    for side in (1024, 8192):
        line = stroke(empty(), side)
        for x in range(100, 700, 10):
            line.dabs([(full(81), x, 400)])
        written.append(line.bytes_written)
    assert written[0] == written[1]


@pytest.fixture
def document(qapp: object) -> Document:
    return document_with()


def test_painting_makes_a_layer_and_is_undone(document: Document) -> None:
    before = document.pixels
    line = document.strokes.paint(RED)
    assert line is not None
    document.strokes.painted(line.dabs([(full(20), 50, 50)]))
    document.strokes.end()
    assert [one.kind for one in document.layers] == [LayerKind.PICTURE, LayerKind.PAINT]
    after = document.pixels
    assert after[60, 60].tolist() == list(RED)
    assert (after[100:] == before[100:]).all()
    document.undo_stack.undo()
    assert (document.pixels == before).all()
    document.undo_stack.redo()
    assert (document.pixels == after).all()


def test_the_next_stroke_goes_on_the_same_layer(document: Document) -> None:
    for x in (10, 100):
        line = document.strokes.paint(RED)
        assert line is not None
        line.dabs([(full(20), x, 50)])
        document.strokes.end()
    assert len(document.layers) == 2
    assert document.strokes.paint(None) is not None
    assert document.strokes.cancel()


def test_there_must_be_paint_to_erase(document: Document) -> None:
    assert document.strokes.paint(None) is None
    assert document.undo_stack.count() == 0


def test_undo_during_a_stroke_takes_it_back_first(document: Document) -> None:
    before = document.pixels
    line = document.strokes.paint(RED)
    assert line is not None
    document.strokes.painted(line.dabs([(full(20), 50, 50)]))
    document.undo_stack.undo()
    assert (document.pixels == before).all()
    assert line.dabs([(full(20), 90, 90)]).isEmpty()
