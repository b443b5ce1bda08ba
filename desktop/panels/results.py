"""The strip of results below the canvas: look at each, apply one, delete others."""

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.document.alternative import Alternative
from desktop.document.document import Document
from desktop.panels.stage import seed_text
from desktop.qimage import thumbnail
from desktop.theme import current_theme

THUMBNAIL = QSize(124, 88)
ITEM = QSize(136, 120)
HEIGHT = 140

ALTERNATIVE_ROLE = Qt.ItemDataRole.UserRole

Index = QModelIndex | QPersistentModelIndex


class ResultsStrip(QFrame):
    """Follows a Document's alternatives.

    Signals
        apply_wanted(object), delete_wanted(object): an Alternative.
    """

    apply_wanted = Signal(object)
    delete_wanted = Signal(object)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setFixedHeight(HEIGHT)
        self._document = document
        self.model = _AlternativesModel(document, self)
        self.view = _StripView(self)
        self.view.setModel(self.model)
        self.view.setMinimumWidth(64)
        self.view.setItemDelegate(_ThumbnailDelegate(self.view))
        self.hint = QLabel()
        self.hint.setProperty("role", "dim")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        self._build()
        self.view.activated_row.connect(self._apply_shown)
        self.view.deleted_row.connect(self._delete_shown)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        document.alternatives_changed.connect(self._on_list)
        document.shown_changed.connect(self._show_shown)
        self.retranslate()
        self._on_list()

    def selected(self) -> list[Alternative]:
        """All that are chosen, with Ctrl or Shift held; one of them is looked at."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        return [self.model.index(row).data(ALTERNATIVE_ROLE) for row in rows]

    def retranslate(self) -> None:
        self.hint.setText(self.tr("Results appear here. Apply the one you like."))
        self.view.setAccessibleName(self.tr("Results"))
        self.view.setToolTip(
            self.tr(
                "Arrow keys look at the results, Enter applies, Delete deletes, "
                "Ctrl+click chooses two to blend"
            )
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _build(self) -> None:
        results = QWidget()
        row = QHBoxLayout(results)
        row.setContentsMargins(12, 8, 12, 8)
        row.addWidget(self.view)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.hint)
        self._pages.addWidget(results)

    def _on_list(self) -> None:
        self._pages.setCurrentIndex(1 if self._document.alternatives else 0)
        self._show_shown()

    def _show_shown(self) -> None:
        shown = self._document.shown
        selection = self.view.selectionModel()
        row = self.model.row_of(shown)
        if row is None:
            selection.clear()
        elif selection.currentIndex().row() != row or not selection.hasSelection():
            selection.setCurrentIndex(
                self.model.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )

    def _on_current(self, current: QModelIndex) -> None:
        alternative = current.data(ALTERNATIVE_ROLE) if current.isValid() else None
        if alternative is not None and alternative is not self._document.shown:
            self._document.show(alternative)

    def _apply_shown(self) -> None:
        if self._document.shown is not None:
            self.apply_wanted.emit(self._document.shown)

    def _delete_shown(self) -> None:
        if self._document.shown is not None:
            self.delete_wanted.emit(self._document.shown)


class _AlternativesModel(QAbstractListModel):
    """The document's alternatives; thumbnails are made once each."""

    def __init__(self, document: Document, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._shown: tuple[Alternative, ...] = document.alternatives
        self._thumbnails: dict[int, QImage] = {}
        document.alternatives_changed.connect(self._reload)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        alternative = self._shown[index.row()]
        if role == ALTERNATIVE_ROLE:
            return alternative
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{alternative.title}, {alternative.seconds:.1f} s"
        if role == Qt.ItemDataRole.ToolTipRole:
            request = alternative.request
            return "\n".join(filter(None, (request.target_prompt, seed_text(request))))
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnail(alternative)
        return None

    def row_of(self, alternative: Alternative | None) -> int | None:
        return next((i for i, other in enumerate(self._shown) if other is alternative), None)

    def _reload(self) -> None:
        new = self._document.alternatives
        if new[: len(self._shown)] == self._shown:  # the usual case: a result more
            self.beginInsertRows(QModelIndex(), len(self._shown), len(new) - 1)
            self._shown = new
            self.endInsertRows()
            return
        self.beginResetModel()
        self._shown = new
        self.endResetModel()
        numbers = {alternative.number for alternative in new}
        self._thumbnails = {n: t for n, t in self._thumbnails.items() if n in numbers}

    def _thumbnail(self, alternative: Alternative) -> QImage:
        if alternative.number not in self._thumbnails:
            self._thumbnails[alternative.number] = thumbnail(
                alternative.pixels, THUMBNAIL, device_pixel_ratio=2.0
            )
        return self._thumbnails[alternative.number]


class _StripView(QListView):
    """One row, from left to right.

    Signals
        activated_row(): Enter or a double-click.
        deleted_row(): Delete or Backspace.
    """

    activated_row = Signal()
    deleted_row = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setUniformItemSizes(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated_row.emit()
        elif plain and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.deleted_row.emit()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self.activated_row.emit()


class _ThumbnailDelegate(QStyledItemDelegate):
    """A rounded thumbnail; below it the title and the seconds."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return ITEM

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        alternative: Alternative | None = index.data(ALTERNATIVE_ROLE)
        image: QImage | None = index.data(Qt.ItemDataRole.DecorationRole)
        if alternative is None or image is None:
            return
        theme = current_theme()
        rect: QRect = option.rect  # type: ignore[attr-defined]
        frame = QRect(rect.left() + 4, rect.top() + 4, THUMBNAIL.width(), THUMBNAIL.height())
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        rounded = QPainterPath()
        rounded.addRoundedRect(frame, 7, 7)
        painter.fillPath(rounded, QColor(theme.surround))
        painter.setClipPath(rounded)
        size = image.deviceIndependentSize().toSize()
        place = QRect(frame)
        place.setSize(size)
        place.moveCenter(frame.center())
        painter.drawImage(place, image)
        painter.setClipping(False)
        if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.setPen(QPen(QColor(theme.accent), 2.5))
            painter.drawRoundedRect(frame.adjusted(-1, -1, 1, 1), 8, 8)
        font = option.font  # type: ignore[attr-defined]
        font.setPixelSize(12)
        painter.setFont(font)
        line = QRect(frame.left() + 1, frame.bottom() + 4, frame.width() - 2, 18)
        seconds = f"{alternative.seconds:.1f} s"
        metrics = painter.fontMetrics()
        painter.setPen(QColor(theme.dim))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight, seconds)
        painter.setPen(QColor(theme.text))
        room = line.width() - metrics.horizontalAdvance(seconds) - 6
        title = metrics.elidedText(alternative.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, title)
        painter.restore()
