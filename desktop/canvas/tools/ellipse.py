"""The ellipse that fits into the dragged box."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPointF

from core.imaging.outline import ellipse
from desktop.canvas.tools.box import BoxTool
from desktop.canvas.tools.tool import ToolKind


class EllipseTool(BoxTool):
    kind = ToolKind.ELLIPSE

    def title(self) -> str:
        return QCoreApplication.translate("Canvas", "Ellipse")

    def shape(self, corner: QPointF, opposite: QPointF) -> Sequence[QPointF]:
        ends = (corner.x(), corner.y()), (opposite.x(), opposite.y())
        return [QPointF(x, y) for x, y in ellipse(*ends)]
