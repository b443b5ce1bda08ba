"""A small picture of one layer, at its place in the whole picture."""

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from desktop.document.stack import Layer
from desktop.qimage import blank, to_qimage

FINER = 3  # times as many pixels as are shown are looked at


def layer_thumbnail(layer: Layer, picture: QSize, room: QSize, ratio: float) -> QImage:
    """`layer` alone, opaque as it is painted, in the shape of the picture; fits in `room`.

    Large layers are thinned out first, so that it stays cheap at any size.
    """
    target = picture.scaled(room * ratio, Qt.AspectRatioMode.KeepAspectRatio)
    target = target.expandedTo(QSize(1, 1))
    step = max(1, picture.width() // (FINER * target.width()))
    image = blank(-(-picture.width() // step), -(-picture.height() // step))
    painter = QPainter(image)
    seen = layer.raster.bounds
    for rect, pixels, alpha in layer.raster.pieces(seen):
        thin = pixels[::step, ::step]
        part = to_qimage(thin, None if alpha is None else alpha[::step, ::step])
        corner = rect.topLeft() + QPoint(layer.x, layer.y)
        painter.drawImage(QPoint(corner.x() // step, corner.y() // step), part)
    painter.end()
    small = image.scaled(
        target, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    small.setDevicePixelRatio(ratio)
    return small
