"""Which tool the mouse drives: the chosen one, the borrowed hand, or the compare divider."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent

from desktop.canvas.scene import Scene
from desktop.canvas.tools import Canvas, PointerEvent, Tool, ToolKind, make_tools


class Pointer:
    """Gives presses, moves and releases to one tool at a time, from its press to its release."""

    def __init__(self, canvas: Canvas, scene: Scene) -> None:
        self._canvas = canvas
        self._scene = scene
        self._tools = make_tools(canvas)
        self.kind = ToolKind.BRUSH
        self.space_held = False
        self.last: PointerEvent | None = None  # where the pointer is, None when off the canvas
        self._button: Qt.MouseButton | None = None
        self._driving: Tool | None = None

    @property
    def chosen(self) -> Tool:
        """The tool that a press of the left button would drive."""
        return self._tools[ToolKind.HAND if self.space_held else self.kind]

    @property
    def tool(self) -> Tool:
        """The tool that is being driven, or else the chosen one."""
        return self._driving or self.chosen

    @property
    def busy(self) -> bool:
        return self._button is not None

    def event_at(self, logical: QPointF, modifiers: Qt.KeyboardModifier) -> PointerEvent:
        device = logical * self._canvas.viewport.ratio
        return PointerEvent(self._canvas.viewport.to_picture(device), device, modifiers)

    def press(self, mouse: QMouseEvent) -> bool:
        """Returns whether the press was used."""
        button = mouse.button()
        if self.busy or button not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return False
        event = self.last = self.event_at(mouse.position(), mouse.modifiers())
        self._button = button
        if button == Qt.MouseButton.MiddleButton:
            self._driving = self._tools[ToolKind.HAND]
        elif self.over_divider:
            self._scene.divider.held = True
            return True
        else:
            self._driving = self.chosen
        if self._driving.paints:
            document = self._scene.document
            elsewhere = document.shown_size != document.size
            if self._scene.original_shown or elsewhere:
                self._driving = None
                if elsewhere:  # the picture comes into sight first, to be painted on
                    document.show(None)
                return True
            self._scene.set_painting(self._driving.marks_mask)
        self._driving.press(event)
        return True

    def move(self, mouse: QMouseEvent) -> None:
        event = self.last = self.event_at(mouse.position(), mouse.modifiers())
        if self._scene.divider.held:
            self._scene.move_divider(event.device.x())
        elif self._driving is not None:
            self._driving.move(event)

    def release(self, mouse: QMouseEvent) -> bool:
        if mouse.button() != self._button:
            return False
        event = self.last = self.event_at(mouse.position(), mouse.modifiers())
        tool = self._let_go()
        if tool is not None:
            tool.release(event)
        self._scene.set_painting(False)
        return True

    def cancel(self) -> bool:
        """Take back what the tool is doing. Returns whether there was anything."""
        tool = self._let_go()
        done = tool is not None and tool.cancel()
        self._scene.set_painting(False)
        return done

    def forget(self) -> None:
        """Another picture was opened."""
        self._let_go()
        for tool in self._tools.values():
            tool.forget()

    def refresh(self) -> None:
        """The picture moved under a resting pointer."""
        if self.last is not None:
            ratio = self._canvas.viewport.ratio
            self.last = self.event_at(self.last.device / ratio, self.last.modifiers)

    def set_modifiers(self, modifiers: Qt.KeyboardModifier) -> None:
        if self.last is not None:
            self.last = PointerEvent(self.last.point, self.last.device, modifiers)

    @property
    def over_divider(self) -> bool:
        scene = self._scene
        if self.space_held or not scene.compare or scene.original_shown or self.last is None:
            return False
        return scene.divider.held or scene.divider.is_at(self.last.device)

    def cursor(self) -> Qt.CursorShape:
        if self.over_divider and self._driving is None:
            return Qt.CursorShape.SplitHCursor
        if not self._scene.document.has_picture:
            return Qt.CursorShape.ArrowCursor
        return self.tool.cursor()

    def _let_go(self) -> Tool | None:
        tool = self._driving
        self._button = self._driving = None
        self._scene.divider.held = False
        return tool
