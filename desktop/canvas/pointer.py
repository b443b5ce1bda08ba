"""Which tool the mouse drives: the chosen one, the borrowed hand, or the compare divider."""

import math
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QMouseEvent, QPointingDevice, QTabletEvent

from desktop.canvas.scene import Scene
from desktop.canvas.tools import Canvas, PointerEvent, Tool, ToolKind, make_tools

Hand = QMouseEvent | QTabletEvent
"""What a mouse or a pen tells."""

_PRESSES = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.TabletPress,
)
_MOVES = (QEvent.Type.MouseMove, QEvent.Type.TabletMove)


class Pointer:
    """Gives presses, moves and releases to one tool at a time, from its press to its release."""

    def __init__(self, canvas: Canvas, scene: Scene) -> None:
        self._canvas = canvas
        self._scene = scene
        self._tools = make_tools(canvas)
        self.kind = ToolKind.BRUSH
        self.painting = False  # whether colour was painted last, and not the selection
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

    def choose(self, kind: ToolKind) -> None:
        """Take another tool."""
        self.cancel()
        self.kind = kind
        if kind not in (ToolKind.ERASER, ToolKind.HAND):
            self.painting = kind is ToolKind.PAINT

    @property
    def held(self) -> Tool | None:
        """The chosen tool, if it has something between two presses: a polygon's corners."""
        tool = self._tools[self.kind]
        return tool if tool.holds else None

    @property
    def drawn(self) -> Tool:
        """The tool whose marks are shown; a polygon stays while the hand moves the picture."""
        return self.held or self.tool

    @property
    def busy(self) -> bool:
        return self._button is not None

    def handle(self, event: Hand) -> bool:
        """A press, a move or a release. Returns whether it was used."""
        if event.type() in _MOVES:
            self.move(event)
            return True
        return self.press(event) if event.type() in _PRESSES else self.release(event)

    def press(self, mouse: Hand) -> bool:
        """Returns whether the press was used."""
        button = mouse.button()
        if self.busy or button not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return False
        event = self.last = self._event(mouse)
        self._button = button
        if button == Qt.MouseButton.MiddleButton:
            self._driving = self._tools[ToolKind.HAND]
        elif self.over_divider:
            self._scene.divider.held = True
            return True
        else:
            self._driving = self._turned(mouse)
        if self._driving.paints:
            if self._scene.original_shown:
                self._driving = None
                return True
            self._scene.set_painting(self._driving.marks_mask)
        self._driving.press(event)
        return True

    def move(self, mouse: Hand) -> None:
        event = self.last = self._event(mouse)
        if self._scene.divider.held:
            self._scene.move_divider(event.device.x())
        elif self._driving is not None:
            self._driving.move(event)
        elif not self.busy:
            self.chosen.hover(event)

    def release(self, mouse: Hand) -> bool:
        if mouse.button() != self._button:
            return False
        event = self.last = self._event(mouse)
        tool = self._let_go()
        if tool is not None:
            tool.release(event)
        self._scene.set_painting(False)
        return True

    def cancel(self) -> bool:
        """Take back what the tool is doing. Returns whether there was anything."""
        tool = self._let_go() or self._tools[self.kind]
        done = tool.cancel()
        self._scene.set_painting(False)
        return done

    def forget(self) -> None:
        """Another picture was opened."""
        self._let_go()
        for tool in self._tools.values():
            tool.forget()

    def leave(self) -> None:
        """The pointer is off the canvas; what a tool holds stays in sight."""
        if self.held is None:
            self.last = None

    def refresh(self) -> None:
        """The picture moved under a resting pointer."""
        if self.last is not None:
            point = self._canvas.viewport.to_picture(self.last.device)
            self.last = replace(self.last, point=point)

    def set_modifiers(self, modifiers: Qt.KeyboardModifier) -> None:
        if self.last is not None:
            self.last = replace(self.last, modifiers=modifiers)

    @property
    def over_divider(self) -> bool:
        scene = self._scene
        if self.space_held or not scene.compare or scene.original_shown or self.last is None:
            return False
        return scene.divider.held or scene.divider.is_at(self.last.device)

    def footprint(self) -> QRect:
        """Where the tool draws, in device pixels."""
        elsewhere = self.over_divider and self._driving is None
        if self.last is None or elsewhere or not self._scene.document.has_picture:
            return QRect()
        return self.drawn.footprint(self.last)

    def place(self) -> QPoint | None:
        """The picture's pixel under the pointer, if there is one."""
        if self.last is None:
            return None
        pixel = QPoint(math.floor(self.last.point.x()), math.floor(self.last.point.y()))
        return pixel if self._scene.document.stack.rect.contains(pixel) else None

    def cursor(self) -> Qt.CursorShape:
        if self.over_divider and self._driving is None:
            return Qt.CursorShape.SplitHCursor
        if not self._scene.document.has_picture:
            return Qt.CursorShape.ArrowCursor
        return self.tool.cursor()

    def _event(self, hand: Hand) -> PointerEvent:
        device = hand.position() * self._canvas.viewport.ratio
        pressure = hand.pressure() if isinstance(hand, QTabletEvent) else 1.0
        point = self._canvas.viewport.to_picture(device)
        return PointerEvent(point, device, hand.modifiers(), pressure)

    def _turned(self, hand: Hand) -> Tool:
        """The chosen tool; a brush that is a pen's other end erases."""
        if (
            self.chosen.kind is ToolKind.BRUSH
            and hand.pointerType() is QPointingDevice.PointerType.Eraser
        ):
            return self._tools[ToolKind.ERASER]
        return self.chosen

    def _let_go(self) -> Tool | None:
        tool = self._driving
        self._button = self._driving = None
        self._scene.divider.held = False
        return tool
