"""Draws all that lies still on the canvas into one image of the window's size, by rectangle.

The widget copies from that image when only the pointer moves, so a large brush outline over a
large picture costs no scaling.
"""

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QRegion

from desktop.canvas.heat import HeatLayer
from desktop.canvas.kept import Kept
from desktop.canvas.overlay import REACH, MaskOverlay
from desktop.canvas.pyramid import MaskPyramid, PicturePyramid
from desktop.canvas.viewport import Viewport
from desktop.qimage import blank

CHECK = 8  # logical pixels
SHADOW = 14
SURROUND = QColor("#17181a")


class Renderer:
    """Layers, from below: surround, shadow, chequers, picture, preview, heat, mask, grid."""

    def __init__(self, viewport: Viewport) -> None:
        self.viewport = viewport
        self.overlay = MaskOverlay()
        self.surround = QColor(SURROUND)
        self.picture: PicturePyramid | None = None
        self.mask: MaskPyramid | None = None
        self.mask_style: str = "full"  # or "quiet" (outline only), or "none"
        self.preview: QImage | None = None
        self.preview_masked = False
        self.heat: HeatLayer | None = None
        self.placed = viewport
        """The view of `picture`, which may reach beyond what `viewport` shows, or be finer."""
        self.preview_rect: QRect | None = None  # in the picture's pixels; None: all of it
        self.before: PicturePyramid | None = None
        self.split = 0  # device x left of which `before` is drawn, if it is set
        self.cache = QImage()
        self._dirty = QRegion()
        self._around = Kept[QImage]()
        self._chequers = Kept[QImage]()

    # -- what must be drawn anew --------------------------------------------------------------

    def invalidate(self) -> None:
        """Everything."""
        self._dirty = QRegion(0, 0, self.viewport.device.width(), self.viewport.device.height())

    def invalidate_device(self, rect: QRect) -> None:
        self._dirty = self._dirty.united(rect)

    def invalidate_picture(self, rect: QRect) -> QRect:
        """A rectangle of the picture. Returns the device pixels that it can influence."""
        # Interpolation reaches one pixel of the level that is drawn, the outline a little more.
        spread = int(2 * max(1.0, self.viewport.zoom)) + 2
        device = self.viewport.device_rect(rect, spread + REACH)
        device = device & QRect(QPoint(0, 0), self.viewport.device)
        self._dirty = self._dirty.united(device)
        return device

    def invalidate_preview(self) -> QRect:
        """The preview alone. Returns its device pixels."""
        device = self._preview_place() & QRect(QPoint(0, 0), self.viewport.device)
        self._dirty = self._dirty.united(device)
        return device

    def refresh(self) -> QRegion:
        """Draw what is out of date into `cache`. Returns what was drawn.

        The cache then carries the window's pixel ratio, so that it is copied pixel by pixel.
        """
        size = self.viewport.device
        if self.cache.size() != size:
            self.cache = blank(max(1, size.width()), max(1, size.height()))
            self.invalidate()
        # A painter on an image of another ratio would scale; layers are drawn in device pixels.
        self.cache.setDevicePixelRatio(1.0)
        drawn = self._draw_dirty()
        self.cache.setDevicePixelRatio(self.viewport.ratio)
        return drawn

    def _draw_dirty(self) -> QRegion:
        drawn = self._dirty & QRegion(self.cache.rect())
        self._dirty = QRegion()
        if drawn.isEmpty():
            return drawn
        painter = QPainter(self.cache)
        # Nearly always one dab's rectangle, or everything: their hull is drawn.
        painter.setClipRect(drawn.boundingRect())
        self._draw(painter, drawn.boundingRect())
        painter.end()
        return drawn

    # -- layers -----------------------------------------------------------------------------

    def _draw(self, painter: QPainter, clip: QRect) -> None:
        visible = (self.placed.picture_rect | self._preview_place()) & self.cache.rect()
        if self.picture is None or visible.isEmpty():
            painter.fillRect(clip, self.surround)
            return
        # The picture's last row and column may cover a part of their pixels only.
        if not visible.adjusted(0, 0, -1, -1).contains(clip):
            placed = self.viewport.key, self.placed.picture_rect.getRect(), self.surround.rgba()
            painter.drawImage(clip.topLeft(), self._around.get(placed, self._draw_around), clip)
        clip = clip & visible
        if clip.isEmpty():
            return
        painter.setClipRect(clip)
        if self.picture.transparent or (self.before is not None and self.before.transparent):
            painter.fillRect(clip, QBrush(self._chequered()))
        left = clip
        if self.before is not None:
            left = QRect(clip.left(), clip.top(), self.split - clip.left(), clip.height()) & clip
            if not left.isEmpty():
                painter.setClipRect(left)
                self.before.draw(painter, self.viewport, left)
            clip = QRect(QPoint(max(self.split, clip.left()), clip.top()), clip.bottomRight())
            if clip.isEmpty():
                self._draw_grid(painter, left)
                return
            painter.setClipRect(clip)
        self.picture.draw(painter, self.placed, clip)
        if self.preview is not None:
            self._draw_preview(painter, clip)
        if self.heat is not None:
            self.heat.draw(painter, self.viewport)
        if self.mask is not None and self.mask_style != "none":
            self.overlay.draw(painter, self.mask, self.viewport, clip, self.mask_style == "quiet")
        painter.setClipRect(clip.united(left))
        self._draw_grid(painter, clip.united(left))

    def _draw_preview(self, painter: QPainter, clip: QRect) -> None:
        """The preview over the whole picture; inside the mask only, as softly as the mask is."""
        assert self.preview is not None
        layer = blank(clip.width(), clip.height())
        layer_painter = QPainter(layer)
        if self.preview_masked and self.mask is not None:
            layer_painter.drawImage(0, 0, self.overlay.alpha(self.mask, self.viewport, clip))
            layer_painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        layer_painter.translate(-clip.topLeft())
        layer_painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        layer_painter.drawImage(QRectF(self._preview_place()), self.preview)
        layer_painter.end()
        painter.drawImage(clip.topLeft(), layer)

    def _preview_place(self) -> QRect:
        """Where the preview lies, in device pixels; empty without one."""
        if self.preview is None:
            return QRect()
        if self.preview_rect is None:
            return self.viewport.picture_rect
        return self.viewport.device_rect(self.preview_rect)

    def _draw_around(self) -> QImage:
        """The surround and the picture's shadow on it, of the window's size."""
        image = QImage(self.cache.size(), QImage.Format.Format_RGB32)
        image.fill(self.surround)
        painter = QPainter(image)
        rect = self.placed.picture_rect
        reach = round(SHADOW * self.viewport.ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        lowered = rect.translated(0, reach // 4)
        for distance in range(reach):
            fade = (1 - distance / reach) ** 2
            painter.setPen(QPen(QColor(0, 0, 0, round(70 * fade)), 1.0))
            grown = QRectF(lowered.adjusted(-distance, -distance, distance, distance))
            painter.drawRoundedRect(grown.adjusted(-0.5, -0.5, 0.5, 0.5), distance, distance)
        painter.fillRect(lowered, QColor(0, 0, 0, 90))
        painter.end()
        return image

    def _draw_grid(self, painter: QPainter, clip: QRect) -> None:
        """Lines between pixels, once each is a large square."""
        if not self.viewport.shows_grid:
            return
        zoom, origin = self.viewport.zoom, self.viewport.origin
        painter.save()
        painter.setPen(QPen(QColor(128, 128, 128, 96), 0))
        first = int((clip.left() - origin.x()) / zoom)
        last = int((clip.right() - origin.x()) / zoom) + 1
        for column in range(first, last + 1):
            x = origin.x() + round(column * zoom)
            painter.drawLine(x, clip.top(), x, clip.bottom())
        first = int((clip.top() - origin.y()) / zoom)
        last = int((clip.bottom() - origin.y()) / zoom) + 1
        for row in range(first, last + 1):
            y = origin.y() + round(row * zoom)
            painter.drawLine(clip.left(), y, clip.right(), y)
        painter.restore()

    def _chequered(self) -> QImage:
        side = max(1, round(CHECK * self.viewport.ratio))
        return self._chequers.get(side, lambda: _make_chequers(side))


def _make_chequers(side: int) -> QImage:
    """A tile of two by two squares that repeats without a seam."""
    tile = blank(2 * side, 2 * side)
    tile.fill(QColor("#8d8f93"))
    painter = QPainter(tile)
    painter.fillRect(0, 0, side, side, QColor("#b9bbbe"))
    painter.fillRect(side, side, side, side, QColor("#b9bbbe"))
    painter.end()
    return tile
