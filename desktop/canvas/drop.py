"""Files that are dragged over the canvas and dropped on it."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget


class FileDrop(QObject):
    """Takes a widget's drags.

    Signals
        dropped(list): local files, as paths.
        hovering(bool): files are held over the widget, or no longer.
    """

    dropped = Signal(list)
    hovering = Signal(bool)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.DragLeave:
            self.hovering.emit(False)
            return True
        if kind not in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            return False
        assert isinstance(event, QDropEvent)
        files = _local_files(event)
        if files:
            event.acceptProposedAction()
        if kind == QEvent.Type.DragEnter:
            self.hovering.emit(bool(files))
        else:
            self.hovering.emit(False)
            if files:
                self.dropped.emit(files)
        return True


def _local_files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
