"""A rough box around an object; what stands out in it is found in the background."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QPointF

from core.imaging.object_box import in_box
from core.imaging.outline import rectangle
from core.imaging.selection import Patch
from desktop.canvas.tools.box import BoxTool
from desktop.canvas.tools.options import SelectionWish
from desktop.canvas.tools.tool import ToolKind
from desktop.document.selection import looked_at


class ObjectTool(BoxTool):
    kind = ToolKind.OBJECT

    def title(self) -> str:
        return QCoreApplication.translate("Canvas", "Object in a box")

    def shape(self, corner: QPointF, opposite: QPointF) -> Sequence[QPointF]:
        ends = (corner.x(), corner.y()), (opposite.x(), opposite.y())
        return [QPointF(x, y) for x, y in rectangle(*ends)]

    def enclose(self, outline: Sequence[QPointF]) -> None:
        start, end = outline[0], outline[2]
        if start == end:
            return  # a click
        pixels = looked_at(self.canvas.document)
        box = (start.x(), start.y(), end.x(), end.y())

        def find(cancelled: Callable[[], bool]) -> Patch:
            return in_box(pixels, box, cancelled)

        self.canvas.want_selection(SelectionWish(self.title(), find, self._how))
