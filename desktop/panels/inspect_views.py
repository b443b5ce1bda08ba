"""What the inspect panel draws: small pictures of a step, and the path with the step on it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme import current_theme

RADIUS = 6


class SmallPicture(QWidget):
    """A picture with its name below; it keeps its shape, and its pixels if they are few."""

    def __init__(self, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = _Field(height)
        self.caption = QLabel()
        self.caption.setProperty("role", "small")
        self.caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.field)
        layout.addWidget(self.caption)

    def show_image(self, image: QImage | None) -> None:
        """Show an image, or an empty field."""
        self.field.image = image
        self.field.update()

    def set_texts(self, caption: str, tooltip: str) -> None:
        self.caption.setText(caption)
        self.caption.setToolTip(tooltip)
        self.field.setToolTip(tooltip)
        self.field.setAccessibleName(caption)
        self.field.setAccessibleDescription(tooltip)


class _Field(QWidget):
    def __init__(self, height: int) -> None:
        super().__init__()
        self.image: QImage | None = None
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rounded = QPainterPath()
        rounded.addRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        painter.setClipPath(rounded)
        painter.fillRect(self.rect(), QColor(current_theme().field))
        if self.image is not None:
            size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(0, 0, size.width(), size.height())
            place.moveCenter(self.rect().center())
            smaller = size.width() < self.image.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smaller)
            painter.drawImage(place, self.image)
        painter.end()


class PathPlot(QWidget):
    """alpha and sigma over the time labels, noise on the left, and where a step stands on them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._alphas = self._sigmas = self._labels = np.zeros(0)
        self._step = (0.0, 0.0, 0.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(220, 80)

    def show_path(
        self,
        labels: NDArray[np.float64],
        alphas: NDArray[np.float64],
        sigmas: NDArray[np.float64],
    ) -> None:
        """The curves, over labels from the noisiest to the clean end."""
        self._labels, self._alphas, self._sigmas = labels, alphas, sigmas
        self.update()

    def show_step(self, t: float, alpha: float, sigma: float) -> None:
        self._step = (t, alpha, sigma)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rounded = QPainterPath()
        rounded.addRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        painter.fillPath(rounded, QColor(theme.field))
        if len(self._labels) > 1:
            self._draw_curves(painter)
        painter.end()

    def _draw_curves(self, painter: QPainter) -> None:
        theme = current_theme()
        painter.setPen(QPen(QColor(theme.line), 1.0))
        for height in (0.0, 0.5, 1.0):
            painter.drawLine(self._at(self._labels[0], height), self._at(self._labels[-1], height))
        t, *values = self._step
        painter.setPen(QPen(QColor(theme.dim), 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(self._at(t, 0.0), self._at(t, 1.0))
        font = painter.font()
        font.setPixelSize(12)
        painter.setFont(font)
        curves = ((self._sigmas, theme.dim, "σ"), (self._alphas, theme.accent, "α"))
        for (curve, colour, name), value in zip(curves, reversed(values), strict=True):
            line = QPainterPath(self._at(self._labels[0], curve[0]))
            for label, height in zip(self._labels[1:], curve[1:], strict=True):
                line.lineTo(self._at(label, height))
            painter.setPen(QPen(QColor(colour), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(line)
            place = QRectF(0, 0, 14, 14)
            place.moveCenter(self._at(self._labels[-1], curve[-1]) + QPointF(11, 0))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, name)
            painter.setPen(QPen(QColor(theme.field), 1.5))
            painter.setBrush(QColor(colour))
            painter.drawEllipse(self._at(t, value), 4.5, 4.5)

    def _at(self, label: float, value: float) -> QPointF:
        noisy, clean = float(self._labels[0]), float(self._labels[-1])
        inner = QRectF(self.rect()).adjusted(10, 12, -22, -12)
        share = (noisy - label) / (noisy - clean)
        share = min(1.0, max(0.0, share))
        return QPointF(
            inner.left() + share * inner.width(), inner.bottom() - value * inner.height()
        )
