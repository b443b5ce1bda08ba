"""The rectangle. Its sides lie between pixels, so that it has no soft edge."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPointF

from core.imaging.outline import rectangle
from desktop.canvas.tools.box import BoxTool
from desktop.canvas.tools.tool import ToolKind


class RectangleTool(BoxTool):
    kind = ToolKind.RECTANGLE

    def title(self) -> str:
        return QCoreApplication.translate("Canvas", "Rectangle")

    def shape(self, corner: QPointF, opposite: QPointF) -> Sequence[QPointF]:
        ends = [(float(round(p.x())), float(round(p.y()))) for p in (corner, opposite)]
        return [QPointF(x, y) for x, y in rectangle(*ends)]
