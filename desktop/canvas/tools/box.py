"""What is dragged from one corner to the opposite one; Shift makes both sides equal."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt

from core.imaging.selection import How
from desktop.canvas.tools.outline import OutlineTool
from desktop.canvas.tools.tool import PointerEvent


class BoxTool(OutlineTool):
    """Shift has two meanings. Held at the press it says how the selection is joined, if it makes a
    difference there; it makes sides equal when it was pressed (again) after that."""

    def shape(self, corner: QPointF, opposite: QPointF) -> Sequence[QPointF]:
        """The outline that lies in this box."""
        raise NotImplementedError

    def press(self, event: PointerEvent) -> None:
        if self.start(event):
            adds_anyway = self._how is self.canvas.selection.how is How.ADD
            self._shift_is_taken = _shift(event) and not adds_anyway

    def move(self, event: PointerEvent) -> None:
        if not _shift(event):
            self._shift_is_taken = False

    def outline(self, event: PointerEvent) -> Sequence[QPointF]:
        return self.shape(*self.corners(event)) if self.points else ()

    def corners(self, event: PointerEvent) -> tuple[QPointF, QPointF]:
        """The corner where the drag began, and the one at the pointer."""
        start = self.points[0]
        way = event.point - start
        if _shift(event) and not self._shift_is_taken:
            side = max(abs(way.x()), abs(way.y()))
            way = QPointF(math.copysign(side, way.x()), math.copysign(side, way.y()))
        return start, start + way

    _shift_is_taken = False


def _shift(event: PointerEvent) -> bool:
    return bool(event.modifiers & Qt.KeyboardModifier.ShiftModifier)
