"""`CanvasView`: the widget in the middle of the window."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QColorSpace,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.canvas import keys, notices
from desktop.canvas.drop import FileDrop
from desktop.canvas.frame import FrameView
from desktop.canvas.heat import HeatLayer
from desktop.canvas.pointer import Pointer
from desktop.canvas.scene import Scene
from desktop.canvas.tools import BrushSettings, SelectionOptions, SelectionWish, Tool, ToolKind
from desktop.canvas.zoom import ZoomWidget
from desktop.document.document import Document
from desktop.frame import Frame
from desktop.keys import keyed

NOTCH = 120.0  # a wheel's angle per notch
_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class CanvasView(ZoomWidget):
    """Shows a document's picture and lets tools work on it."""

    tool_changed = Signal(object)
    brush_changed = Signal(object)
    paint_colour_changed = Signal(QColor)
    selection_wanted = Signal(object)
    """A `SelectionWish`; whoever fulfils it does so in the background."""
    pointer_moved = Signal(object)
    stroke_finished = Signal(QRect)
    files_dropped = Signal(list)
    compare_changed = Signal(bool)
    original_shown_changed = Signal(bool)
    command_wanted = Signal(str)

    accessible_role = QAccessible.Role.Canvas

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._brush = BrushSettings()
        self._paint_colour = QColor("#d9443b")
        self.selection = SelectionOptions()
        self._scene = Scene(document, self._viewport, self)
        self._pointer = Pointer(self, self._scene)
        self._frame: FrameView | None = None
        self._footprint = QRect()
        self._dragging_files = False
        self._focused_by_key = False
        self._scene.changed.connect(self._on_scene_changed)
        self._scene.picture_changed.connect(self._on_picture_changed)
        document.shown_changed.connect(self._on_frame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        drop = FileDrop(self)
        drop.dropped.connect(self.files_dropped)
        drop.hovering.connect(self._set_dragging_files)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(144, 120)  # beside both panels and a rail of two columns
        self.zoom_changed.connect(self._describe)
        self._describe()

    # -- what tools and others see ------------------------------------------------------------

    @property
    def document(self) -> Document:
        return self._document

    @property
    def tool(self) -> ToolKind:
        return self._pointer.kind

    @property
    def held_tool(self) -> Tool | None:
        """The tool, if it has something between two presses: a polygon's corners."""
        return self._pointer.held

    @property
    def brush(self) -> BrushSettings:
        return self._brush

    @property
    def shown_rect(self) -> QRect:
        """Where what is shown lies, in the picture's pixels: beyond it for an extended result."""
        return self._scene.shown_rect

    @property
    def paint_colour(self) -> QColor:
        return QColor(self._paint_colour)

    @property
    def painting(self) -> bool:
        """Whether colour was painted last; then the eraser erases colour."""
        return self._pointer.painting

    @property
    def has_frame(self) -> bool:
        return self._frame is not None

    @property
    def frame(self) -> FrameView | None:
        """The frame around the picture; none while a result is looked at."""
        return self._frame if self._document.shown is None else None

    @property
    def compare(self) -> bool:
        return self._scene.compare

    @property
    def original_shown(self) -> bool:
        return self._scene.original_shown

    @property
    def mask_visible(self) -> bool:
        return self._scene.mask_visible

    @property
    def mask_colour(self) -> QColor:
        return QColor(self._scene.renderer.overlay.colour)

    # -- tools ------------------------------------------------------------------------------

    def set_tool(self, kind: ToolKind) -> None:
        if kind is not self._pointer.kind:
            self._pointer.choose(kind)
            self.tool_changed.emit(kind)
            self._follow_pointer()

    def set_brush(self, brush: BrushSettings) -> None:
        if brush != self._brush:
            self._brush = brush
            self.brush_changed.emit(brush)
            self._follow_pointer()

    def set_paint_colour(self, colour: QColor) -> None:
        if colour != self._paint_colour:
            self._paint_colour = QColor(colour)
            self.paint_colour_changed.emit(colour)

    def grow_brush(self) -> None:
        self.set_brush(self._brush.grown(1.0))

    def shrink_brush(self) -> None:
        self.set_brush(self._brush.grown(-1.0))

    def cancel_stroke(self) -> bool:
        """Take a running stroke (or drag) back. Returns whether there was one."""
        return self._pointer.cancel()

    def want_selection(self, wish: SelectionWish) -> None:
        self.selection_wanted.emit(wish)

    def tell_stroke_finished(self, rect: QRect) -> None:
        self.stroke_finished.emit(rect)

    # -- what is shown ----------------------------------------------------------------------

    def set_preview(
        self, preview: NDArray[np.uint8] | QImage | None, rect: QRect | None = None
    ) -> None:
        """Show what a running job's picture is becoming; None when there is nothing to show.

        RGB of any resolution, for the whole picture; drawn inside the mask if there is one.
        rect: where it lies instead, in the picture's pixels, when the picture is extended.
        """
        self._scene.set_preview(preview, rect)

    def set_view(self, view: QImage | None) -> None:
        """Show an image of any resolution in the whole picture's place; None for the picture."""
        self._scene.set_view(view)

    def set_heat(self, heat: HeatLayer | None) -> None:
        """Show where a word looks; None for nothing."""
        self._scene.set_heat(heat)

    def set_frame(self, frame: Frame | None) -> None:
        """Show a frame to drag around the picture; None takes it away. Once each."""
        if self._frame is not None:
            self._frame.frame.changed.disconnect(self._on_frame)
        self._frame = None if frame is None else FrameView(frame, self._viewport)
        if frame is not None:
            frame.changed.connect(self._on_frame)
        self._on_frame()

    def show_whole_frame(self) -> None:
        """Zoom out if a part of the frame is not in the window."""
        if self.is_fitted or not self._viewport.shows_all:
            self.fit()

    def set_compare(self, on: bool) -> None:
        """Before and after side by side, with a divider to drag."""
        if on != self._scene.compare:
            self._scene.set_compare(on)
            self.compare_changed.emit(on)

    def set_original_shown(self, on: bool) -> None:
        """Show the picture before the edit as long as `on`."""
        if on != self._scene.original_shown:
            if self._pointer.busy:  # a polygon's corners, between two clicks, wait for it
                self._pointer.cancel()
            self._scene.set_original_shown(on)
            self.original_shown_changed.emit(on)

    def set_mask_visible(self, on: bool) -> None:
        self._scene.set_mask_visible(on)

    def set_mask_colour(self, colour: QColor) -> None:
        self._scene.set_mask_colour(colour)

    def set_surround(self, colour: QColor) -> None:
        """The colour around the picture."""
        self._scene.set_surround(colour)

    def nudge_divider(self, share: float) -> None:
        """Move the compare divider by a share of the visible width."""
        self._scene.divider.nudge(share)
        self._scene.tell_divider_moved()

    def set_space_held(self, held: bool) -> None:
        """Borrow the hand tool."""
        self._pointer.space_held = held
        self._follow_pointer()

    # -- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        renderer = self._scene.renderer
        renderer.refresh()
        painter = QPainter(self)
        painter.drawImage(QPoint(0, 0), renderer.cache)
        if not self._document.has_picture:
            text = keyed(
                self.tr("Open a picture (Ctrl+O), paste one (Ctrl+V)\nor drop it here."),
                "open",
                "paste",
            )
            notices.draw_invitation(painter, self.rect(), text, self._scene.renderer.surround)
        painter.scale(1 / self._viewport.ratio, 1 / self._viewport.ratio)
        if self.compare and not self.original_shown and self._document.has_picture:
            self._scene.divider.draw(painter, self.font(), self.tr("Before"), self.tr("After"))
        if self.frame is not None and self._document.has_picture:
            self.frame.draw(painter, self.font(), covered=self._scene.has_preview)
        if not self._footprint.isEmpty() and self._pointer.last is not None:
            self._pointer.drawn.draw(painter, self._pointer.last)
        if self._dragging_files or self._focused_by_key:
            colour = self.palette().accent().color()
            notices.draw_frame(painter, self._viewport, colour, strong=self._dragging_files)
        painter.end()

    def showEvent(self, event: QShowEvent) -> None:
        handle = self.window().windowHandle()
        space = QColorSpace() if handle is None else handle.format().colorSpace()
        self._scene.set_screen(space if space.isValid() else None)
        super().showEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(760, 560)

    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            # Before QWidget takes Tab for moving the focus; Shift+Tab still does.
            assert isinstance(event, QKeyEvent)
            if keys.handle(self, event):
                self._follow_pointer()
                event.accept()
                return True
        elif kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if keys.is_tools(self, event):  # before a shortcut of the window takes it
                event.accept()
                return True
        elif isinstance(event, (QMouseEvent, QTabletEvent)):
            event.setAccepted(self._pointer.handle(event))
            self._follow_pointer()
            return True
        elif kind == QEvent.Type.NativeGesture:
            assert isinstance(event, QNativeGestureEvent)
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.set_zoom(self.zoom * (1 + event.value()), event.position())
                return True
        return super().event(event)

    # -- mouse ------------------------------------------------------------------------------

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer.leave()
        self._follow_pointer()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / NOTCH
        if not notches or not self._document.has_picture:
            event.ignore()
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_brush(self._brush.grown(notches))
        else:
            self.zoom_by(notches, event.position())

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._show_focus(event.reason() in _BY_KEY)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._show_focus(False)
        # The release of a held key would go elsewhere.
        self.set_original_shown(False)
        self.set_space_held(False)
        super().focusOutEvent(event)

    def modifiers_changed(self, modifiers: Qt.KeyboardModifier) -> None:
        """Keys announce before the click what it will do: a straight line, or a subtraction."""
        self._pointer.set_modifiers(modifiers)
        self._follow_pointer()

    # -- inside -----------------------------------------------------------------------------

    def _on_viewport_changed(self) -> None:
        self._scene.repaint()
        self._pointer.refresh()
        self._follow_pointer()
        super()._on_viewport_changed()

    def _on_picture_changed(self) -> None:
        self._pointer.forget()
        self._on_viewport_changed()
        self._describe()

    def _on_frame(self) -> None:
        """What reaches beyond the picture, a frame or a result, is seen whole once it does."""
        held = self._frame is not None and self._frame.held
        rect = QRect() if self._frame is None else self._frame.frame.rect
        before = self._viewport.content
        self._viewport.frame = rect.united(self._scene.shown_rect)
        after = self._viewport.content
        if not held and after != before and (self.is_fitted or not before.contains(after)):
            self.show_whole_frame()
        self.update()

    def _on_scene_changed(self, device: QRect) -> None:
        if device.isEmpty():
            self.update()
        else:
            self.update(self._viewport.logical(device))

    def _follow_pointer(self) -> None:
        """Cursor, brush outline and the pointer's place in the picture."""
        self.setCursor(self._pointer.cursor())
        old, self._footprint = self._footprint, self._pointer.footprint()
        for rect in {(*old.getRect(),), (*self._footprint.getRect(),)}:  # type: ignore[misc]
            if not QRect(*rect).isEmpty():
                self.update(self._viewport.logical(QRect(*rect)))
        self.pointer_moved.emit(self._pointer.place())

    def accessible_value(self) -> str:
        """What a screen reader is told of it beside its name: size, zoom and keys."""
        return self.accessibleDescription()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._describe()
        super().changeEvent(event)

    def _describe(self) -> None:
        self.setAccessibleName(self.tr("Canvas"))
        if not self._document.has_picture:
            self.setAccessibleDescription(self.tr("No picture is open."))
            return
        size = self._document.size
        text = self.tr(
            "{width} by {height} pixels at {zoom} percent. Arrow keys pan, Tab held shows the "
            "original, Ctrl+Tab and Shift+Tab leave the canvas."
        )
        self.setAccessibleDescription(
            text.format(width=size.width(), height=size.height(), zoom=round(100 * self.zoom))
        )

    def _show_focus(self, on: bool) -> None:
        """A frame tells who came with the keyboard; with the mouse, the pointer does."""
        if on != self._focused_by_key:
            self._focused_by_key = on
            self.update()

    def _set_dragging_files(self, on: bool) -> None:
        self._dragging_files = on
        self.update()
