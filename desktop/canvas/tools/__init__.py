"""What the pointer does on the canvas. A tool is found by its kind; kinds are an enumeration."""

from desktop.canvas.tools.brush import BrushSettings, BrushTool
from desktop.canvas.tools.ellipse import EllipseTool
from desktop.canvas.tools.frame import FrameTool
from desktop.canvas.tools.hand import HandTool
from desktop.canvas.tools.lasso import LassoTool
from desktop.canvas.tools.object_box import ObjectTool
from desktop.canvas.tools.options import SelectionOptions, SelectionWish
from desktop.canvas.tools.paint import PaintTool
from desktop.canvas.tools.polygon import PolygonTool
from desktop.canvas.tools.rectangle import RectangleTool
from desktop.canvas.tools.tool import Canvas, PointerEvent, Tool, ToolKind
from desktop.canvas.tools.wand import WandTool

__all__ = [
    "BrushSettings",
    "BrushTool",
    "Canvas",
    "FrameTool",
    "HandTool",
    "PaintTool",
    "PointerEvent",
    "SelectionOptions",
    "SelectionWish",
    "Tool",
    "ToolKind",
    "make_tools",
]


def make_tools(canvas: Canvas) -> dict[ToolKind, Tool]:
    """One tool of each kind, working on `canvas`."""
    tools: tuple[Tool, ...] = (
        BrushTool(canvas, erase=False),
        BrushTool(canvas, erase=True),
        PaintTool(canvas),
        LassoTool(canvas),
        PolygonTool(canvas),
        RectangleTool(canvas),
        EllipseTool(canvas),
        WandTool(canvas),
        ObjectTool(canvas),
        HandTool(canvas),
        FrameTool(canvas),
    )
    return {tool.kind: tool for tool in tools}
