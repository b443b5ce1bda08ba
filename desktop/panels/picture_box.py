"""A picture in a box, as large as fits, smooth at every scale of the screen."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.request import Pixels
from desktop.qimage import thumbnail

LARGEST = QSize(1024, 1024)
"""What is kept of a picture that is only looked at; in pixels."""


class PictureBox(QWidget):
    """Shows an image without changing its shape; empty until there is one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image = QImage()
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(300, 240)

    def show_pixels(self, pixels: Pixels) -> None:
        """Show RGB, HxWx3, uint8 or uint16."""
        height, width = pixels.shape[:2]
        self.show_image(thumbnail(pixels, LARGEST.boundedTo(QSize(width, height))))

    def show_image(self, image: QImage) -> None:
        self.image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_fitted(painter, self.image, QRectF(self.rect()))
        painter.end()


def draw_fitted(painter: QPainter, image: QImage, frame: QRectF) -> None:
    """Draw `image` in the middle of `frame`, as large as fits."""
    if image.isNull():
        return
    size = image.size().toSizeF().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(0, 0, size.width(), size.height())
    place.moveCenter(frame.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, image)
