"""A widget that shows a picture: zoom, pan, and the way between picture pixels and the widget."""

from PySide6.QtCore import QEvent, QPointF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.canvas.viewport import Viewport

ZOOM_PER_NOTCH = 2 ** (1 / 3)


class ZoomWidget(QWidget):
    """Zoom 1.0 is one picture pixel per device pixel, so 100 % is crisp on any screen."""

    zoom_changed = Signal(float)
    viewport_changed = Signal()
    """The picture was zoomed or moved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewport = Viewport()
        self._told_zoom = 0.0

    @property
    def viewport(self) -> Viewport:
        return self._viewport

    @property
    def zoom(self) -> float:
        return self._viewport.zoom

    @property
    def is_fitted(self) -> bool:
        return self._viewport.fitted

    def picture_to_widget(self, point: QPointF) -> QPointF:
        return self._viewport.to_device(point) / self._viewport.ratio

    def widget_to_picture(self, point: QPointF) -> QPointF:
        return self._viewport.to_picture(point * self._viewport.ratio)

    # -- zoom and pan -----------------------------------------------------------------------

    def set_zoom(self, zoom: float, anchor: QPointF | None = None) -> None:
        """Zoom; the picture's point under `anchor` (widget coordinates, or the middle) stays."""
        device = None if anchor is None else anchor * self._viewport.ratio
        self._viewport.set_zoom(zoom, device)
        self._on_viewport_changed()

    def zoom_by(self, notches: float, anchor: QPointF | None = None) -> None:
        """Zoom by notches of the wheel, stopping at 100 % on the way."""
        zoom = self.zoom * ZOOM_PER_NOTCH**notches
        if min(self.zoom, zoom) < 0.999 and max(self.zoom, zoom) > 1.001:
            zoom = 1.0
        self.set_zoom(zoom, anchor)

    def zoom_in(self) -> None:
        self.zoom_by(1.0)

    def zoom_out(self) -> None:
        self.zoom_by(-1.0)

    def fit(self) -> None:
        """Show the whole picture; it stays fitted when the window's size changes."""
        self._viewport.fit()
        self._on_viewport_changed()

    def actual_size(self) -> None:
        """100 %: one picture pixel on one pixel of the screen."""
        self.set_zoom(1.0)

    def pan_by(self, delta: QPointF) -> None:
        """Move the picture by `delta` device pixels."""
        self._viewport.pan(delta)
        self._on_viewport_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._on_resized()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._on_resized()
        return super().event(event)

    def _on_resized(self) -> None:
        self._viewport.resize(self.size(), self.devicePixelRatioF())
        self._on_viewport_changed()

    def _on_viewport_changed(self) -> None:
        """To be extended by whoever draws."""
        self.viewport_changed.emit()
        if self.zoom != self._told_zoom:
            self._told_zoom = self.zoom
            self.zoom_changed.emit(self.zoom)
