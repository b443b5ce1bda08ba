"""The reconstruction check: one line in the panel, and a dialog with the pictures."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.reconstruction import POOR_DB
from desktop.panels.picture_box import LARGEST, PictureBox
from desktop.reconstruction import Checked, ReconstructionCheck
from desktop.theme import current_theme

FULL_LEVELS = 32
"""The difference, in levels of 255, that the map shows as its brightest: amplified 8 times."""

_STOPS = ("#0b0a12", "#4a1a66", "#b2364b", "#ee8a3a", "#fff4bd")
"""The map's colours from no difference to FULL_LEVELS, each lighter than the one before."""


def in_decibels(psnr: float, of: str, exactly: str) -> str:
    """`of` with the figure put in, or `exactly` when nothing at all differs."""
    return exactly if math.isinf(psnr) else of.format(psnr=psnr)


class ReconstructionRow(QWidget):
    """A button before the check; after it what was found, and a way to the pictures.

    Signals
        check_wanted(), pictures_wanted()
    """

    check_wanted = Signal()
    pictures_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._check: ReconstructionCheck | None = None
        self._reason = ""
        self.check_button = QPushButton()
        self.check_button.clicked.connect(self.check_wanted)
        self.pictures_button = QPushButton()
        self.pictures_button.setProperty("role", "link")
        self.pictures_button.clicked.connect(self.pictures_wanted)
        self._dot = Dot()
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self._found = QFrame()
        self._found.setObjectName("verdict")
        row = QHBoxLayout(self._found)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(10)
        row.addWidget(self._dot)
        row.addWidget(self.verdict, 1)
        row.addWidget(self.pictures_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.check_button)
        column.addWidget(self._found)
        self.retranslate()

    def show_check(self, check: ReconstructionCheck) -> None:
        """Show how the check stands."""
        self._check = check
        self._show()

    def set_reason(self, reason: str) -> None:
        """Why the chosen method has nothing to check; empty: it has."""
        if reason != self._reason:
            self._reason = reason
            self.retranslate()

    def retranslate(self) -> None:
        self.check_button.setEnabled(not self._reason)
        self.check_button.setToolTip(
            self._reason
            or self.tr(
                "Invert the picture and rebuild it under its own words, before anything is changed "
                "(Ctrl+Shift+K)"
            )
        )
        self.pictures_button.setText(self.tr("Difference…"))
        self.pictures_button.setAccessibleName(self.pictures_button.text())
        self.pictures_button.setToolTip(
            self.tr("The picture, the rebuilt one and where they differ")
        )
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _show(self) -> None:
        running = self._check is not None and self._check.is_running
        checked = self._check.checked if self._check is not None else None
        self.check_button.setVisible(checked is None)
        self.check_button.setEnabled(not running and not self._reason)
        self.check_button.setText(
            self.tr("Checking…") if running else self.tr("Check reconstruction")
        )
        self.check_button.setAccessibleName(self.check_button.text())
        self._found.setVisible(checked is not None)
        if checked is None:
            return
        poor = checked.reconstruction.is_poor
        self._dot.set_good(not poor)
        self.verdict.setText(
            in_decibels(
                checked.reconstruction.psnr,
                self.tr("Rebuilds the picture at only {psnr:.1f} dB")
                if poor
                else self.tr("Rebuilds the picture at {psnr:.1f} dB"),
                self.tr("Rebuilds the picture exactly"),
            )
        )


