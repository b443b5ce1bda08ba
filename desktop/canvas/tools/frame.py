"""Drags the edges and corners of the frame; beside them it moves the picture, as the hand does."""

from PySide6.QtCore import QPointF, Qt

from desktop.canvas.frame import cursor_of
from desktop.canvas.tools.hand import HandTool
from desktop.canvas.tools.tool import PointerEvent, ToolKind
from desktop.frame import Handle, Margins, dragged


class FrameTool(HandTool):
    """Shift keeps the frame's ratio, Alt moves the opposite side too, Esc takes a drag back."""

    kind = ToolKind.FRAME

    _handle: Handle | None = None
    _from = QPointF()
    _start = Margins()

    def hover(self, event: PointerEvent) -> None:
        view = self.canvas.frame
        handle = None if view is None else view.handle_at(event.device)
        if view is not None and handle != view.hovered:
            view.hovered = handle
            self.canvas.update()

    def press(self, event: PointerEvent) -> None:
        self.hover(event)
        view = self.canvas.frame
        if view is None or view.hovered is None:
            super().press(event)
            return
        self._handle, self._from, self._start = view.hovered, event.point, view.frame.margins
        view.held = True
        self.canvas.update()

    def move(self, event: PointerEvent) -> None:
        view = self.canvas.frame
        if self._handle is None or view is None:
            super().move(event)
            return
        frame, by = view.frame, event.point - self._from
        kept = frame.ratio
        if kept is None and event.modifiers & Qt.KeyboardModifier.ShiftModifier:
            begun = self._start.around(frame.picture)
            kept = begun.width() / begun.height()
        symmetric = bool(event.modifiers & Qt.KeyboardModifier.AltModifier)
        margins = dragged(
            self._start,
            frame.picture,
            self._handle,
            (by.x(), by.y()),
            ratio=kept,
            symmetric=symmetric,
        )
        if kept is None:
            margins = _snapped(margins, view.snap)
        frame.set_margins(margins)

    def release(self, event: PointerEvent) -> None:
        super().release(event)
        if self._let_go():
            self.canvas.show_whole_frame()

    def cancel(self) -> bool:
        view = self.canvas.frame
        if self._handle is None or view is None:
            return super().cancel()
        view.frame.set_margins(self._start)
        return self._let_go()

    def forget(self) -> None:
        self._let_go()

    def cursor(self) -> Qt.CursorShape:
        view = self.canvas.frame
        if self._handle is not None:
            return cursor_of(self._handle)
        if view is not None and view.hovered is not None and self._last is None:
            return cursor_of(view.hovered)
        return super().cursor()

    def _let_go(self) -> bool:
        held, self._handle = self._handle is not None, None
        if self.canvas.frame is not None:
            self.canvas.frame.held = False
            self.canvas.update()
        return held


def _snapped(margins: Margins, near: float) -> Margins:
    """Edges that nearly lie on the picture's lie on it."""
    return Margins(*(0 if abs(side) < near else side for side in vars(margins).values()))
