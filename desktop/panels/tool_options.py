"""The bar above the canvas: what the chosen tool can be told, and what to do with a selection."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from core.imaging.selection import How
from desktop.canvas.tools import BrushSettings, SelectionOptions, ToolKind
from desktop.canvas.tools.brush import MAX_SIZE, MIN_SIZE
from desktop.canvas.tools.options import MAX_TOLERANCE
from desktop.icons import icon
from desktop.panels.number import NumberSlider
from desktop.panels.rail import ActionButton
from desktop.panels.segments import Segments
from desktop.panels.swatch import Swatch

HEIGHT = 58
WIDE, NARROW = 640, 500
NARROWEST = 160
_BRUSHES = (ToolKind.BRUSH, ToolKind.ERASER, ToolKind.PAINT)
_OUTLINES = (
    *(ToolKind.LASSO, ToolKind.POLYGON, ToolKind.RECTANGLE, ToolKind.ELLIPSE),
    *(ToolKind.WAND, ToolKind.OBJECT),
)
_WAYS = {
    How.REPLACE: "selection",
    How.ADD: "plus",
    How.SUBTRACT: "minus",
    How.INTERSECT: "intersect",
}


class ToolOptions(QFrame):
    """Shows a tool, its BrushSettings and its SelectionOptions.

    Signals
        brush_edited(BrushSettings), options_edited(SelectionOptions): by the user.
    """

    brush_edited = Signal(object)
    options_edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolOptions")
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(120)  # cut off in a narrow window, rather than widening it
        self._kind = ToolKind.BRUSH
        self._brush, self._options = BrushSettings(), SelectionOptions()
        self.heading = QLabel()
        self.heading.setProperty("role", "heading")
        self.swatch = Swatch()
        self.size_slider = NumberSlider(MIN_SIZE, MAX_SIZE, 1, 0)
        self.hardness_slider = NumberSlider(0, 1, 0.01)
        self.opacity_slider = NumberSlider(0, 1, 0.01)
        self.pressure_button = QToolButton()
        self.pressure_button.setIcon(icon("pen-nib"))
        self.pressure_menu = QMenu(self.pressure_button)
        self.pressure_sizes = self.pressure_menu.addAction("")
        self.pressure_fades = self.pressure_menu.addAction("")
        self.ways = Segments(len(_WAYS))
        self.tolerance_slider = NumberSlider(0, MAX_TOLERANCE, 1, 0)
        self.connected = QCheckBox()
        self.note = QLabel()
        self.note.setProperty("role", "small")
        self.modify_button = QToolButton()
        self.modify_button.setIcon(icon("sliders-horizontal"))
        self._buttons = QWidget()
        self._layout = QHBoxLayout(self)
        self._build()
        self._connect()
        self.retranslate()

    def set_actions(self, buttons: Sequence[QAction], menu: Sequence[QAction | None]) -> None:
        """Put the selection's actions at the bar's end, some as buttons, some in one menu."""
        popup = QMenu(self.modify_button)
        for action in menu:
            if action is None:
                popup.addSeparator()
            else:
                popup.addAction(action)
        self.modify_button.setMenu(popup)
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for action in buttons:
            row.addWidget(ActionButton(action, self._buttons, role="", size=18))
        self._layout.addWidget(self._buttons)

    def show_tool(self, kind: ToolKind, name: str) -> None:
        """Show what this tool can be told."""
        self._kind = kind
        self.heading.setText(name)
        self.note.setText(self._note(kind))
        self.note.setToolTip(self.note.text())
        self._make_room()

    def show_brush(self, brush: BrushSettings) -> None:
        """Show these values, without telling anybody."""
        self._brush = brush
        self.blockSignals(True)
        self.size_slider.set_value(brush.size)
        self.hardness_slider.set_value(brush.hardness)
        self.opacity_slider.set_value(brush.opacity)
        self.pressure_sizes.setChecked(brush.pressure_sizes)
        self.pressure_fades.setChecked(brush.pressure_fades)
        self.blockSignals(False)

    def show_options(self, options: SelectionOptions) -> None:
        """Show these values, without telling anybody."""
        self._options = options
        self.blockSignals(True)
        self.ways.set_index(list(_WAYS).index(options.how))
        self.tolerance_slider.set_value(options.tolerance)
        self.connected.setChecked(options.connected)
        self.blockSignals(False)

    def retranslate(self) -> None:
        self.size_slider.set_texts(self.tr("Size"), self.tr("Diameter in picture pixels ([ and ])"))
        self.hardness_slider.set_texts(
            self.tr("Hardness"), self.tr("How sharply the brush's edge ends")
        )
        self.opacity_slider.set_texts(
            self.tr("Opacity"),
            self.tr("How much one stroke selects; what is half selected is edited half as much"),
        )
        self._name(self.pressure_button, self.tr("What a pen's pressure changes"))
        self.pressure_sizes.setText(self.tr("Pressure changes the size"))
        self.pressure_fades.setText(self.tr("Pressure changes the opacity"))
        self.ways.set_texts(
            [self.tr("Replace"), self.tr("Add"), self.tr("Subtract"), self.tr("Intersect")],
            [
                self.tr("Select this in place of what is selected"),
                self.tr("Add to the selection (Shift)"),
                self.tr("Take from the selection (Ctrl)"),
                self.tr("Keep what is selected twice (Ctrl+Shift, or Alt)"),
            ],
        )
        self.tolerance_slider.set_texts(
            self.tr("Tolerance"), self.tr("How far a colour may be from the one that is clicked at")
        )
        self.connected.setText(self.tr("Connected"))
        self.connected.setAccessibleName(self.connected.text())
        self.connected.setToolTip(self.tr("Only what is connected with the place that is clicked"))
        self.modify_button.setText(self.tr("Modify"))
        self._name(self.modify_button, self.tr("Grow, shrink, soften, fill, load or save"))

    def minimumSizeHint(self) -> QSize:
        """The canvas may be narrower than all of the bar; what does not fit gives way."""
        return QSize(NARROWEST, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._make_room()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _make_room(self) -> None:
        """Show what the tool has. Where there is little room, what is said or to be had elsewhere
        too gives way first, then what is told least often."""
        width, kind = self.width(), self._kind
        brush, wand = kind in _BRUSHES, kind is ToolKind.WAND
        wide, enough = width >= WIDE, width >= NARROW
        self.heading.setVisible(wide)
        self._buttons.setVisible(wide)
        style = Qt.ToolButtonStyle
        self.modify_button.setToolButtonStyle(
            style.ToolButtonTextBesideIcon if wide else style.ToolButtonIconOnly
        )
        for widget in (self.size_slider, self.opacity_slider):
            widget.setVisible(brush)
        for widget in (self.hardness_slider, self.pressure_button):
            widget.setVisible(brush and enough)
        self.swatch.setVisible(kind is ToolKind.PAINT)
        self.ways.setVisible(kind in _OUTLINES)
        self.tolerance_slider.setVisible(wand)
        self.connected.setVisible(wand and enough)

    def _note(self, kind: ToolKind) -> str:
        if kind is ToolKind.POLYGON:
            return self.tr("Click corners · Enter closes · Backspace takes one back")
        if kind is ToolKind.OBJECT:
            return self.tr("Drag a box around one object")
        if kind in (ToolKind.RECTANGLE, ToolKind.ELLIPSE):
            return self.tr("Shift while dragging: equal sides")
        if kind is ToolKind.HAND:
            return self.tr("Drag to move the picture")
        if kind is ToolKind.FRAME:
            return self.tr(
                "Drag an edge or a corner · Shift keeps the ratio · Alt moves both sides"
            )
        return ""

    def _name(self, button: QToolButton, text: str) -> None:
        button.setAccessibleName(text)
        button.setToolTip(text)

    def _build(self) -> None:
        self._layout.setContentsMargins(14, 4, 10, 4)
        self._layout.setSpacing(12)
        self._layout.addWidget(self.heading)
        self._layout.addWidget(self.swatch)
        for slider in (
            self.size_slider,
            self.hardness_slider,
            self.opacity_slider,
            self.tolerance_slider,
        ):
            slider.setMaximumWidth(132)
            slider.spin_box.setFixedWidth(50)
        for button, name in zip(self.ways.buttons, _WAYS.values(), strict=True):
            button.setIcon(icon(name))
            button.setIconSize(QSize(16, 16))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.ways.setFixedSize(148, 38)
        for action in (self.pressure_sizes, self.pressure_fades):
            action.setCheckable(True)
        self.pressure_button.setMenu(self.pressure_menu)
        self.pressure_button.setIconSize(QSize(18, 18))
        self.modify_button.setIconSize(QSize(16, 16))
        for button in (self.pressure_button, self.modify_button):
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        for widget in (
            self.size_slider,
            self.hardness_slider,
            self.opacity_slider,
            self.pressure_button,
        ):
            self._layout.addWidget(widget)
        for widget in (self.ways, self.tolerance_slider, self.connected):
            self._layout.addWidget(widget)
        self._layout.addWidget(self.note, 1)
        self._layout.addWidget(self.modify_button)

    def _connect(self) -> None:
        for slider in (self.size_slider, self.hardness_slider, self.opacity_slider):
            slider.value_changed.connect(self._tell_brush)
        for action in (self.pressure_sizes, self.pressure_fades):
            action.toggled.connect(self._tell_brush)
        self.ways.chosen.connect(self._tell_options)
        self.tolerance_slider.value_changed.connect(self._tell_options)
        self.connected.toggled.connect(self._tell_options)

    def _tell_brush(self, *_: object) -> None:
        if self.signalsBlocked():
            return  # shown, not chosen; and not all of it is shown yet
        self._brush = BrushSettings(
            self.size_slider.value(),
            self.hardness_slider.value(),
            self.opacity_slider.value(),
            self.pressure_sizes.isChecked(),
            self.pressure_fades.isChecked(),
        )
        self.brush_edited.emit(self._brush)

    def _tell_options(self, *_: object) -> None:
        if self.signalsBlocked():
            return
        way = next(n for n, button in enumerate(self.ways.buttons) if button.isChecked())
        self._options = replace(
            self._options,
            how=list(_WAYS)[way],
            tolerance=self.tolerance_slider.value(),
            connected=self.connected.isChecked(),
        )
        self.options_edited.emit(self._options)
