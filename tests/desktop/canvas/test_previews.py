"""Pictures of a running edit over the picture, in its mask."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.canvas.tools import BrushSettings
from desktop.qimage import to_qimage
from tests.desktop.canvas.canvases import drag, open_canvas, screen, shown_at
from tests.desktop.document.results import noise

RED, BLUE, GREEN = [200, 30, 20], [10, 40, 220], [30, 190, 60]


def plain(colour: list[int], height: int = 300, width: int = 400) -> np.ndarray:
    return np.full((height, width, 3), colour, np.uint8)


def test_preview_stays_in_the_mask(qtbot: QtBot) -> None:
    view = open_canvas(qtbot, plain(RED))
    view.set_brush(BrushSettings(60, 1.0, 1.0))
    drag(view, (200, 150), (205, 150))
    QTest.mouseMove(view, QPoint(2, 2))
    view.set_preview(plain(BLUE, 3, 4))
    assert shown_at(view, 200.5, 150.5) == BLUE
    assert shown_at(view, 60.5, 150.5) == RED
    view.document.clear_mask()
    assert shown_at(view, 60.5, 150.5) == BLUE
    view.set_preview(to_qimage(plain(GREEN, 3, 4)))
    assert shown_at(view, 60.5, 150.5) == GREEN
    view.set_preview(None)
    assert shown_at(view, 60.5, 150.5) == RED


def test_a_soft_mask_mixes_the_preview(qtbot: QtBot) -> None:
    view = open_canvas(qtbot, plain([0, 0, 0]))
    view.document.set_mask(np.full((300, 400), 0.25, np.float32), "Soft")
    view.set_preview(plain([200, 200, 200], 3, 4))
    assert shown_at(view, 200.5, 150.5) == pytest.approx([50, 50, 50], abs=1)


@pytest.mark.parametrize("zoom", [None, 0.37, 1.0, 3.3])
@pytest.mark.parametrize("rect", [None, QRect(-20, 10, 200, 120)])
@pytest.mark.parametrize("masked", [False, True])
def test_the_next_preview_alone_looks_as_if_all_were_drawn(
    qtbot: QtBot, zoom: float | None, rect: QRect | None, masked: bool
) -> None:
    view = open_canvas(qtbot, noise(150, 190), zoom)
    if masked:
        mask = np.zeros((150, 190), np.float32)
        mask[20:110, 30:160] = np.linspace(0, 1, 130, dtype=np.float32)
        view.document.set_mask(mask, "Soft")
    for seed in (1, 2, 3):
        view.set_preview(noise(20, 25, seed=seed), rect)
        step_by_step = screen(view)
        view.set_surround(view._scene.renderer.surround)  # draws everything
        assert np.array_equal(screen(view), step_by_step)


def test_a_mask_that_changes_under_previews_is_drawn_anew(qtbot: QtBot) -> None:
    view = open_canvas(qtbot, plain(RED))
    view.set_brush(BrushSettings(60, 1.0, 1.0))
    drag(view, (200, 150), (205, 150))
    QTest.mouseMove(view, QPoint(2, 2))
    view.set_preview(plain(BLUE, 3, 4))
    view.set_preview(plain(BLUE, 3, 4))
    drag(view, (100, 150), (105, 150))
    QTest.mouseMove(view, QPoint(2, 2))
    view.set_preview(plain(GREEN, 3, 4))
    assert shown_at(view, 100.5, 150.5) == GREEN
    assert shown_at(view, 200.5, 150.5) == GREEN
