"""Drags the edges and corners of the frame; beside them it moves the picture, as the hand does."""

from PySide6.QtCore import QPointF, QRectF, Qt

from desktop.canvas.frame import FrameView, cursor_of
from desktop.canvas.tools.hand import HandTool
from desktop.canvas.tools.tool import PointerEvent, ToolKind
from desktop.frame import Handle, Margins, dragged


class FrameTool(HandTool):
    """Shift keeps the frame's ratio, Alt moves the opposite side too, Esc takes a drag back."""

    kind = ToolKind.FRAME

    _view: FrameView | None = None  # while one of its handles is held
    _handle = Handle(0, 0)
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
        self._view, self._handle = view, view.hovered
        self._from, self._start = event.point, view.frame.margins
        view.held = True
        self.canvas.update()

    def move(self, event: PointerEvent) -> None:
        view = self._view
        if view is None:
            super().move(event)
            return
        frame, by = view.frame, event.point - self._from
        kept = frame.ratio
        if kept is None and event.modifiers & Qt.KeyboardModifier.ShiftModifier:
            begun = self._start.around(frame.picture)
            kept = begun.width() / begun.height()
        margins = dragged(
            self._start,
            frame.picture,
            self._handle,
            (by.x(), by.y()),
            ratio=kept,
            symmetric=bool(event.modifiers & Qt.KeyboardModifier.AltModifier),
        )
        frame.set_margins(margins if kept else _snapped(margins, view.snap))

    def release(self, event: PointerEvent) -> None:
        super().release(event)
        viewport = self.canvas.viewport
        inside = QRectF(QPointF(0, 0), viewport.device.toSizeF()).contains(event.device)
        if self._let_go() and (viewport.fitted or not inside):
            self.canvas.show_whole_frame()

    def cancel(self) -> bool:
        if self._view is None:
            return super().cancel()
        self._view.frame.set_margins(self._start)
        return self._let_go()

    def forget(self) -> None:
        self._let_go()

    def cursor(self) -> Qt.CursorShape:
        view = self.canvas.frame
        if self._view is not None:
            return cursor_of(self._handle)
        if view is not None and view.hovered is not None and self._last is None:
            return cursor_of(view.hovered)
        return super().cursor()

    def _let_go(self) -> bool:
        """Whether a handle was held until now."""
        view, self._view = self._view, None
        if view is not None:
            view.held = False
            self.canvas.update()
        return view is not None


def _snapped(margins: Margins, near: float) -> Margins:
    """Edges that nearly lie on the picture's lie on it."""
    return Margins(*(0 if abs(side) < near else side for side in vars(margins).values()))
