"""The frame around the picture: how far it reaches out or cuts in, and what a drag makes of it."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QRect, QSize, Signal

from core.request import EditRequest
from core.settings import ExtendSettings

LONGEST_SIDE = 20_000
"""No side of the frame gets longer than this, in pixels, unless the picture is."""


@dataclass(frozen=True)
class Margins:
    """Pixels from the picture's edges to the frame's: above 0 outwards, below 0 cut off."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0

    @property
    def outward(self) -> "Margins":
        """What is to be filled."""
        return Margins(*(max(0, side) for side in vars(self).values()))

    @property
    def inward(self) -> "Margins":
        """What is to be cut off, as numbers below 0."""
        return Margins(*(min(0, side) for side in vars(self).values()))

    @property
    def any(self) -> bool:
        return self != Margins()

    def around(self, size: QSize) -> QRect:
        """The frame in the picture's pixels."""
        return QRect(
            -self.left,
            -self.top,
            size.width() + self.left + self.right,
            size.height() + self.top + self.bottom,
        )


@dataclass(frozen=True)
class Handle:
    """A side (one of x, y is 0) or a corner of the frame: -1 is left or top, 1 right or bottom."""

    x: int
    y: int


HANDLES = tuple(Handle(x, y) for y in (-1, 0, 1) for x in (-1, 0, 1) if x or y)

CENTRE = (0.5, 0.5)
_OPPOSITE = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}


def margins_for(size: QSize, wanted: QSize, anchor: tuple[float, float]) -> Margins:
    """A frame of the `wanted` size around a picture of `size`.

    anchor: where the picture sits in it: (0, 0) at the left top, (1, 1) at the right bottom.
    """
    across, down = wanted.width() - size.width(), wanted.height() - size.height()
    left, top = round(across * anchor[0]), round(down * anchor[1])
    return Margins(left, top, across - left, down - top)


def grown_to_ratio(size: QSize, ratio: float) -> QSize:
    """The smallest size of `ratio` (width by height) that holds a picture of `size`."""
    width, height = size.width(), size.height()
    if width < height * ratio:
        return QSize(max(width, round(height * ratio)), height)
    return QSize(width, max(height, round(width / ratio)))


def dragged(
    start: Margins,
    size: QSize,
    handle: Handle,
    by: tuple[float, float],
    *,
    ratio: float | None = None,
    symmetric: bool = False,
) -> Margins:
    """The frame after `handle` was dragged by so many pixels, from where it was at `start`.

    ratio: kept, as width by height; a corner follows the direction that asks for more.
    symmetric: the middle of the frame stays, and so both sides move.
    """
    frame = start.around(size)
    both = 2.0 if symmetric else 1.0
    width = frame.width() + handle.x * by[0] * both
    height = frame.height() + handle.y * by[1] * both
    if ratio is not None:
        if handle.x and handle.y:
            width = max(width, height * ratio)
        elif handle.y:
            width = height * ratio
        height = width / ratio
        shrink = min(1.0, LONGEST_SIDE / max(width, height, 1.0))
        width, height = width * shrink, height * shrink
    left, right = _placed(
        frame.left(), frame.width(), _within(width, size.width()), handle.x, symmetric
    )
    top, bottom = _placed(
        frame.top(), frame.height(), _within(height, size.height()), handle.y, symmetric
    )
    # A pixel of the picture always stays inside.
    left, top = min(left, size.width() - 1), min(top, size.height() - 1)
    right, bottom = max(right, 1), max(bottom, 1)
    return Margins(-left, -top, right - size.width(), bottom - size.height())


def _within(length: float, own: int) -> int:
    return max(1, min(round(length), max(LONGEST_SIDE, own)))


def _placed(start: int, old: int, new: int, side: int, symmetric: bool) -> tuple[int, int]:
    """First and last edge of a length that goes from `old` to `new`, pulled at `side`."""
    if symmetric or side == 0:
        start += round((old - new) / 2)
    elif side < 0:
        start += old - new
    return start, start + new


def extended_rect(request: EditRequest) -> QRect | None:
    """What a request extends its picture to, in its pixels; None for other edits."""
    sides, picture = request.settings, request.picture
    if not isinstance(sides, ExtendSettings) or picture is None:
        return None
    height, width = picture.shape[:2]
    margins = Margins(sides.left, sides.top, sides.right, sides.bottom)
    return margins.around(QSize(width, height))


class Frame(QObject):
    """The frame of the open picture, with the ratio it keeps and where the picture sits in it.

    Signals
        changed(): any of it is another than before.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._size = QSize()
        self._margins = Margins()
        self._ratio: float | None = None
        self._anchor = CENTRE

    @property
    def picture(self) -> QSize:
        return self._size

    @property
    def margins(self) -> Margins:
        return self._margins

    @property
    def rect(self) -> QRect:
        """In the picture's pixels; the picture's own without margins."""
        return self._margins.around(self._size)

    @property
    def ratio(self) -> float | None:
        """The width by height that is kept; None when it is free."""
        return self._ratio

    @property
    def anchor(self) -> tuple[float, float]:
        return self._anchor

    def set_picture(self, size: QSize) -> None:
        """Another picture, or another size of it: the frame lies at its edges again."""
        self._size = QSize(size)
        self._margins, self._ratio = Margins(), None
        self.changed.emit()

    def reset(self) -> None:
        """Back to the picture's edges."""
        self.set_picture(self._size)

    def set_margins(self, margins: Margins) -> None:
        """As a drag does it: the ratio that is kept stays."""
        if margins != self._margins:
            self._margins = margins
            self.changed.emit()

    def set_side(self, side: str, pixels: int) -> None:
        """One side as a number, cut short where nothing would be left; the ratio is then free."""
        length = self._size.width() if side in ("left", "right") else self._size.height()
        pixels = max(pixels, 1 - length - min(0, getattr(self._margins, _OPPOSITE[side])))
        if getattr(self._margins, side) != pixels:
            self._ratio = None
            self.set_margins(replace(self._margins, **{side: pixels}))

    def set_size(self, size: QSize) -> None:
        """The whole frame as a size; the picture sits in it as the anchor says."""
        if size != self.rect.size():
            self._ratio = None
            self.set_margins(margins_for(self._size, size, self._anchor))

    def set_ratio(self, ratio: float | None) -> None:
        """Keep `ratio`, and grow to it from the picture; None frees it."""
        self._ratio = ratio
        if ratio is not None and not self._size.isEmpty():
            wanted = grown_to_ratio(self._size, ratio)
            self._margins = margins_for(self._size, wanted, self._anchor)
        self.changed.emit()

    def set_anchor(self, anchor: tuple[float, float]) -> None:
        """Let the picture sit elsewhere in the same frame."""
        if anchor != self._anchor:
            self._anchor = anchor
            self._margins = margins_for(self._size, self.rect.size(), anchor)
            self.changed.emit()