class ReconstructionDialog(QDialog):
    """Three pictures side by side: as it is, as it was rebuilt, and the difference, amplified.

    Signals
        keep_wanted(object): the rebuilt picture (a Finished) shall become a result.
    """

    keep_wanted = Signal(object)

    def __init__(self, checked: Checked, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Reconstruction"))
        request, found = checked.finished.request, checked.reconstruction
        assert request.picture is not None
        self.verdict = QLabel(self._verdict(found.psnr, request.mask is not None))
        self.verdict.setWordWrap(True)
        self.verdict.setProperty("role", "bad" if found.is_poor else "good")
        self.advice = QLabel(self._advice())
        self.advice.setWordWrap(True)
        self.advice.setVisible(found.is_poor)
        self.boxes = [PictureBox() for _ in range(3)]
        self.boxes[0].show_pixels(request.picture)
        self.boxes[1].show_pixels(checked.finished.picture)
        self.boxes[2].show_image(difference_image(found.difference))
        self.keep_button = QPushButton(self.tr("Keep as a result"))
        self.keep_button.setToolTip(self.tr("Put the rebuilt picture among the results"))
        self.keep_button.setAutoDefault(False)
        self.keep_button.clicked.connect(lambda: self.keep_wanted.emit(checked.finished))
        close = QPushButton(self.tr("Close"))
        close.setToolTip(self.tr("Close (Esc)"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        self._arrange(close)

    def _verdict(self, psnr: float, masked: bool) -> str:
        if masked:
            text = self.tr("Inside the selection the picture is rebuilt at {psnr:.1f} dB.")
        else:
            text = self.tr("The picture is rebuilt at {psnr:.1f} dB.")
        return in_decibels(psnr, text, self.tr("The picture is rebuilt exactly."))

    def _advice(self) -> str:
        return self.tr(
            "Below {limit:.0f} dB the loss shows at a glance, and every edit that starts from here "
            "has it. Take more steps or less inversion strength, describe the picture more "
            "closely, or choose another method."
        ).format(limit=POOR_DB)

    def _arrange(self, close: QPushButton) -> None:
        pictures = QGridLayout()
        pictures.setHorizontalSpacing(12)
        pictures.setVerticalSpacing(6)
        pictures.setRowStretch(1, 1)
        names = (
            self.tr("The picture"),
            self.tr("Rebuilt"),
            self.tr("Difference, 8 times as strong"),
        )
        for column, (name, box) in enumerate(zip(names, self.boxes, strict=True)):
            label = QLabel(name)
            label.setProperty("role", "dim")
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            box.setAccessibleName(name)
            pictures.addWidget(label, 0, column)
            pictures.addWidget(box, 1, column)
            pictures.setColumnStretch(column, 1)
        pictures.addWidget(Legend(), 2, 2)
        below = QHBoxLayout()
        below.addWidget(self.keep_button)
        below.addStretch(1)
        below.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(self.verdict)
        column.addWidget(self.advice)
        column.addLayout(pictures, 1)
        column.addLayout(below)
        self.resize(1000, 470)


class Legend(QWidget):
    """The colours of the difference map, with what they stand for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(34)
        self._ends = (
            self.tr("equal"),
            self.tr("{levels} of 255 or more").format(levels=FULL_LEVELS),
        )
        self.setAccessibleName(" – ".join(self._ends))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        gradient = QLinearGradient(0, 0, self.width(), 0)
        for index, colour in enumerate(_STOPS):
            gradient.setColorAt(index / (len(_STOPS) - 1), QColor(colour))
        painter.fillRect(QRectF(0, 4, self.width(), 8), gradient)
        painter.setPen(QColor(current_theme().dim))
        text = QRectF(0, 15, self.width(), 18)
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft, self._ends[0])
        painter.drawText(text, Qt.AlignmentFlag.AlignRight, self._ends[1])
        painter.end()


class Dot(QWidget):
    """Green for good, red for poor; the words beside it say the same."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(10, 10)
        self._good = True

    def set_good(self, good: bool) -> None:
        self._good = good
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.added if self._good else theme.removed))
        painter.drawEllipse(self.rect())
        painter.end()


def difference_image(difference: NDArray[np.uint8]) -> QImage:
    """A difference in 8-bit levels, HxW, in the map's colours; at most as large as is looked at."""
    stride = max(1, math.ceil(max(difference.shape) / LARGEST.width()))
    height, width = (side // stride for side in difference.shape)
    if stride > 1:  # the largest of each block, so that a thin line is not lost
        blocks = difference[: height * stride, : width * stride]
        difference = blocks.reshape(height, stride, width, stride).max(axis=(1, 3))
    values = np.ascontiguousarray(difference)
    image = QImage(values.data, width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable([_colour(level).rgb() for level in range(256)])
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _colour(level: int) -> QColor:
    place = min(1.0, level / FULL_LEVELS) * (len(_STOPS) - 1)
    index = min(int(place), len(_STOPS) - 2)
    low, high = QColor(_STOPS[index]), QColor(_STOPS[index + 1])
    share = place - index
    channels = zip(low.getRgbF()[:3], high.getRgbF()[:3], strict=True)  # type: ignore[index]
    return QColor.fromRgbF(*(a + share * (b - a) for a, b in channels))
