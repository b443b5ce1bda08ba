"""What every tool is, and the little that it may ask of the canvas."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter

from desktop.canvas.viewport import Viewport

if TYPE_CHECKING:
    from desktop.canvas.frame import FrameView
    from desktop.canvas.tools.brush import BrushSettings
    from desktop.canvas.tools.options import SelectionOptions, SelectionWish
    from desktop.document.document import Document


class ToolKind(StrEnum):
    BRUSH = "brush"
    ERASER = "eraser"
    PAINT = "paint"
    LASSO = "lasso"
    POLYGON = "polygon"
    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    WAND = "wand"
    OBJECT = "object"
    HAND = "hand"
    FRAME = "frame"


@dataclass(frozen=True)
class PointerEvent:
    """point: in picture pixels, with fractions. device: in device pixels of the window.

    pressure: of a pen, 0 to 1; a mouse always presses fully.
    """

    point: QPointF
    device: QPointF
    modifiers: Qt.KeyboardModifier
    pressure: float = 1.0


class Canvas(Protocol):
    """The canvas as tools see it."""

    @property
    def document(self) -> "Document": ...

    @property
    def viewport(self) -> Viewport: ...

    @property
    def brush(self) -> "BrushSettings": ...

    @property
    def painting(self) -> bool:
        """Whether colour was painted last, and not the selection."""
        ...

    @property
    def paint_colour(self) -> QColor: ...

    def set_paint_colour(self, colour: QColor) -> None: ...

    @property
    def selection(self) -> "SelectionOptions": ...

    def want_selection(self, wish: "SelectionWish") -> None:
        """Have a selection found that takes a while."""
        ...

    @property
    def frame(self) -> "FrameView | None":
        """The frame that is shown around the picture."""
        ...

    def show_whole_frame(self) -> None:
        """Zoom out if a part of the frame is not in the window."""
        ...

    def update(self) -> None:
        """Paint the widget again."""
        ...

    def pan_by(self, delta: QPointF) -> None:
        """Move the picture by device pixels."""
        ...

    def tell_stroke_finished(self, rect: QRect) -> None: ...


class Tool:
    """Base of all tools: does nothing with any event.

    The canvas calls `press`, `move` while a button is down, then `release` or `cancel`; `draw`
    paints on the widget in device pixels, over everything, and `footprint` says where. A tool that
    `holds` something between two presses gets Enter (`finish`) and Backspace (`step_back`) too.
    """

    kind: ToolKind
    paints = False

    @property
    def marks_mask(self) -> bool:
        """Whether what it does now is done to the mask, which is then shown."""
        return self.paints

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    @property
    def holds(self) -> bool:
        """Whether something waits for the next press."""
        return False

    def hover(self, event: PointerEvent) -> None:
        """The pointer moved with no button down."""

    def press(self, event: PointerEvent) -> None:
        """The left button went down."""

    def move(self, event: PointerEvent) -> None:
        """The pointer moved with the button down."""

    def release(self, event: PointerEvent) -> None:
        """The button went up."""

    def cancel(self) -> bool:
        """Take back what is being done. Returns whether there was anything."""
        return False

    def finish(self) -> None:
        """Bring what is held to its end."""

    def step_back(self) -> None:
        """Take the last part of what is held back."""

    def forget(self) -> None:
        """Another picture was opened."""

    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.ArrowCursor

    def footprint(self, event: PointerEvent) -> QRect:
        """The device pixels that `draw` may touch for this pointer."""
        return QRect()

    def draw(self, painter: QPainter, event: PointerEvent) -> None:
        """Paint what follows the pointer."""
