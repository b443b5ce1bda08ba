"""The window: puts the widgets in their places, and knows nothing of what they are for."""

from typing import TypeVar

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QCloseEvent, QColor, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from desktop.canvas.rulers import RuledCanvas
from desktop.canvas.view import CanvasView
from desktop.document.document import Document
from desktop.panels.coach import Coach
from desktop.panels.edit import EditPanel
from desktop.panels.foot import CanvasFoot
from desktop.panels.header import Header
from desktop.panels.inspect import InspectPanel
from desktop.panels.layers import LayersPanel
from desktop.panels.message import MessageBar
from desktop.panels.rail import Rail
from desktop.panels.restored import RestorationBar
from desktop.panels.results import ResultsStrip
from desktop.panels.status import StatusLine
from desktop.panels.tool_options import ToolOptions
from desktop.panels.welcome import Welcome
from desktop.state import EditState
from desktop.theme import current_theme

BOTH_PANELS = 1240  # logical pixels of width that leave the canvas room beside both side panels

BoxLayout = TypeVar("BoxLayout", bound=QBoxLayout)


class MainWindow(QMainWindow):
    """Tools left, canvas in the middle, settings right, results below, status at the bottom.

    Signals
        close_wanted(): the user closes the window; whoever listens calls `close_now`.
        closed(): it is closed. Qt quits by itself only when a window closes that is still shown.
        files_dropped(list): local files, as paths' strings.
        crowded(QWidget): the window is too narrow for both side panels; this one is to go.
    """

    close_wanted = Signal()
    closed = Signal()
    crowded = Signal(QWidget)
    files_dropped = Signal(list)

    def __init__(self, document: Document, state: EditState) -> None:
        super().__init__()
        self._may_close = False
        self.header = Header()
        self.rail = Rail()
        self.message = MessageBar()
        self.tool_options = ToolOptions()
        self.canvas = CanvasView(document)
        self.ruled = RuledCanvas(self.canvas)
        self.restoration_bar = RestorationBar()
        self.welcome = Welcome()
        self.foot = CanvasFoot(document)
        self.coach = Coach()
        self.strip = ResultsStrip(document)
        self.panel = EditPanel(state)
        self.inspect = InspectPanel()
        self.inspect.hide()
        self.layers = LayersPanel(document)
        self.layers.hide()
        for side_panel in (self.inspect, self.layers):
            side_panel.installEventFilter(self)
        self.status = StatusLine()
        self.setMenuWidget(self.header)
        self.setCentralWidget(self._arrange())
        self.setAcceptDrops(True)
        self.setMinimumSize(900, 600)
        self.resize(1440, 900)
        self._colour_canvas()
        self.welcome.setFocus()

    def show_canvas(self, shown: bool) -> None:
        """The canvas, or the welcome page in its place."""
        self._pages.setCurrentWidget(self._canvas_page if shown else self.welcome)
        # A page that does not show shall not make the window wider.
        policy = QSizePolicy.Policy.Ignored if shown else QSizePolicy.Policy.Preferred
        self.welcome.setSizePolicy(policy, policy)
        self.strip.setVisible(shown)

    def focus_picture(self) -> None:
        """Give the keyboard to the canvas, or to the welcome page in its place."""
        page = self._pages.currentWidget()
        (self.canvas if page is self._canvas_page else self.welcome).setFocus()

    def show_document(self, title: str, details: str, modified: bool) -> None:
        self.header.show_document(f"{title} •" if modified else title, details)
        self.setWindowTitle(f"{title}[*] — Sfumato" if title else "Sfumato")
        self.setWindowModified(modified and bool(title))  # Qt shows it in a title alone

    def close_now(self) -> None:
        """Close without asking."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
            self.closed.emit()
        else:
            event.ignore()
            self.close_wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room(self.layers)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and watched in (self.inspect, self.layers):
            self._make_room(self.layers if watched is self.inspect else self.inspect)
        return super().eventFilter(watched, event)

    def _make_room(self, less_needed: QWidget) -> None:
        both = not self.inspect.isHidden() and not self.layers.isHidden()
        if both and self.width() < BOTH_PANELS:
            self.crowded.emit(less_needed)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._colour_canvas()
        super().changeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = _local_files(event.mimeData())
        if files:
            event.acceptProposedAction()
            self.files_dropped.emit(files)

    def _colour_canvas(self) -> None:
        if hasattr(self, "canvas"):
            self.canvas.set_surround(QColor(current_theme().surround))

    def _arrange(self) -> QWidget:
        self._canvas_page = QFrame()
        canvas_layout = _tight(QVBoxLayout(self._canvas_page))
        canvas_layout.addWidget(self.tool_options)
        canvas_layout.addWidget(self.restoration_bar)
        canvas_layout.addWidget(self.ruled, 1)
        canvas_layout.addWidget(self.foot)
        host = QWidget()
        self._pages = QStackedLayout(host)
        self._pages.addWidget(self.welcome)
        self._pages.addWidget(self._canvas_page)
        middle = _tight(QVBoxLayout())
        middle.addWidget(self.message)
        middle.addWidget(host, 1)
        middle.addWidget(self.coach)
        middle.addWidget(self.strip)
        row = _tight(QHBoxLayout())
        row.addWidget(self.rail)
        row.addLayout(middle, 1)
        row.addWidget(self.inspect)
        row.addWidget(self.layers)
        row.addWidget(self.panel)
        central = QWidget()
        column = _tight(QVBoxLayout(central))
        column.addLayout(row, 1)
        column.addWidget(self.status)
        return central


def _tight(layout: BoxLayout) -> BoxLayout:
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    return layout


def _local_files(mime: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
