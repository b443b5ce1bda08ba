"""A blur's kernel, drawn by hand or taken from a picture."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from core.errors import SfumatoError
from core.restoration.degradations import KernelBlur
from desktop.panels import dialogs
from desktop.panels.fields import ChoiceBox, Field
from desktop.qimage import to_qimage
from desktop.theme import current_theme

Kernel = tuple[tuple[float, ...], ...]
SIDE = 132
SIZES = (7, 11, 15, 21, 31)
MOST_PIXELS = 1_000_000
"""Of a picture that a kernel is taken from; a larger one is not even decoded."""
_STEPS = {
    Qt.Key.Key_Left: QPoint(-1, 0),
    Qt.Key.Key_Right: QPoint(1, 0),
    Qt.Key.Key_Up: QPoint(0, -1),
    Qt.Key.Key_Down: QPoint(0, 1),
}


class KernelGrid(QWidget):
    """The kernel's pixels, white on black. Drag draws, the right button or Ctrl erases.

    With the keyboard: arrow keys move a frame, Space draws or erases under it.

    Signals
        drawn(): a pixel is another than before, by the user.
    """

    drawn = Signal()

    accessible_role = QAccessible.Role.Graphic

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values: NDArray[np.float64] = np.zeros((SIZES[2], SIZES[2]))
        self.place = QPoint(SIZES[2] // 2, SIZES[2] // 2)
        self._last: QPointF | None = None
        self._erase = False
        self.setFixedSize(SIDE, SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def show_values(self, values: NDArray[np.float64]) -> None:
        """Show a kernel [h, w], its largest value as white."""
        self.values = values / max(values.max(), 1e-12)
        height, width = values.shape
        self.place = QPoint(min(self.place.x(), width - 1), min(self.place.y(), height - 1))
        self.update()

    def accessible_value(self) -> str:
        """The pixel under the keyboard's frame: where it is, and how bright."""
        x, y = self.place.x(), self.place.y()
        return self.tr("column {column}, row {row}: {value:.1f}").format(
            column=x + 1, row=y + 1, value=float(self.values[y, x])
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        right = event.button() == Qt.MouseButton.RightButton
        self._erase = right or bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self._last = event.position()
        self._draw_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._last is not None:
            self._draw_to(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._last = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        height, width = self.values.shape
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            place = self.place + step
            self.place = QPoint(place.x() % width, place.y() % height)
            self.update()
        elif event.key() == Qt.Key.Key_Space:
            self._set(self.place, 0.0 if self.values[self.place.y(), self.place.x()] else 1.0)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.field))
        grey = np.rint(255 * self.values.clip(0, 1)).astype(np.uint8)
        painter.drawImage(self._inside(), to_qimage(np.repeat(grey[..., None], 3, axis=2)))
        painter.setPen(QPen(QColor(theme.accent if self.hasFocus() else theme.line), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRect(self._cell(self.place))
        painter.end()

    def _inside(self) -> QRectF:
        height, width = self.values.shape
        unit = (SIDE - 2) / max(height, width)
        place = QRectF(0, 0, width * unit, height * unit)
        place.moveCenter(QRectF(self.rect()).center())
        return place

    def _cell(self, place: QPoint) -> QRectF:
        inside, (height, width) = self._inside(), self.values.shape
        across, down = inside.width() / width, inside.height() / height
        corner = inside.topLeft() + QPointF(place.x() * across, place.y() * down)
        return QRectF(corner.x(), corner.y(), across, down)

    def _draw_to(self, end: QPointF) -> None:
        start = self._last or end
        self._last = end
        inside, (height, width) = self._inside(), self.values.shape
        for share in np.linspace(0.0, 1.0, 1 + 2 * max(width, height)):
            point = start + (end - start) * float(share) - inside.topLeft()
            x = int(point.x() / inside.width() * width // 1)
            y = int(point.y() / inside.height() * height // 1)
            if 0 <= x < width and 0 <= y < height:
                self.place = QPoint(x, y)
                self._set(self.place, 0.0 if self._erase else 1.0)

    def _set(self, place: QPoint, value: float) -> None:
        if self.values[place.y(), place.x()] != value:
            self.values[place.y(), place.x()] = value
            self.update()
            self.drawn.emit()


class KernelField(Field):
    """The grid with its size, a way to empty it, and a way to take a picture instead."""

    def __init__(self) -> None:
        super().__init__()
        self.grid = KernelGrid()
        self.grid.drawn.connect(self._tell)
        self.label = QLabel()
        self.label.setProperty("role", "dim")
        self.size_box = ChoiceBox()
        for size in SIZES:
            self.size_box.addItem(f"{size} × {size}", size)
        self.size_box.activated.connect(lambda index: self._resize(self.size_box.itemData(index)))
        self.clear_button = QPushButton()
        self.clear_button.clicked.connect(self._clear)
        self.picture_button = QPushButton()
        self.picture_button.clicked.connect(
            lambda: dialogs.ask_open_file(self.window(), Path.home(), self.load)
        )
        self.problem = QLabel()
        self.problem.setProperty("role", "bad")
        self.problem.setWordWrap(True)
        self.problem.hide()
        side = QVBoxLayout()
        side.setSpacing(6)
        for widget in (self.label, self.size_box, self.clear_button, self.picture_button):
            side.addWidget(widget)
        side.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.grid, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(side, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.problem)

    def value(self) -> Kernel:
        return tuple(map(tuple, self.grid.values.tolist()))

    def show_value(self, value: Any) -> None:
        if value != self.value():
            self.grid.show_values(np.array(value, np.float64))
        height, width = self.grid.values.shape
        self.size_box.setCurrentIndex(self.size_box.findData(height if height == width else 0))
        self.size_box.setPlaceholderText(f"{width} × {height}")

    def set_texts(self, label: str, help_text: str) -> None:
        self.label.setText(label)
        self.label.setToolTip(help_text)
        self.grid.setAccessibleName(label)
        self.grid.setToolTip(
            self.tr("Drag to draw, the right button erases; arrow keys and Space do the same")
        )
        self.grid.setAccessibleDescription(self.grid.toolTip())
        self.size_box.setAccessibleName(self.tr("Size of the kernel"))
        self.size_box.setToolTip(self.tr("Size of the kernel in pixels"))
        self.clear_button.setText(self.tr("Clear"))
        self.clear_button.setAccessibleName(self.tr("Clear the kernel"))
        self.clear_button.setToolTip(self.tr("Draw it from the start"))
        self.picture_button.setText(self.tr("Picture…"))
        self.picture_button.setAccessibleName(self.tr("Kernel from a picture"))
        self.picture_button.setToolTip(
            self.tr("Take a small picture as the kernel, white on black, up to 255 × 255")
        )

    def load(self, path: Path) -> None:
        """Take the kernel from a picture file; what is wrong with it is said below."""
        from core.imaging.image import load

        try:
            kernel = KernelBlur.of_picture(load(path, MOST_PIXELS).pixels, path.name).kernel
        except SfumatoError as error:
            self.problem.setText(str(error))
            self.problem.show()
            return
        self.problem.hide()
        self.grid.show_values(np.array(kernel))
        self._tell()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.problem.hide()
        super().changeEvent(event)

    def _resize(self, side: int) -> None:
        """The same middle in a grid of another size."""
        old = self.grid.values
        new = np.zeros((side, side))
        tall, wide = (min(side, length) for length in old.shape)
        top, left = (side - tall) // 2, (side - wide) // 2
        from_top, from_left = (old.shape[0] - tall) // 2, (old.shape[1] - wide) // 2
        new[top : top + tall, left : left + wide] = old[
            from_top : from_top + tall, from_left : from_left + wide
        ]
        self.grid.show_values(new)
        self._tell()

    def _clear(self) -> None:
        self.grid.show_values(np.zeros_like(self.grid.values))
        self._tell()

    def _tell(self) -> None:
        self.changed.emit(self.value())


def first_kernel(side: int = SIZES[2]) -> Kernel:
    """A short slanting stroke, to begin with."""
    values = np.zeros((side, side))
    middle = side // 2
    for step in range(-side // 4, side // 4 + 1):
        values[middle - step // 2, middle + step] = 1.0
    return tuple(map(tuple, values.tolist()))
