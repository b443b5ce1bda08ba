"""What the canvas shows of a document: picture or result, before or after, preview, mask."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPoint, QRect, QSize, Signal
from PySide6.QtGui import QColor, QColorSpace, QColorTransform, QImage

from core.imaging.layering import Alpha
from core.request import Pixels
from desktop.canvas.compare import Divider
from desktop.canvas.heat import HeatLayer
from desktop.canvas.pyramid import MaskPyramid, PicturePyramid
from desktop.canvas.renderer import Renderer
from desktop.canvas.viewport import Viewport
from desktop.document.document import Document
from desktop.qimage import to_qimage, to_screen


class Scene(QObject):
    """Follows the document and keeps the renderer's layers right."""

    changed = Signal(QRect)
    """These device pixels must be painted again; an empty rectangle means all."""
    picture_changed = Signal()

    def __init__(self, document: Document, viewport: Viewport, parent: QObject) -> None:
        super().__init__(parent)
        self.document = document
        self.viewport = viewport
        self.renderer = Renderer(viewport)
        self.divider = Divider(viewport)
        self.compare = False
        self.original_shown = False
        self.mask_visible = True
        self._painting = False
        self._preview: QImage | None = None
        self._view: QImage | None = None
        self._preview_rect: QRect | None = None
        self._heat: HeatLayer | None = None
        self._screen: QColorSpace | None = None
        self._live: PicturePyramid | None = None  # of the document's layers, always up to date
        self._others: list[tuple[Pixels, PicturePyramid]] = []  # of pictures that stay as they are
        document.picture_changed.connect(self._on_picture)
        document.size_changed.connect(self._on_size)
        document.pixels_changed.connect(self._on_pixels)
        document.shown_changed.connect(self.refresh)
        document.mask_changed.connect(self._on_mask)
        self._on_picture()

    # -- what is shown ----------------------------------------------------------------------

    def set_preview(
        self, preview: NDArray[np.uint8] | QImage | None, rect: QRect | None = None
    ) -> None:
        """Lay a picture of any resolution over the whole one (in the mask, if there is one).

        rect: where it lies instead, in the picture's pixels; the mask then says nothing.
        """
        if isinstance(preview, np.ndarray):
            preview = to_qimage(preview)
        renderer = self.renderer
        follows = (
            preview is not None
            and renderer.preview is not None
            and renderer.preview is self._preview
            and rect == self._preview_rect
        )
        self._preview, self._preview_rect = preview, rect
        if follows:  # the next of one run: nothing else has changed
            renderer.preview = preview
            self._tell(renderer.invalidate_preview())
        else:
            self.refresh()

    def set_view(self, view: QImage | None) -> None:
        """Lay a picture of any resolution over the whole one, selection or not, below a preview."""
        if view is not self._view:
            self._view = view
            self.refresh()

    def set_heat(self, heat: HeatLayer | None) -> None:
        """Lay a heat map over the picture; the original, while it is held, is without."""
        if heat is not self._heat:
            self._heat = heat
            self.refresh()

    def set_compare(self, on: bool) -> None:
        self.compare = on
        self.refresh()

    def set_original_shown(self, on: bool) -> None:
        self.original_shown = on
        self.refresh()

    def set_painting(self, on: bool) -> None:
        """While a stroke runs the whole mask is shown, whatever else is."""
        self._painting = on
        if self.renderer.mask_style != self._mask_style():
            self.refresh()

    def set_mask_visible(self, on: bool) -> None:
        self.mask_visible = on
        self.refresh()

    def set_mask_colour(self, colour: QColor) -> None:
        self.renderer.overlay.colour = QColor(colour)
        self.repaint()

    def set_surround(self, colour: QColor) -> None:
        self.renderer.surround = QColor(colour)
        self.repaint()

    def set_screen(self, screen: QColorSpace | None) -> None:
        """Show colours for this screen; None for one that does not say what it is."""
        if screen != self._screen:
            self._screen = screen
            self._forget_pyramids()
            self.refresh()

    def refresh(self) -> None:
        """Choose the layers anew and paint them."""
        renderer, document = self.renderer, self.document
        if document.has_picture:
            after = self._before() if self.original_shown else self._after()
            comparing = self.compare and not self.original_shown
            renderer.picture = after
            renderer.before = self._before() if comparing else None
            view = None if self.original_shown else self._view
            renderer.preview = None if self.original_shown else self._preview or view
            renderer.preview_rect = self._preview_rect if self._preview is not None else None
            renderer.preview_masked = self._masks_preview
            renderer.heat = None if self.original_shown else self._heat
            renderer.mask_style = self._mask_style()
        self.repaint()

    @property
    def shown_rect(self) -> QRect:
        """Where the shown result lies, in the picture's pixels; the picture's own without one."""
        document = self.document
        whole = QRect(QPoint(0, 0), document.size)
        shown = document.shown
        if shown is None or shown.finished.offset is None or shown.size == document.size:
            return whole
        left, top = shown.finished.offset
        return QRect(QPoint(-left, -top), shown.size)

    @property
    def has_preview(self) -> bool:
        return self._preview is not None

    def repaint(self) -> None:
        """Everything is to be painted again: zoom, pan, size, colours."""
        if self.renderer.picture is not None:
            self.renderer.placed = self._placed(self.renderer.picture.levels[0].size())
        self.renderer.split = self.divider.x
        self.renderer.invalidate()
        self.changed.emit(QRect())

    def move_divider(self, x: float) -> None:
        """Take the divider to a device x and repaint what it went over."""
        self.divider.move_to(x)
        self.tell_divider_moved()

    def tell_divider_moved(self) -> None:
        old, new = self.renderer.split, self.divider.x
        self.renderer.split = new
        strip = QRect(min(old, new), 0, abs(new - old), self.viewport.device.height())
        self.renderer.invalidate_device(strip)
        # Handle and names are painted over the strip and beyond it.
        self.changed.emit(QRect())

    # -- the document's signals ---------------------------------------------------------------

    def _on_picture(self) -> None:
        self._preview, self._view, self._heat = None, None, None
        self.renderer.preview = self.renderer.heat = None
        self._painting = False
        self._on_size()

    def _on_size(self) -> None:
        document, renderer = self.document, self.renderer
        self._forget_pyramids()
        renderer.mask = MaskPyramid(document.mask_u8()) if document.has_picture else None
        self.viewport.set_picture(document.size)
        self.refresh()
        self.picture_changed.emit()

    def _on_pixels(self, rect: QRect) -> None:
        if self._live is None:
            return
        was_transparent = self._live.transparent
        self._live.update(rect)
        if self.renderer.picture is not self._live or self.compare or self._untouched:
            self.refresh()
        elif self._live.transparent != was_transparent:
            self.repaint()
        else:
            self._tell(self.renderer.invalidate_picture(rect))

    def _on_mask(self, rect: QRect) -> None:
        assert self.renderer.mask is not None
        self.renderer.mask.update(rect)
        masked = self._masks_preview
        if masked != self.renderer.preview_masked:
            self.refresh()
            return
        self._tell(self.renderer.invalidate_picture(rect))

    # -- inside -----------------------------------------------------------------------------

    @property
    def _masks_preview(self) -> bool:
        inside = self._preview_rect is None and self.document.has_mask
        return self._preview is not None and inside

    def _placed(self, size: QSize) -> Viewport:
        """The view of what is shown: beyond the picture, or finer than it, if it is a result."""
        if size == self.document.size:
            return self.viewport
        return self.viewport.placed(self.shown_rect, size)

    def _mask_style(self) -> str:
        if self._painting:
            return "full"
        if not self.mask_visible or self.original_shown or self.compare:
            return "none"
        looking = (self._preview or self._view or self.document.shown) is not None
        looking = looking and self._heat is None  # whoever looks at a word makes masks of it
        return "quiet" if looking else "full"

    @property
    def _untouched(self) -> bool:
        """Whether the picture is as it was opened."""
        stack = self.document.stack
        return stack.layers == (stack.original,)

    def _after(self) -> PicturePyramid:
        staged = self.document.staged
        return self._live_pyramid() if staged is None else self._pyramid(*staged.look)

    def _before(self) -> PicturePyramid:
        """What a result is compared with: the picture it would replace, else the opened one."""
        document = self.document
        if document.shown is not None or self._untouched:
            return self._live_pyramid()
        return self._pyramid(document.original, document.original_alpha)

    def _live_pyramid(self) -> PicturePyramid:
        if self._live is None:
            document = self.document
            self._live = PicturePyramid(
                document.size, lambda rect: document.stack.composite(rect), self._transform
            )
        return self._live

    def _pyramid(self, pixels: Pixels, alpha: Alpha | None) -> PicturePyramid:
        for known, pyramid in self._others:
            if known is pixels:
                return pyramid
        pyramid = PicturePyramid.of(pixels, alpha, self._transform)
        self._others = [(pixels, pyramid), *self._others][:2]
        return pyramid

    @property
    def _transform(self) -> QColorTransform | None:
        picture = self.document.picture
        return to_screen(None if picture is None else picture.icc, self._screen)

    def _forget_pyramids(self) -> None:
        self._live, self._others = None, []
        self.renderer.picture = self.renderer.before = None

    def _tell(self, device: QRect) -> None:
        if not device.isEmpty():
            self.changed.emit(device)
