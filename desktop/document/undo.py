"""`UndoStack`: Qt's, with a limit on the memory that its steps hold."""

import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QUndoStack

from desktop.document.history import DoneCommand
from desktop.document.raster import Raster

if TYPE_CHECKING:
    from desktop.document.document import Document

MEGABYTE = 1 << 20
DEFAULT_CAP = 512 * MEGABYTE
REST_MS = 300  # how long after a step what it left is packed: a quick undo finds it at hand


@dataclass(frozen=True)
class InUse:
    """What the document holds anyway, so that it costs the history nothing.

    arrays: ids of arrays that the document, its picture or its results refer to.
    """

    rasters: set[Raster] = field(default_factory=set)
    arrays: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, document: "Document | None") -> "InUse":
        if document is None:
            return cls()
        stack = document.stack
        layers = [*stack.layers, *([] if stack.original is None else [stack.original])]
        arrays = {id(one.pixels) for one in document.alternatives}
        arrays.add(id(document.mask_u8().base))
        if document.picture is not None:
            arrays.add(id(document.picture.pixels))
        return cls({layer.raster for layer in layers}, arrays)


class UndoStack(QUndoStack):
    """Beyond `cap` the oldest steps fall off, then the farthest that could be redone.

    The newest step stays, however large it is. Qt's stack cannot lose a step at its bottom: what
    fell off is an empty command there, and `undo` stops before it. What steps hold is compressed in
    the background, shortly after.
    """

    def __init__(self, parent: QObject, in_use: Callable[[], InUse]) -> None:
        super().__init__(parent)
        self.cap = DEFAULT_CAP
        self._in_use = in_use
        self._floor = 0
        self._ceiling: int | None = None
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        weak = weakref.ref(self)
        self._timer.timeout.connect(lambda: _rest(weak()))

    # -- Qt's, within the limits ----------------------------------------------------------------

    def push(self, command: Any) -> None:
        self._ceiling = None
        super().push(command)
        self._rest_later()

    def undo(self) -> None:
        if self.canUndo():
            super().undo()
            self._rest_later()

    def redo(self) -> None:
        if self.canRedo():
            super().redo()
            self._rest_later()

    def clear(self) -> None:
        self._floor, self._ceiling = 0, None
        super().clear()

    def canUndo(self) -> bool:
        return self.index() > self._floor

    def canRedo(self) -> bool:
        return self.index() < self._top

    def undoText(self) -> str:
        return super().undoText() if self.canUndo() else ""

    def redoText(self) -> str:
        return super().redoText() if self.canRedo() else ""

    # -- memory ---------------------------------------------------------------------------------

    def set_cap(self, cap: int) -> None:
        """Hold at most `cap` bytes from now on."""
        self.cap = cap
        self._on_rest()

    @property
    def steps(self) -> int:
        """Steps that can be undone or redone."""
        return self._top - self._floor

    @property
    def stored_bytes(self) -> int:
        """What the steps hold, beyond what the document holds anyway."""
        in_use = self._in_use()
        commands = list(self._commands())
        own = sum(command.own_bytes(in_use.arrays) for command in commands)
        return own + sum(raster.nbytes for raster in self._resting(commands, in_use))

    def settle(self) -> None:
        """Pack and trim now, and wait for it (for measurements)."""
        self._pack()
        for command in self._commands():
            command.wait_packed()
        for raster in self._resting(list(self._commands()), self._in_use()):
            raster.wait_packed()
        self._trim()

    @property
    def _top(self) -> int:
        return self.count() if self._ceiling is None else self._ceiling

    def _commands(self) -> Iterator[DoneCommand]:
        for index in range(self._floor, self._top):
            command = self.command(index)
            if isinstance(command, DoneCommand):
                yield command

    def _resting(self, commands: list[DoneCommand], in_use: InUse) -> set[Raster]:
        """What only the steps refer to."""
        held = {raster for command in commands for raster in command.rasters()}
        return {one for one in held - in_use.rasters if not one.shares(in_use.arrays)}

    def _pack(self) -> None:
        for raster in self._resting(list(self._commands()), self._in_use()):
            raster.rest()

    def _trim(self) -> None:
        before = self._floor, self._top
        while self.stored_bytes > self.cap and self.steps > 1:
            if self._floor < self.index():
                self._drop(self._floor)
                self._floor += 1
            else:
                self._ceiling = self._top - 1
                self._drop(self._ceiling)
        if before != (self._floor, self._top):
            self.indexChanged.emit(self.index())

    def _drop(self, index: int) -> None:
        command = self.command(index)
        if isinstance(command, DoneCommand):
            command.drop()

    def _rest_later(self) -> None:
        # Called, not connected to indexChanged: a stack still tells of it while it is destroyed.
        if not self._timer.isActive():
            self._timer.start()

    def _on_rest(self) -> None:
        self._pack()
        busy = any(command.busy for command in self._commands())
        if busy or any(one.busy for one in self._resting(list(self._commands()), self._in_use())):
            self._timer.start()
        else:
            self._trim()


def _rest(stack: UndoStack | None) -> None:
    """The timer's end: it may outlive what Python knows of its stack."""
    if stack is not None:
        stack._on_rest()
