"""The colour that is painted with, as a round button."""

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QColorDialog, QToolButton, QWidget

from desktop.keys import keyed
from desktop.theme import current_theme

SIDE = 38
DISC = 22.0


class Swatch(QToolButton):
    """Shows a colour; pressed, it asks for another one.

    Signals
        chosen(QColor)
    """

    chosen = Signal(QColor)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = QColor()
        self.setProperty("role", "tool")
        self.setFixedSize(SIDE, SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self.ask)
        self.retranslate()

    @property
    def colour(self) -> QColor:
        return QColor(self._colour)

    def set_colour(self, colour: QColor) -> None:
        """Show a colour, without telling anybody."""
        self._colour = QColor(colour)
        self.retranslate()
        self.update()

    def ask(self) -> None:
        """Open the colour dialog."""
        dialog = QColorDialog(self._colour, self.window())
        dialog.setWindowTitle(self.tr("Paint colour"))
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(self.chosen)
        dialog.open()

    def retranslate(self) -> None:
        name = self._colour.name()
        self.setAccessibleName(self.tr("Paint colour {name}").format(name=name))
        tip = keyed(
            self.tr("Paint colour {name} (Shift+P). Alt-click with the paint tool picks one."),
            "paint_colour",
        )
        self.setToolTip(tip.format(name=name))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme = current_theme()
        disc = QRectF(0, 0, DISC, DISC)
        disc.moveCenter(QRectF(self.rect()).center())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.text if self.hasFocus() else theme.dim), 1.5))
        painter.setBrush(self._colour)
        painter.drawEllipse(disc)
        painter.end()
