"""How long the brush takes on large canvases. Prints figures, asserts none.

pytest -m benchmark -s tests/desktop/canvas/test_brush_benchmark.py
"""

import math
import time
from collections.abc import Callable

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
from desktop.document.mask import MaskBuffer
from desktop.document.stroke import Stroke
from tests.desktop.canvas.canvases import at, drag, open_canvas
from tests.desktop.document.results import noise

SIDE = 8192

pytestmark = pytest.mark.benchmark


def shortest(action: Callable[[], object], times: int = 7) -> float:
    """Milliseconds of the fastest of several runs: the others waited for something else."""
    durations = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        durations.append(time.perf_counter() - start)
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
