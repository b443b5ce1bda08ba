"""Moves the picture. Space and the middle button borrow this tool."""

from PySide6.QtCore import QPointF, Qt

from desktop.canvas.tools.tool import Canvas, PointerEvent, Tool, ToolKind


class HandTool(Tool):
    kind = ToolKind.HAND

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._last: QPointF | None = None

    def press(self, event: PointerEvent) -> None:
        self._last = event.device

    def move(self, event: PointerEvent) -> None:
        if self._last is not None:
            delta = event.device - self._last
            self._last = event.device
            self.canvas.pan_by(delta)

    def release(self, event: PointerEvent) -> None:
        self._last = None

    def cancel(self) -> bool:
        held, self._last = self._last is not None, None
        return held

    def cursor(self) -> Qt.CursorShape:
        held = self._last is not None
        return Qt.CursorShape.ClosedHandCursor if held else Qt.CursorShape.OpenHandCursor
