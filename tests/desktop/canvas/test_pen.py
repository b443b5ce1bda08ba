"""A pen on the canvas: its pressure, and the eraser at its other end."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.canvas.tools import BrushSettings, ToolKind
from desktop.canvas.view import CanvasView
from tests.desktop.canvas.canvases import open_canvas

PEN, ERASER = QPointingDevice.PointerType.Pen, QPointingDevice.PointerType.Eraser
_STEPS = {
    QEvent.Type.TabletPress: (Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton),
    QEvent.Type.TabletMove: (Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton),
    QEvent.Type.TabletRelease: (Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton),
}


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return open_canvas(qtbot, np.zeros((300, 400, 3), np.uint8))


def draw(view: CanvasView, *dabs: tuple[float, float, float], end=PEN) -> None:
    """Press at the first (x, y, pressure), move over the others, lift at the last."""
    device = QPointingDevice(
        "pen",
        1,
        QInputDevice.DeviceType.Stylus,
        end,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
        1,
        2,
    )
    kinds = [QEvent.Type.TabletPress, *[QEvent.Type.TabletMove] * (len(dabs) - 1)]
    for kind, (x, y, pressure) in zip(
        [*kinds, QEvent.Type.TabletRelease], [*dabs, (*dabs[-1][:2], 0.0)], strict=True
    ):
        at = view.picture_to_widget(QPointF(x, y))
        button, buttons = _STEPS[kind]
        event = QTabletEvent(
            kind,
            device,
            at,
            QPointF(view.mapToGlobal(at)),
            pressure,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            Qt.KeyboardModifier.NoModifier,
            button,
            buttons,
        )
        QApplication.sendEvent(view, event)
        assert event.isAccepted()  # so that Qt makes no mouse event of it


def widths(view: CanvasView, *columns: int) -> list[int]:
    return [int((view.document.mask_u8()[:, column] >= 128).sum()) for column in columns]


def test_pressure_makes_the_line_thinner(view: CanvasView) -> None:
    view.set_brush(BrushSettings(40, 1.0, 1.0))
    draw(view, (50, 150, 0.25), (350, 150, 1.0))
    thin, middle, thick = widths(view, 60, 200, 340)
    assert 8 <= thin <= 14
    assert 22 <= middle <= 30
    assert 37 <= thick <= 41
    assert view.document.undo_stack.count() == 1


def test_pressure_fades_the_line_if_it_shall(view: CanvasView) -> None:
    view.set_brush(BrushSettings(20, 1.0, 1.0, pressure_sizes=False, pressure_fades=True))
    draw(view, (50, 150, 0.5), (350, 150, 0.5))
    mask = view.document.mask_u8()
    assert mask.max() == pytest.approx(128, abs=2)
    assert (mask[:, 200] > 0).sum() == pytest.approx(20, abs=2)


def test_pressure_can_be_of_no_matter(view: CanvasView) -> None:
    view.set_brush(BrushSettings(20, 1.0, 1.0, pressure_sizes=False))
    draw(view, (50, 150, 0.1), (350, 150, 0.2))
    assert view.document.mask_u8().max() == 255
    assert widths(view, 200)[0] == pytest.approx(20, abs=1)


def test_the_line_does_not_thin_out_where_the_pen_leaves(view: CanvasView) -> None:
    view.set_brush(BrushSettings(40, 1.0, 1.0))
    draw(view, (50, 150, 1.0), (200, 150, 1.0))
    assert widths(view, 200)[0] >= 38


def test_the_other_end_of_the_pen_erases(view: CanvasView) -> None:
    view.document.fill_mask()
    view.set_brush(BrushSettings(40, 1.0, 1.0))
    draw(view, (50, 150, 1.0), (350, 150, 1.0), end=ERASER)
    assert view.document.mask_u8()[150, 200] == 0
    assert view.document.undo_stack.undoText() == "Erase"
    assert view.tool is ToolKind.BRUSH


def test_a_pen_draws_selections_too(view: CanvasView) -> None:
    view.set_tool(ToolKind.RECTANGLE)
    draw(view, (100, 50, 0.3), (200, 150, 0.6))
    assert int((view.document.mask_u8() == 255).sum()) == 100 * 100


def test_steps_of_pressure_are_few_and_end_at_the_brush() -> None:
    brush = BrushSettings(100, 0.5, 1.0, pressure_fades=True)
    assert brush.pressed(1.0) is brush
    seen = {brush.pressed(pressure) for pressure in np.linspace(0, 1, 5000)}
    assert len(seen) < 60
    assert brush.pressed(0.0).size == 1
    assert brush.pressed(0.5).size == pytest.approx(50, abs=2)
