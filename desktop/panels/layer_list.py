"""The list of layers, the uppermost first: eye, thumbnail, name; dragged into another order."""

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QCoreApplication,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.document.document import Document
from desktop.document.stack import Layer, LayerKind
from desktop.icons import icon
from desktop.panels.layer_thumbnail import layer_thumbnail
from desktop.theme import current_theme

ROW = 56
EYE = 30  # logical pixels at the left of a row
THUMBNAIL = QSize(52, 40)
LAYER_ROLE = Qt.ItemDataRole.UserRole
MIME = "application/x-sfumato-layer"

Index = QModelIndex | QPersistentModelIndex


class LayerModel(QAbstractListModel):
    """A document's layers from the top down. Renaming and dropping go to the document."""

    def __init__(self, document: Document, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._layers: tuple[Layer, ...] = ()
        self._thumbnails: dict[int, tuple[object, QImage]] = {}
        document.layers.changed.connect(self._follow)
        self._follow()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._layers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._layers):
            return None
        layer = self._layers[index.row()]
        if role == LAYER_ROLE:
            return layer
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return layer.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{layer.name}, {details(layer)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return QCoreApplication.translate(
                "LayerModel", "{name}. Double-click renames, dragging moves."
            ).format(name=layer.name)
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        name = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or not index.isValid() or not name:
            return False
        self._document.layers.rename(self._layers[index.row()].id, name)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsEditable
            | Qt.ItemFlag.ItemIsDragEnabled
        )

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: object) -> QMimeData:
        mime = QMimeData()
        rows = [index.row() for index in indexes]  # type: ignore[attr-defined]
        mime.setData(MIME, QByteArray(str(self._layers[rows[0]].id).encode()))
        return mime

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Move the dragged layer to before `row`, or to the bottom."""
        if action != Qt.DropAction.MoveAction or not data.hasFormat(MIME):
            return False
        layer_id = int(bytes(data.data(MIME).data()))
        old = next((i for i, one in enumerate(self._layers) if one.id == layer_id), None)
        if old is None:
            return False  # dragged here from another window
        new = len(self._layers) if row < 0 else row
        if new > old:
            new -= 1
        self._document.layers.move(layer_id, len(self._layers) - 1 - new)
        return True

    def row_of(self, layer: Layer | None) -> int | None:
        ids = [one.id for one in self._layers]
        return ids.index(layer.id) if layer is not None and layer.id in ids else None

    def thumbnail(self, layer: Layer) -> QImage:
        """A small picture of a layer, made once until it changes."""
        key = (layer.raster, layer.x, layer.y, self._document.size)
        known = self._thumbnails.get(layer.id)
        if known is None or known[0] != key:
            known = key, layer_thumbnail(layer, self._document.size, THUMBNAIL, 2.0)
            self._thumbnails[layer.id] = known
        return known[1]

    def forget_paint(self) -> None:
        """Something was painted: make the thumbnails of paint layers anew."""
        for row, layer in enumerate(self._layers):
            if layer.kind is LayerKind.PAINT:
                self._thumbnails.pop(layer.id, None)
                self.dataChanged.emit(self.index(row), self.index(row))

    def _follow(self) -> None:
        new = tuple(reversed(self._document.stack.layers))
        if [one.id for one in new] == [one.id for one in self._layers]:
            self._layers = new
            if new:
                self.dataChanged.emit(self.index(0), self.index(len(new) - 1))
            return
        self.beginResetModel()
        self._layers = new
        ids = {one.id for one in new}
        self._thumbnails = {key: t for key, t in self._thumbnails.items() if key in ids}
        self.endResetModel()


class LayerView(QListView):
    """Signals
    eye_clicked(int): the layer whose eye was clicked, or Space was pressed on.
    move_wanted(int): Alt+Up (1) or Alt+Down (-1).
    delete_wanted()
    """

    eye_clicked = Signal(int)
    move_wanted = Signal(int)
    delete_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setItemDelegate(_LayerDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setUniformItemSizes(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        layer = self.currentIndex().data(LAYER_ROLE)
        if modifiers == Qt.KeyboardModifier.AltModifier and key in (
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
        ):
            self.move_wanted.emit(1 if key == Qt.Key.Key_Up else -1)
        elif key == Qt.Key.Key_Space and layer is not None:
            self.eye_clicked.emit(layer.id)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_wanted.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        layer = self._eye_at(event.position().toPoint())
        if layer is not None and event.button() == Qt.MouseButton.LeftButton:
            self.eye_clicked.emit(layer.id)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        if self._eye_at(place) is not None:
            self.mousePressEvent(event)
        elif self.indexAt(place).isValid():
            self.edit(self.indexAt(place))

    def _eye_at(self, place: QPoint) -> Layer | None:
        index = self.indexAt(place)
        inside = place.x() - self.visualRect(index).left() < EYE
        return index.data(LAYER_ROLE) if index.isValid() and inside else None


class _LayerDelegate(QStyledItemDelegate):
    """Eye, thumbnail on chequers, name, and below it kind and opacity."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, ROW)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        left = EYE + THUMBNAIL.width() + 8
        height = editor.sizeHint().height()
        top = rect.top() + (rect.height() - height) // 2
        editor.setGeometry(rect.left() + left, top, rect.width() - left - 6, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        layer: Layer | None = index.data(LAYER_ROLE)
        model = index.model()
        if layer is None or not isinstance(model, LayerModel):
            return
        theme = current_theme()
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        if state & QStyle.StateFlag.State_Selected:
            ground = QPainterPath()
            ground.addRoundedRect(rect.adjusted(2, 2, -2, -2), 7, 7)
            painter.fillPath(ground, QColor(theme.raised))
        eye = QRect(rect.left() + 8, rect.center().y() - 8, 17, 17)
        icon("eye" if layer.visible else "eye-slash").paint(painter, eye)
        painter.setOpacity(1.0 if layer.visible else 0.5)
        frame = QRect(QPoint(rect.left() + EYE + 2, 0), THUMBNAIL)
        frame.moveTop(rect.top() + (rect.height() - frame.height()) // 2)
        self._draw_thumbnail(painter, frame, model.thumbnail(layer))
        left = frame.right() + 10
        painter.setFont(option.font)  # type: ignore[attr-defined]
        self._draw_texts(painter, layer, QRect(left, rect.top(), rect.right() - left - 6, ROW))
        painter.restore()

    def _draw_thumbnail(self, painter: QPainter, frame: QRect, image: QImage) -> None:
        size = image.deviceIndependentSize().toSize()
        place = QRect(QPoint(0, 0), size)
        place.moveCenter(frame.center())
        rounded = QPainterPath()
        rounded.addRoundedRect(place, 4, 4)
        painter.setClipPath(rounded, Qt.ClipOperation.IntersectClip)
        painter.fillRect(place, QColor("#8d8f93"))
        for row, top in enumerate(range(place.top(), place.bottom() + 1, 5)):
            for left in range(place.left() + 5 * (row % 2), place.right() + 1, 10):
                painter.fillRect(left, top, 5, 5, QColor("#b9bbbe"))
        painter.drawImage(place, image)
        painter.setClipping(False)

    def _draw_texts(self, painter: QPainter, layer: Layer, room: QRect) -> None:
        theme = current_theme()
        painter.setPen(QColor(theme.text))
        elide = Qt.TextElideMode.ElideRight
        name = painter.fontMetrics().elidedText(layer.name, elide, room.width())
        half = room.height() // 2
        bottom = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
        top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(room.left(), room.top(), room.width(), half), bottom, name)
        font = painter.font()
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(QColor(theme.dim))
        below = QRect(room.left(), room.top() + half + 2, room.width(), half)
        text = painter.fontMetrics().elidedText(details(layer), elide, room.width())
        painter.drawText(below, top, text)


def details(layer: Layer) -> str:
    """What kind of layer it is, and what is unusual about it."""
    translate = QCoreApplication.translate
    kinds = {
        LayerKind.PICTURE: translate("LayerModel", "Picture"),
        LayerKind.RESULT: translate("LayerModel", "Result"),
        LayerKind.PAINT: translate("LayerModel", "Paint"),
    }
    parts = [kinds[layer.kind]]
    if layer.opacity < 1:
        parts.append(f"{round(100 * layer.opacity)} %")
    if not layer.visible:
        parts.append(translate("LayerModel", "hidden"))
    return " · ".join(parts)
