"""The contact sheet of a sweep: choose the range, watch the cells appear, take what you like."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QDialog,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.panels.picture_box import draw_fitted
from desktop.qimage import thumbnail
from desktop.sweep import COLUMNS, Cell, CellState, Sweep, guidances_around, strengths_between
from desktop.theme import current_theme

PICTURE = QSize(168, 126)
CAPTION = 22


class SweepDialog(QDialog):
    """Stays beside the window, so that a chosen cell is seen on the canvas at once.

    make: gives the Sweep for strengths and guidance scales, or None when something is missing.

    Signals
        cell_chosen(object): a finished Cell shall become a result.
    """

    cell_chosen = Signal(object)

    def __init__(
        self,
        setting: str,
        guidance_scale: float,
        highest_guidance: float,
        make: Callable[[Sequence[float], Sequence[float]], Sweep | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Sweep"))
        self._setting, self._make = setting, make
        self._scale, self._scales = (
            guidance_scale,
            guidances_around(guidance_scale, highest_guidance),
        )
        self._sweep: Sweep | None = None
        self.cells: list[CellButton] = []
        self.low, self.high = _share_box(0.2), _share_box(1.0)
        self.rows = QCheckBox(self.tr("Guidance as well, in rows"))
        self.start_button = QPushButton(self.tr("Make the sheet"))
        self.stop_button = QPushButton(self.tr("Stop"))
        self.close_button = QPushButton(self.tr("Close"))
        self.progress = QProgressBar()
        self.counted = QLabel()
        self._sheet = QWidget()
        self._grid = QGridLayout(self._sheet)
        self._name()
        self._arrange()
        self.low.valueChanged.connect(self._lay_out)
        self.high.valueChanged.connect(self._lay_out)
        self.rows.toggled.connect(self._lay_out)
        self.start_button.clicked.connect(self._start)
        self.stop_button.clicked.connect(self._stop)
        self.close_button.clicked.connect(self.close)
        self._lay_out()

    def done(self, result: int) -> None:
        """Closing gives up what is not finished."""
        self._stop()
        super().done(result)

    def _name(self) -> None:
        for box, name in (
            (self.low, self.tr("From")),
            (self.high, self.tr("To")),
        ):
            box.setAccessibleName(f"{self._setting}: {name}")
            box.setToolTip(f"{self._setting}: {name}")
        self.rows.setToolTip(
            self.tr("Half the guidance, the guidance and its double, a row for each")
        )
        self.start_button.setToolTip(self.tr("Run one edit for each cell, the least change first"))
        self.start_button.setProperty("role", "primary")
        self.start_button.setDefault(True)
        self.stop_button.setToolTip(self.tr("Give up the cells that are not finished"))
        self.stop_button.setAutoDefault(False)
        self.close_button.setToolTip(self.tr("Close (Esc); what is not finished is given up"))
        self.close_button.setAutoDefault(False)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Cells that are done"))
        self.counted.setProperty("role", "dim")

    def _arrange(self) -> None:
        setting = QLabel(self._setting)
        setting.setProperty("role", "heading")
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(setting)
        for text, box in ((self.tr("from"), self.low), (self.tr("to"), self.high)):
            label = QLabel(text)
            label.setProperty("role", "dim")
            label.setBuddy(box)
            top.addWidget(label)
            top.addWidget(box)
        top.addSpacing(12)
        top.addWidget(self.rows)
        top.addStretch(1)
        top.addWidget(self.start_button)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(10)
        scroll = QScrollArea()
        scroll.setWidget(self._sheet)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        hint = QLabel(self.tr("Click a cell to take it as a result."))
        hint.setProperty("role", "small")
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(hint)
        below.addStretch(1)
        below.addWidget(self.counted)
        below.addWidget(self.progress)
        below.addWidget(self.stop_button)
        below.addWidget(self.close_button)
        self.progress.setFixedWidth(160)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.setSpacing(14)
        column.addLayout(top)
        column.addWidget(scroll, 1)
        column.addLayout(below)

    # -- the sheet before and while it is made ------------------------------------------------

    def _strengths(self) -> list[float]:
        return strengths_between(self.low.value(), self.high.value())

    def _guidances(self) -> list[float]:
        return self._scales if self.rows.isChecked() else [self._scale]

    def _lay_out(self) -> None:
        """Empty cells with the values that they will have."""
        for cell in self.cells:
            self._grid.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        strengths, guidances = self._strengths(), self._guidances()
        with_guidance = len(guidances) > 1
        self.cells = []
        for row, scale in enumerate(guidances):
            for column, strength in enumerate(strengths):
                extra = self.tr("guidance {scale:.1f}").format(scale=scale) if with_guidance else ""
                cell = CellButton(self._setting, strength, extra)
                cell.clicked.connect(lambda _=False, cell=cell: self._choose(cell))
                self._grid.addWidget(cell, row, column)
                self.cells.append(cell)
        self._show_progress()
        screen = self.screen().availableGeometry()
        step = QSize(PICTURE.width() + 10, PICTURE.height() + CAPTION + 10)
        width, height = COLUMNS * step.width() + 60, len(guidances) * step.height() + 150
        self.resize(min(width, screen.width()), min(height, screen.height()))

    def _start(self) -> None:
        sweep = self._make(self._strengths(), self._guidances())
        if sweep is None:
            return
        self._lay_out()
        sweep.setParent(self)
        self._sweep = sweep
        for button, cell in zip(self.cells, sweep.cells, strict=True):
            button.show_cell(cell)
        sweep.cell_changed.connect(self._on_cell)
        sweep.start()
        self._show_progress()

    def _stop(self) -> None:
        if self._sweep is not None:
            self._sweep.cancel()

    def _on_cell(self, cell: Cell) -> None:
        next(button for button in self.cells if button.cell is cell).show_cell(cell)
        self._show_progress()

    def _choose(self, button: "CellButton") -> None:
        if button.cell is not None and button.cell.finished is not None:
            self.cell_chosen.emit(button.cell)
            button.update()

    def _show_progress(self) -> None:
        sweep = self._sweep
        running = sweep is not None and sweep.is_running
        done = 0 if sweep is None else sweep.done
        self.progress.setRange(0, len(self.cells))
        self.progress.setValue(done)
        self.counted.setText(
            self.tr("{done} of {count}").format(done=done, count=len(self.cells)) if running else ""
        )
        for widget in (self.progress, self.stop_button):
            widget.setVisible(running)
        for widget in (self.low, self.high, self.rows, self.start_button):
            widget.setEnabled(not running)


class CellButton(QAbstractButton):
    """One picture of the sheet, with its values below."""

    def __init__(self, setting: str, strength: float, extra: str) -> None:
        super().__init__()
        self.cell: Cell | None = None
        self._what = f"{setting} {strength:.2f}"
        self._caption = " · ".join(filter(None, (f"{strength:.2f}", extra)))
        self._image = None
        self.setFixedSize(PICTURE.width(), PICTURE.height() + CAPTION)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._show()

    def show_cell(self, cell: Cell) -> None:
        """Show how the cell stands."""
        if cell.finished is not None and (self.cell is not cell or self._image is None):
            self._image = thumbnail(cell.finished.picture, PICTURE, device_pixel_ratio=2.0)
        self.cell = cell
        self._show()

    def _show(self) -> None:
        state = self._state_text()
        self.setEnabled(self.cell is None or self.cell.state is not CellState.FAILED)
        self.setAccessibleName(", ".join(filter(None, (self._what, self._caption, state))))
        ready = self.cell is not None and self.cell.finished is not None
        self.setToolTip(self.tr("Take this as a result") if ready else state or self._what)
        hand = Qt.CursorShape.PointingHandCursor if ready else Qt.CursorShape.ArrowCursor
        self.setCursor(hand)
        self.update()

    def _state_text(self) -> str:
        state = None if self.cell is None else self.cell.state
        texts = {
            CellState.WAITING: self.tr("waiting"),
            CellState.RUNNING: self.tr("running"),
            CellState.FAILED: self.tr("failed"),
            CellState.CANCELLED: self.tr("given up"),
        }
        return "" if state is None else texts.get(state, "")

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        frame = QRectF(1.5, 1.5, PICTURE.width() - 3, PICTURE.height() - 3)
        rounded = QPainterPath()
        rounded.addRoundedRect(frame, 7, 7)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(rounded, QColor(theme.surround))
        cell = self.cell
        image = self._image if cell is not None and cell.finished is not None else None
        if image is None and cell is not None:
            image = cell.preview
        painter.setClipPath(rounded)
        if image is not None:
            draw_fitted(painter, image, frame)
        else:
            painter.setPen(QColor(theme.dim))
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, self._state_text())
        painter.setClipping(False)
        taken = cell is not None and cell.alternative is not None
        if taken or self.hasFocus() or (self.underMouse() and cell is not None and cell.finished):
            painter.setPen(QPen(QColor(theme.accent), 2.5 if taken else 1.5))
            painter.drawRoundedRect(frame, 7, 7)
        painter.setPen(QColor(theme.text if image is not None else theme.dim))
        caption = QRectF(0, PICTURE.height(), self.width(), CAPTION)
        painter.drawText(caption, Qt.AlignmentFlag.AlignCenter, self._caption)
        painter.end()


def _share_box(value: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(0.0, 1.0)
    box.setSingleStep(0.05)
    box.setDecimals(2)
    box.setValue(value)
    box.setFixedWidth(64)
    box.setAlignment(Qt.AlignmentFlag.AlignCenter)
    box.setProperty("role", "framed")
    return box
