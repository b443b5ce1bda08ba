"""The frame in numbers: four sides around the place of the picture, its whole size, its ratio."""

from math import sqrt

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.frame import LONGEST_SIDE, Frame
from desktop.icons import icon
from desktop.keys import keyed
from desktop.panels.anchor import AnchorGrid
from desktop.panels.fields import ChoiceBox

SIDES = ("left", "top", "right", "bottom")

RATIOS = (1.0, 4 / 3, 3 / 2, 16 / 9, sqrt(2), 19.5 / 9)
"""Long side by short side of what `_ratio_names` names."""

UPRIGHT = 19.5 / 9
"""A telephone is held upright, whatever the picture is."""


class FramePanel(QWidget):
    """Shows a Frame and writes into it.

    Signals
        crop_wanted(): what lies outside the frame shall be cut off.
    """

    crop_wanted = Signal()

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = frame
        self.sides = {side: _number(-LONGEST_SIDE, LONGEST_SIDE) for side in SIDES}
        self.anchor = AnchorGrid()
        self.width_box, self.height_box = _number(1, LONGEST_SIDE), _number(1, LONGEST_SIDE)
        self.size_label, self.ratio_label = QLabel(), QLabel()
        self.ratio = ChoiceBox()
        self.turn = QToolButton()
        self.turn.setIcon(icon("arrows-clockwise"))
        self.turn.setIconSize(QSize(16, 16))
        self.turn.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.reset_button, self.crop_button = QPushButton(), QPushButton()
        self._build()
        for side, box in self.sides.items():
            box.valueChanged.connect(lambda value, side=side: frame.set_side(side, value))
        for box in (self.width_box, self.height_box):
            box.valueChanged.connect(self._on_size)
        self.anchor.chosen.connect(frame.set_anchor)
        self.ratio.activated.connect(self._on_ratio)
        self.turn.clicked.connect(lambda: frame.set_ratio(1 / (frame.ratio or 1.0)))
        self.reset_button.clicked.connect(frame.reset)
        self.crop_button.clicked.connect(self.crop_wanted)
        frame.changed.connect(self.show_frame)
        self.retranslate()

    def show_frame(self) -> None:
        """Show everything anew, without telling anybody."""
        frame = self._frame
        size = frame.rect.size()
        numbers = [(box, getattr(frame.margins, side)) for side, box in self.sides.items()]
        numbers += [(self.width_box, size.width()), (self.height_box, size.height())]
        for box, value in numbers:
            box.blockSignals(True)
            box.setMaximum(max(LONGEST_SIDE, value))
            box.setValue(value)
            box.blockSignals(False)
        self.anchor.show_anchor(frame.anchor)
        self.ratio.setCurrentIndex(_index_of(frame.ratio))
        self.turn.setEnabled(frame.ratio not in (None, 1.0))
        self.reset_button.setEnabled(frame.margins.any)
        self.crop_button.setEnabled(frame.margins.inward.any)

    def commit(self) -> None:
        """Take over numbers that are still being typed."""
        for box in (*self.sides.values(), self.width_box, self.height_box):
            box.interpretText()

    def retranslate(self) -> None:
        names = {
            "left": self.tr("Left"),
            "top": self.tr("Top"),
            "right": self.tr("Right"),
            "bottom": self.tr("Bottom"),
        }
        help_text = self.tr("Pixels beyond this side of the picture; below 0 cuts them off")
        for side, box in self.sides.items():
            _name(box, names[side], f"{names[side]}: {help_text}")
        self.size_label.setText(self.tr("Size"))
        _name(self.width_box, self.tr("Width"), self.tr("The frame's whole width in pixels"))
        _name(self.height_box, self.tr("Height"), self.tr("The frame's whole height in pixels"))
        self.ratio_label.setText(self.tr("Ratio"))
        self.ratio.clear()
        self.ratio.addItems(
            [self.tr("Free"), "1:1", "4:3", "3:2", "16:9", "A4", self.tr("Phone 9:19.5")]
        )
        _name(self.ratio, self.tr("Ratio"), self.tr("Grow to this ratio and keep it"))
        _name(self.turn, self.tr("Turn the ratio"), self.tr("Upright or lying: turn the ratio"))
        self.anchor.setAccessibleName(self.tr("Where the picture sits"))
        self.anchor.setToolTip(
            self.tr("Where the picture sits in the frame: click, or use the arrow keys")
        )
        self.reset_button.setText(self.tr("Reset frame"))
        _name(
            self.reset_button,
            self.reset_button.text(),
            self.tr("Put the frame back to the picture's edges (Esc)"),
        )
        self.crop_button.setText(self.tr("Crop to frame"))
        _name(
            self.crop_button,
            self.crop_button.text(),
            keyed(self.tr("Cut off what lies outside the frame (Ctrl+Shift+C)"), "crop"),
        )
        self.show_frame()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _on_size(self) -> None:
        self._frame.set_size(QSize(self.width_box.value(), self.height_box.value()))

    def _on_ratio(self, index: int) -> None:
        size = self._frame.picture
        ratio = None if index == 0 else RATIOS[index - 1]
        if ratio is not None and (size.height() > size.width() or ratio == UPRIGHT):
            ratio = 1 / ratio
        self._frame.set_ratio(ratio)

    def _build(self) -> None:
        for button in (self.reset_button, self.crop_button):
            button.setProperty("role", "link")
        for label in (self.size_label, self.ratio_label):
            label.setProperty("role", "dim")
        self.size_label.setBuddy(self.width_box)
        self.ratio_label.setBuddy(self.ratio)
        around = QGridLayout()
        around.setHorizontalSpacing(10)
        around.setVerticalSpacing(8)
        centre = Qt.AlignmentFlag.AlignCenter
        around.addWidget(self.sides["top"], 0, 1, centre)
        around.addWidget(self.sides["left"], 1, 0, centre)
        around.addWidget(self.anchor, 1, 1, centre)
        around.addWidget(self.sides["right"], 1, 2, centre)
        around.addWidget(self.sides["bottom"], 2, 1, centre)
        times = QLabel("×")
        times.setProperty("role", "dim")
        sizes = QHBoxLayout()
        sizes.setSpacing(8)
        for widget in (self.size_label, self.width_box, times, self.height_box):
            sizes.addWidget(widget)
        sizes.insertStretch(1, 1)
        ratios = QHBoxLayout()
        ratios.setSpacing(8)
        ratios.addWidget(self.ratio_label)
        ratios.addStretch(1)
        ratios.addWidget(self.ratio)
        ratios.addWidget(self.turn)
        buttons = QHBoxLayout()
        buttons.addWidget(self.reset_button)
        buttons.addStretch(1)
        buttons.addWidget(self.crop_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (around, sizes, ratios, buttons):
            column.addLayout(part)


def _index_of(ratio: float | None) -> int:
    """The place of a ratio, upright or lying, in the list; 0 is free."""
    if ratio is None:
        return 0
    long = max(ratio, 1 / ratio)
    return next((i + 1 for i, known in enumerate(RATIOS) if abs(known - long) < 1e-6), 0)


def _number(least: int, most: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(least, most)
    box.setProperty("role", "framed")
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    box.setKeyboardTracking(False)
    box.setFixedWidth(76)
    return box


def _name(control: QWidget, name: str, help_text: str) -> None:
    control.setAccessibleName(name)
    control.setToolTip(help_text)
