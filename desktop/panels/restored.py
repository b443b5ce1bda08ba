"""The bar over the canvas that looks at a restoration: result, residual, uncertainty."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.restoration.report import Residual
from desktop.heat import heat_colours
from desktop.icons import icon
from desktop.keys import keyed
from desktop.panels.reconstruction import Dot
from desktop.panels.segments import Segments
from desktop.qimage import to_qimage
from desktop.theme import current_theme

BELOW = 40


class HeatLegend(QWidget):
    """The colours of a heat map with the numbers at its start, its middle and its end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.texts: Sequence[str] = ("", "", "")
        self.setFixedSize(240, 34)

    def show_texts(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.setAccessibleName(" – ".join(texts))
        self.setToolTip(self.accessibleName())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(0, 4, self.width(), 8), _colours())
        painter.setPen(QColor(current_theme().dim))
        sides = (
            Qt.AlignmentFlag.AlignLeft,
            Qt.AlignmentFlag.AlignHCenter,
            Qt.AlignmentFlag.AlignRight,
        )
        for text, side in zip(self.texts, sides, strict=True):
            painter.drawText(QRectF(0, 15, self.width(), 18), side, text)
        painter.end()


def _colours() -> QImage:
    return to_qimage(np.ascontiguousarray(heat_colours()[None]))


class RestorationBar(QFrame):
    """Three views, and what they say in words and numbers.

    Signals
        view_chosen(int): 0 result, 1 residual, 2 uncertainty.
        aspect_chosen(int): of the uncertainty: 0 mean, 1 spread, 2 the samples.
        flicked(int): the next sample (1) or the one before (-1).
    """

    view_chosen = Signal(int)
    aspect_chosen = Signal(int)
    flicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("restorationBar")
        self._residual: Residual | None = None
        self.views = Segments(3)
        self.views.chosen.connect(self.view_chosen)
        self.views.setFixedWidth(330)
        self._dot = Dot()
        self.verdict = QLabel()
        self.verdict.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.aspects = Segments(3)
        self.aspects.chosen.connect(self.aspect_chosen)
        self.aspects.setFixedWidth(330)
        self.note = QLabel()
        self.note.setProperty("role", "dim")
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.legend = HeatLegend()
        self.previous_button, self.next_button = _arrow("caret-left"), _arrow("caret-right")
        self.previous_button.clicked.connect(lambda: self.flicked.emit(-1))
        self.next_button.clicked.connect(lambda: self.flicked.emit(1))
        self.place = QLabel()
        self._samples = QWidget()
        self._below = QWidget()
        self._below.setFixedHeight(BELOW)  # so that the picture does not jump between the views
        self._arrange()
        self.retranslate()
        self.hide()

    def show_residual(self, residual: Residual) -> None:
        """The verdict, in words and as a figure."""
        self._residual = residual
        self._dot.set_good(residual.explains)
        self.verdict.setText(self._in_words(residual))
        self.verdict.setToolTip(self.verdict.text())

    def show_view(self, view: int, aspect: int, samples: int) -> None:
        """Which view is looked at, and of the uncertainty which aspect of how many samples."""
        self.views.set_index(view)
        self.aspects.set_index(aspect)
        uncertain = view == 2
        self.aspects.setVisible(uncertain and samples > 1)
        self._samples.setVisible(uncertain and samples > 1 and aspect == 2)

    def show_map(self, note: str, legend: Sequence[str] | None) -> None:
        """What the canvas shows now, in words, and what its colours stand for."""
        self.note.setText(note)
        self.note.setToolTip(note)
        self.legend.setVisible(legend is not None)
        if legend is not None:
            self.legend.show_texts(legend)

    def show_place(self, index: int, count: int) -> None:
        self.place.setText(self.tr("{number} of {count}").format(number=index + 1, count=count))

    def retranslate(self) -> None:
        self.views.set_texts(
            [self.tr("Result"), self.tr("Residual"), self.tr("Uncertainty")],
            [
                self.tr("The restored picture (1)"),
                self.tr("The result degraded again, less the picture, over its noise (2)"),
                self.tr("How far several restorations differ: what of them is invented (3)"),
            ],
        )
        self.aspects.set_texts(
            [self.tr("Mean"), self.tr("Spread"), self.tr("Samples")],
            [
                self.tr("The mean of all restorations"),
                self.tr("Their standard deviation at every pixel"),
                keyed(
                    self.tr("One after the other (Ctrl+PgUp, Ctrl+PgDown)"),
                    "previous_sample",
                    "next_sample",
                ),
            ],
        )
        for button, text in (
            (
                self.previous_button,
                keyed(self.tr("Previous sample (Ctrl+PgUp)"), "previous_sample"),
            ),
            (self.next_button, keyed(self.tr("Next sample (Ctrl+PgDown)"), "next_sample")),
        ):
            button.setAccessibleName(text)
            button.setToolTip(text)
        if self._residual is not None:
            self.show_residual(self._residual)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _in_words(self, residual: Residual) -> str:
        if not residual.explains:
            text = self.tr("Does not explain the picture · residual {ratio} its noise")
        elif residual.too_close:
            text = self.tr(
                "Closer to the picture than its noise allows · residual {ratio} the noise"
            )
        else:
            text = self.tr("Explains the picture to within its noise · residual {ratio} the noise")
        figure = f"{residual.ratio:.2f} ×" if residual.ratio < 100 else f"{residual.ratio:.0f} ×"
        return text.format(ratio=figure)

    def _arrange(self) -> None:
        above = QHBoxLayout()
        above.setSpacing(12)
        above.addWidget(self.views)
        above.addWidget(self._dot)
        above.addWidget(self.verdict, 1)
        samples = QHBoxLayout(self._samples)
        samples.setContentsMargins(0, 0, 0, 0)
        samples.setSpacing(4)
        for widget in (self.previous_button, self.place, self.next_button):
            samples.addWidget(widget)
        below = QHBoxLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(12)
        below.addWidget(self.aspects)
        below.addWidget(self._samples)
        below.addWidget(self.note, 1)
        below.addWidget(self.legend)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 14, 6)
        column.setSpacing(6)
        column.addLayout(above)
        column.addWidget(self._below)


def _arrow(name: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(name))
    button.setIconSize(QSize(14, 14))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
