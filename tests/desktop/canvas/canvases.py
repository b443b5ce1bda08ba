"""A canvas on the (offscreen) screen, and a hand that presses and drags on it."""

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.imaging.image import Picture
from desktop.canvas.tools import BrushSettings
from desktop.canvas.view import CanvasView
from desktop.document.document import Document
from desktop.qimage import as_array, from_qimage

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier


def open_canvas(qtbot: QtBot, pixels: np.ndarray, zoom: float | None = 1.0) -> CanvasView:
    """A shown canvas of 500 x 400 with `pixels`, at `zoom` (None = fitted) and a hard brush."""
    document = Document()
    view = CanvasView(document)
    document.setParent(view)
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show()
    qtbot.waitExposed(view)
    document.set_picture(Picture(pixels=pixels))  # type: ignore[arg-type]
    if zoom is not None:
        view.set_zoom(zoom)
    view.set_brush(BrushSettings(size=20, hardness=1.0, opacity=1.0))
    view.setFocus()
    return view


def at(view: CanvasView, x: float, y: float) -> QPoint:
    """The widget's point nearest to a point of the picture."""
    return view.picture_to_widget(QPointF(x, y)).toPoint()


def drag(
    view: CanvasView,
    *points: tuple[float, float],
    button: Qt.MouseButton = LEFT,
    modifiers: Qt.KeyboardModifier = PLAIN,
    release: bool = True,
) -> None:
    """Press at the first point of the picture, move over the others, release at the last."""
    places = [at(view, *point) for point in points]
    QTest.mousePress(view, button, modifiers, places[0])
    for place in places[1:]:
        QTest.mouseMove(view, place)
    if release:
        QTest.mouseRelease(view, button, modifiers, places[-1])


def screen(view: CanvasView) -> np.ndarray:
    """What the canvas shows: RGB, device pixels."""
    view.repaint()
    pixels, _ = from_qimage(view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32))
    return pixels


def shown_at(view: CanvasView, x: float, y: float) -> list[int]:
    """The colour that the canvas shows at a point of the picture (its middle for whole + .5)."""
    point = view.viewport.to_device(QPointF(x, y))
    return screen(view)[int(point.y()), int(point.x())].tolist()


def layer(view: CanvasView) -> np.ndarray:
    """A copy of the still image below cursor and divider."""
    renderer = view._scene.renderer
    renderer.refresh()
    return as_array(renderer.cache).copy()
