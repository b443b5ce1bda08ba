"""Where the picture lies in the window: zoom, origin, and the way between the two."""

import math

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize

MIN_ZOOM = 1 / 64
MAX_ZOOM = 64.0
GRID_ZOOM = 8.0  # from here on, in logical pixels, single pixels are shown as squares
FIT_MARGIN = 24
LARGEST_FIT = 6.0  # small pictures are enlarged to fit, but stay smooth
REACH = 48  # logical pixels of the picture that always stay in the window


class Viewport:
    """Pure geometry in device pixels; `zoom` 1.0 is one picture pixel per device pixel."""

    def __init__(self) -> None:
        self.picture = QSize()
        self.frame = QRect()
        """A rectangle around the picture that belongs to what is shown, in its pixels."""
        self.device = QSize()
        self.ratio = 1.0
        self.zoom = 1.0
        self.fitted = True
        self._origin = QPointF()
        self._crisp = True

    # -- state ------------------------------------------------------------------------------

    def set_picture(self, size: QSize) -> None:
        self.picture, self.frame = size, QRect()
        self.fit()

    def resize(self, logical: QSize, ratio: float) -> None:
        """The widget's new size. A fitted picture stays fitted, another keeps its middle."""
        middle = self.to_picture(QPointF(self.device.width() / 2, self.device.height() / 2))
        self.ratio = ratio
        self.device = QSize(math.ceil(logical.width() * ratio), math.ceil(logical.height() * ratio))
        if self.fitted:
            self.fit()
        else:
            self._place(middle, QPointF(self.device.width() / 2, self.device.height() / 2))

    def fit(self) -> None:
        """The whole picture, with its frame, in the middle, with a margin."""
        self.fitted = True
        if self.picture.isEmpty() or self.device.isEmpty():
            return
        margin = 2 * FIT_MARGIN * self.ratio
        width = max(1.0, self.device.width() - margin)
        height = max(1.0, self.device.height() - margin)
        content = self.content
        zoom = min(width / content.width(), height / content.height())
        self.zoom = max(MIN_ZOOM, min(zoom, LARGEST_FIT * self.ratio))
        self._place(
            QRectF(content).center(),
            QPointF(self.device.width() / 2, self.device.height() / 2),
        )

    def set_zoom(self, zoom: float, anchor: QPointF | None = None) -> None:
        """Zoom so that the picture's point under `anchor` (device pixels) stays there."""
        if anchor is None:
            anchor = QPointF(self.device.width() / 2, self.device.height() / 2)
        point = self.to_picture(anchor)
        self.zoom = min(MAX_ZOOM, max(MIN_ZOOM, zoom))
        self.fitted = False
        self._place(point, anchor)

    def pan(self, delta: QPointF) -> None:
        """Move the picture by `delta` device pixels."""
        self.fitted = False
        self._origin += delta
        self._keep_in_reach()

    # -- the two ways -----------------------------------------------------------------------

    @property
    def origin(self) -> QPoint:
        """The picture's corner on whole device pixels, so that 100 % is crisp."""
        return QPoint(round(self._origin.x()), round(self._origin.y()))

    @property
    def corner(self) -> QPointF:
        """Where the picture's corner is drawn, in device pixels."""
        return QPointF(self.origin) if self._crisp else self._origin

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for equal views of a picture."""
        return self.zoom, self.corner.toTuple(), self.device.toTuple(), self.ratio

    def placed(self, rect: QRect, size: QSize) -> "Viewport":
        """The same view of another picture of `size` that lies over `rect` of this one's pixels.

        Where both have the same scale their pixels fall on each other exactly.
        """
        other = Viewport()
        other.picture, other.device, other.ratio = size, self.device, self.ratio
        other.zoom = self.zoom * rect.width() / max(1, size.width())
        other._origin = self.to_device(QPointF(rect.topLeft()))
        other._crisp = False
        return other

    def to_picture(self, device: QPointF) -> QPointF:
        return (device - self._origin) / self.zoom

    def to_device(self, point: QPointF) -> QPointF:
        return self.corner + point * self.zoom

    def device_rect(self, rect: QRect | QRectF, margin: int = 0) -> QRect:
        """The device pixels that a rectangle of the picture covers, grown by `margin`."""
        rect = QRectF(rect)
        corner = self.to_device(rect.topLeft())
        aligned = QRectF(corner, rect.size() * self.zoom).toAlignedRect()
        return aligned.adjusted(-margin, -margin, margin, margin)

    def logical(self, device: QRect) -> QRect:
        """The widget's rectangle that holds some device pixels."""
        left, top = math.floor(device.left() / self.ratio), math.floor(device.top() / self.ratio)
        right = math.ceil((device.right() + 1) / self.ratio)
        bottom = math.ceil((device.bottom() + 1) / self.ratio)
        return QRect(left, top, right - left, bottom - top)

    @property
    def content(self) -> QRect:
        """The picture and the frame around it, in the picture's pixels."""
        return QRect(QPoint(0, 0), self.picture).united(self.frame)

    @property
    def shows_all(self) -> bool:
        """Whether all of the content is in the window."""
        return QRect(QPoint(0, 0), self.device).contains(self.device_rect(self.content))

    @property
    def picture_rect(self) -> QRect:
        """The picture in device pixels."""
        if self._crisp:
            return self.device_rect(QRect(QPoint(0, 0), self.picture))
        # A pixel of the screen that it covers by less than half is left to what lies below.
        return QRectF(self._origin, self.picture.toSizeF() * self.zoom).toRect()

    @property
    def visible_rect(self) -> QRect:
        """The part of the picture that is in the window, in device pixels."""
        return self.picture_rect & QRect(0, 0, self.device.width(), self.device.height())

    @property
    def shows_grid(self) -> bool:
        return self.zoom >= GRID_ZOOM * self.ratio

    @property
    def smooth(self) -> bool:
        """Whether pixels are interpolated (not at 100 %, and not where each is a square)."""
        return self.zoom != 1.0 and not self.shows_grid

    # -- inside -----------------------------------------------------------------------------

    def _place(self, point: QPointF, device: QPointF) -> None:
        self._origin = device - point * self.zoom
        self._keep_in_reach()

    def _keep_in_reach(self) -> None:
        reach = REACH * self.ratio
        content = QRectF(self.content)
        corner, size = content.topLeft() * self.zoom, content.size() * self.zoom
        start = self._origin + corner
        start = QPointF(
            _within(start.x(), size.width(), self.device.width(), reach),
            _within(start.y(), size.height(), self.device.height(), reach),
        )
        self._origin = start - corner


def _within(start: float, length: float, room: int, reach: float) -> float:
    reach = min(reach, length, room)
    return min(max(start, reach - length), room - reach)
