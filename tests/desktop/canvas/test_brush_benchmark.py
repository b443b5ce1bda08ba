"""How long the brush takes on large canvases. Prints figures, asserts none.

pytest -m benchmark -s tests/desktop/canvas/test_brush_benchmark.py
"""

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.imaging.image import Picture
from desktop.canvas.pyramid import PicturePyramid
from desktop.canvas.tools import BrushSettings
from desktop.canvas.tools.stamp import place
from desktop.document.document import Document
from desktop.document.history import StrokeCommand
from desktop.document.mask import MaskBuffer
from desktop.document.paint import PaintStroke
from desktop.document.stack import Layer, LayerKind
from desktop.document.stroke import Stroke
from tests.desktop.canvas.canvases import at, drag, open_canvas
from tests.desktop.document.results import noise

SIDE = 8192

pytestmark = pytest.mark.benchmark


def shortest(action: Callable[[], object], times: int = 7) -> float:
    """Milliseconds of processor time of the fastest of several runs, whatever else runs here."""
    durations = []
    for _ in range(times):
        start = time.thread_time()
        action()
        durations.append(time.thread_time() - start)
    return 1000 * min(durations)


def test_a_dirty_rectangle_against_the_whole_pixmap(qapp: object) -> None:
    pixels = np.zeros((SIDE, SIDE, 3), np.uint8)
    pyramid = PicturePyramid.of(pixels)
    whole = shortest(lambda: QPixmap.fromImage(pyramid.levels[0]).width(), 3)
    dirty = shortest(lambda: pyramid.update(QRect(4000, 4000, 64, 64)), 200)
    print(f"\nwhole pixmap {whole:.1f} ms, dirty rectangle {dirty:.4f} ms: {whole / dirty:.0f} x")


def test_a_dab_on_8k_against_1k() -> None:
    strokes = {side: Stroke(MaskBuffer(side, side)) for side in (1024, SIDE)}
    times = dict.fromkeys(strokes, math.inf)
    for turn in range(300):
        point = QPointF(300 + turn % 97, 300 + turn % 89)
        for side, stroke in strokes.items():
            took = shortest(lambda s=stroke, p=point: s.dab(*place(p, 64, 0.5, 1.0)), 1)
            times[side] = min(times[side], took)
    large, small = times[SIDE], times[1024]
    print(f"\ndab on {SIDE}: {large:.4f} ms, on 1024: {small:.4f} ms: {large / small:.2f} x")


def test_a_paint_dab_through_layers_against_the_whole_pixmap(qapp: object) -> None:
    """From the stamp to the image that is painted on the screen, under and over other layers."""
    documents = {side: layered(side) for side in (1024, SIDE)}
    strokes, pyramids = {}, {}
    for side, document in documents.items():
        strokes[side] = document.strokes.paint((200, 30, 40))
        pyramids[side] = PicturePyramid(document.size, document.stack.composite)
    times = dict.fromkeys(documents, math.inf)

    def dab(side: int, point: QPointF) -> None:
        stroke = strokes[side]
        assert stroke is not None
        pyramids[side].update(stroke.dabs([place(point, 64, 0.5, 1.0)]))

    for turn in range(300):
        point = QPointF(300 + turn % 97, 300 + turn % 89)
        for side in documents:
            times[side] = min(times[side], shortest(lambda s=side, p=point: dab(s, p), 1))
    whole = shortest(lambda: QPixmap.fromImage(pyramids[SIDE].levels[0]).width(), 3)
    large, small = times[SIDE], times[1024]
    print(f"\npaint dab through 4 layers on {SIDE}: {large:.3f} ms, on 1024: {small:.3f} ms")
    print(f"on {SIDE} against 1024: {large / small:.2f} x")
    print(f"whole pixmap {whole:.1f} ms against a dab: {whole / large:.0f} x")


def layered(side: int) -> Document:
    """A picture, a result over most of it, and two layers of paint with the active one below."""
    document = Document()
    document.set_picture(Picture(pixels=np.full((side, side, 3), 90, np.uint8)))
    rgba = np.full((side // 2, side // 2, 4), 128, np.uint8)
    document.layers.add(Layer.from_rgba("result", LayerKind.RESULT, rgba, x=100, y=100))
    active = document.layers.add_paint()
    for layer in (active, document.layers.add_paint()):
        stroke = PaintStroke(layer, document.stack.rect, (20, 200, 90))
        stroke.dabs([(np.full((400, 400), 100, np.uint8), 200, 200)])
    document.layers.set_active(active.id)
    return document


def test_undo_memory_of_strokes(qapp: object) -> None:
    """Brush, eraser and paint of many sizes, hard and soft, crossing each other, on 24 MP."""
    document = Document()
    document.set_picture(Picture(pixels=np.zeros((4000, 6000, 3), np.uint8)))
    rng = np.random.default_rng(5)
    touched = stored = 0
    slowest = 0.0
    for number in range(60):
        size, hardness = float(rng.integers(8, 400)), float(rng.choice([0.0, 0.5, 0.8, 1.0]))
        opacity = float(rng.choice([0.3, 0.7, 1.0]))
        colour = tuple(rng.integers(0, 255, 3).tolist())
        erase = number % 5 == 4
        if number % 2:
            stroke: Any = document.strokes.paint(None if erase else colour)
        else:
            stroke = document.strokes.begin(erase=erase)
        if stroke is None:
            continue
        x, y = rng.integers(300, (2400, 1700))
        for _ in range(60):
            x, y = x + rng.integers(-10, 30), y + rng.integers(-20, 20)
            rect = stroke.dabs([place(QPointF(x, y), size, hardness, opacity)])
            document.strokes.painted(rect)
        start = time.perf_counter()
        document.strokes.end()
        slowest = max(slowest, 1000 * (time.perf_counter() - start))
        command = document.undo_stack.command(document.undo_stack.index() - 1)
        if isinstance(command, StrokeCommand):
            command.wait_packed()
            touched += command.delta.touched_bytes
            stored += command.delta.stored_bytes
    print(f"\ntouched tiles {touched / 2**20:.1f} MB, stored {stored / 2**20:.2f} MB; ", end="")
    print(f"the end of a stroke took {slowest:.1f} ms at most on the window's thread")
    print(f"stored against touched: {stored / touched:.3f}")


@pytest.mark.parametrize("size", [20, 200, 1000])
def test_moves_over_24_megapixels(qtbot: QtBot, size: int) -> None:
    view = open_canvas(qtbot, noise(64, 64))
    view.resize(1400, 900)
    pixels = np.zeros((4000, 6000, 3), np.uint8)
    start = time.perf_counter()
    view.document.set_picture(Picture(pixels=pixels))
    view.repaint()
    opened = 1000 * (time.perf_counter() - start)
    view.set_brush(BrushSettings(size, 0.5, 1.0))
    drag(view, (1000, 1000), release=False)
    qtbot.wait(50)
    durations = []
    for step in range(40):
        x, y = 1000 + 80 * step, 2000 + 900 * math.sin(step / 5)
        start = time.perf_counter()
        QTest.mouseMove(view, at(view, x, y))
        view.repaint()
        durations.append(1000 * (time.perf_counter() - start))
    durations.sort()
    print(
        f"\nbrush of {size} on 24 MP: {durations[20]:.1f} ms a move, longest {durations[-1]:.1f} ms"
        f" (shown in {opened:.0f} ms)"
    )
