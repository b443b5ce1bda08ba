"""Nine points, of which one is chosen: where something sits in its frame."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.theme import current_theme

SIDE = 72
_KEYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class AnchorGrid(QWidget):
    """One control for the keyboard: the arrow keys move the choice.

    Signals
        chosen(object): (x, y), each 0, .5 or 1, from left to right and from top to bottom.
    """

    chosen = Signal(object)

    accessible_role = QAccessible.Role.Grouping

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = (1, 1)
        self.setFixedSize(SIDE, SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def show_anchor(self, anchor: tuple[float, float]) -> None:
        """Show it without telling anybody."""
        self._place = (round(2 * anchor[0]), round(2 * anchor[1]))
        self.update()

    def accessible_value(self) -> str:
        """Its place as column and row of three."""
        return self.tr("column {column}, row {row}").format(
            column=self._place[0] + 1, row=self._place[1] + 1
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = _KEYS.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
            return
        across, down = self._place[0] + way[0], self._place[1] + way[1]
        self._choose(min(2, max(0, across)), min(2, max(0, down)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position() * 3 / SIDE
        self._choose(min(2, max(0, int(place.x()))), min(2, max(0, int(place.y()))))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.accent if self.hasFocus() else theme.line), 1))
        painter.setBrush(QColor(theme.field))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        painter.setPen(Qt.PenStyle.NoPen)
        for down in range(3):
            for across in range(3):
                centre = QPointF(SIDE * (across + 0.5), SIDE * (down + 0.5)) / 3
                if (across, down) == self._place:
                    painter.setBrush(QColor(theme.accent))
                    painter.drawRoundedRect(QRectF(centre - QPointF(7, 7), QSize(14, 14)), 3, 3)
                else:
                    painter.setBrush(QColor(theme.dim))
                    painter.drawEllipse(centre, 2, 2)
        painter.end()

    def _choose(self, across: int, down: int) -> None:
        if (across, down) != self._place:
            self._place = (across, down)
            self.update()
            self.chosen.emit((across / 2, down / 2))
