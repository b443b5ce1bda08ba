"""The panel of layers: their order, visibility, names and opacity, and what can be done to one."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from desktop.document.document import Document
from desktop.icons import icon
from desktop.panels.layer_list import LAYER_ROLE, LayerModel, LayerView
from desktop.panels.number import NumberSlider

WIDTH, NARROW = 250, 180
REFRESH_MS = 200  # how long after a stroke its thumbnail follows


class LayersPanel(QFrame):
    """Follows a Document's layers, and changes them.

    Signals
        close_wanted(): the panel shall be put away.
    """

    close_wanted = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panelFrame")
        self.setMinimumWidth(NARROW)  # where the window is narrow, the canvas keeps its room
        self.setMaximumWidth(WIDTH)
        self._document = document
        self.heading = QLabel()
        self.heading.setProperty("role", "heading")
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("x"))
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.setProperty("role", "tiny")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.model = LayerModel(document, self)
        self.view = LayerView(self)
        self.view.setModel(self.model)
        self.heading.setBuddy(self.view)
        self.opacity = NumberSlider(0, 100, 1, 0)
        self.buttons = QHBoxLayout()
        self._refresh = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._build()
        self._connect()
        self.retranslate()
        self._follow()

    def add_action(self, action: QAction) -> None:
        """A button for something that can be done with the active layer."""
        button = QToolButton()
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setIconSize(QSize(18, 18))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setAccessibleName(action.text())
        action.changed.connect(lambda: button.setAccessibleName(action.text()))
        self.buttons.addWidget(button)

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Layers"))
        self.view.setAccessibleName(self.tr("Layers"))
        self.view.setToolTip(
            self.tr("Space shows or hides, F2 renames, Alt+Up and Alt+Down move, Delete deletes")
        )
        self.opacity.set_texts(self.tr("Opacity"), self.tr("Opacity of the chosen layer, percent"))
        self.close_button.setToolTip(self.tr("Put the layers away (F7)"))
        self.close_button.setAccessibleName(self.tr("Put the layers away"))
        self.view.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _build(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self.close_button)
        self.buttons.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 10)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.opacity)
        column.addWidget(self.view, 1)
        column.addLayout(self.buttons)

    def _connect(self) -> None:
        layers = self._document.layers
        layers.changed.connect(self._follow)
        layers.active_changed.connect(self._follow)
        self._document.pixels_changed.connect(lambda _: self._refresh.start())
        self._refresh.timeout.connect(self.model.forget_paint)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.view.eye_clicked.connect(self._toggle)
        self.view.move_wanted.connect(self._move)
        self.view.delete_wanted.connect(self._delete)
        self.opacity.value_changed.connect(self._on_opacity)
        self.close_button.clicked.connect(self.close_wanted)

    def _follow(self) -> None:
        active = self._document.layers.active
        row = self.model.row_of(active)
        self.opacity.setEnabled(active is not None)
        if active is None or row is None:
            return
        self.opacity.blockSignals(True)
        self.opacity.set_value(round(100 * active.opacity))
        self.opacity.blockSignals(False)
        selection = self.view.selectionModel()
        if selection.currentIndex().row() != row or not selection.hasSelection():
            index = self.model.index(row)
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _on_current(self, current: QModelIndex) -> None:
        layer = current.data(LAYER_ROLE) if current.isValid() else None
        if layer is not None:
            self._document.layers.set_active(layer.id)

    def _toggle(self, layer_id: int) -> None:
        layers = self._document.layers
        layers.set_visible(layer_id, not layers.stack.layer(layer_id).visible)

    def _move(self, by: int) -> None:
        layers = self._document.layers
        if layers.active is not None:
            layers.move(layers.active.id, layers.stack.index(layers.active.id) + by)

    def _delete(self) -> None:
        layers = self._document.layers
        if layers.active is not None and len(layers) > 1:
            layers.remove(layers.active.id)

    def _on_opacity(self, percent: float) -> None:
        active = self._document.layers.active
        if active is not None:
            self._document.layers.set_opacity(active.id, percent / 100)
