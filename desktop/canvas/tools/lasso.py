"""The lasso: selects what a line drawn by hand goes around."""

import math

from PySide6.QtCore import QCoreApplication

from desktop.canvas.tools.outline import OutlineTool
from desktop.canvas.tools.tool import PointerEvent, ToolKind


class LassoTool(OutlineTool):
    kind = ToolKind.LASSO

    def title(self) -> str:
        return QCoreApplication.translate("Canvas", "Lasso")

    def press(self, event: PointerEvent) -> None:
        self.start(event)

    def move(self, event: PointerEvent) -> None:
        if self.points:
            way = event.point - self.points[-1]
            if math.hypot(way.x(), way.y()) * self.canvas.viewport.zoom >= 1.0:
                self.points.append(event.point)

    def release(self, event: PointerEvent) -> None:
        self.move(event)
        super().release(event)
