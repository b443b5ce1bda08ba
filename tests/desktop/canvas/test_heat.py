"""Heat over the picture: where it lies, and the outline of the mask that it would make."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect
from pytestqt.qtbot import QtBot

from desktop.canvas.heat import HeatLayer
from tests.desktop.canvas.canvases import open_canvas, screen, shown_at


def half(height: int = 8, width: int = 8) -> np.ndarray:
    """1 on the left half, 0 on the right."""
    heat = np.zeros((height, width), np.float32)
    heat[:, : width // 2] = 1.0
    return heat


def test_it_lies_in_its_box_at_every_zoom(qtbot: QtBot) -> None:
    view = open_canvas(qtbot, np.full((100, 120, 3), 120, np.uint8))
    view.set_heat(HeatLayer(half(), QRect(20, 30, 60, 40), 0.5))
    for zoom in (1.0, 2.5):
        view.set_zoom(zoom)
        for place in ((10.5, 50.5), (90.5, 50.5), (50.5, 20.5), (50.5, 80.5)):
            assert shown_at(view, *place) == [120, 120, 120]
        hot, cold = shown_at(view, 30.5, 50.5), shown_at(view, 70.5, 50.5)
        assert hot[0] > hot[2] + 60  # yellow
        assert cold[2] > cold[0]  # indigo
    view.set_heat(None)
    assert shown_at(view, 30.5, 50.5) == [120, 120, 120]


def test_the_outline_is_the_edge_of_the_mask(qtbot: QtBot) -> None:
    box = QRect(20, 30, 64, 32)
    layer = HeatLayer(half(8, 16), box, 0.5)
    bounds = layer.outline.boundingRect()
    assert bounds.left() == pytest.approx(20.5)
    assert bounds.right() == pytest.approx(20 + 32, abs=1.0)
    assert bounds.top() == pytest.approx(30.5)
    assert bounds.bottom() == pytest.approx(61.5)
    view = open_canvas(qtbot, np.full((100, 120, 3), 120, np.uint8), zoom=3.0)
    view.set_heat(layer)
    edge = bounds.right()
    assert min(shown_at(view, edge, 46.0)) > 200  # a white line
    assert min(shown_at(view, edge - 6, 46.0)) < 200


def test_nothing_that_hot_has_no_outline() -> None:
    assert HeatLayer(half() * 0.4, QRect(0, 0, 30, 30), 0.5).outline.isEmpty()
    whole = HeatLayer(half() * 0 + 1, QRect(0, 0, 30, 30), 0.5).outline
    assert whole.contains(QPointF(15, 15))


def test_holes_are_outlined_too() -> None:
    heat = np.ones((9, 9), np.float32)
    heat[3:6, 3:6] = 0.0
    outline = HeatLayer(heat, QRect(0, 0, 90, 90), 0.5).outline
    assert outline.contains(QPointF(10, 10))
    assert not outline.contains(QPointF(45, 45))


def test_the_outline_of_a_huge_picture_stays_cheap() -> None:
    layer = HeatLayer(half(64, 64), QRect(0, 0, 8192, 8192), 0.5)
    assert layer.outline.elementCount() < 5000
    assert layer.outline.boundingRect().right() == pytest.approx(4096, abs=40)


def test_compare_shows_it_on_the_result_only(qtbot: QtBot) -> None:
    view = open_canvas(qtbot, np.full((100, 120, 3), 120, np.uint8))
    view.set_compare(True)
    plain = screen(view)
    view.set_heat(HeatLayer(np.ones((4, 4), np.float32), QRect(0, 0, 120, 100), 0.5))
    hot = screen(view)
    left = view.viewport.to_device(QPointF(20, 50)).toPoint()
    right = view.viewport.to_device(QPointF(100, 50)).toPoint()
    assert np.array_equal(plain[left.y(), left.x()], hot[left.y(), left.x()])
    assert not np.array_equal(plain[right.y(), right.x()], hot[right.y(), right.x()])
