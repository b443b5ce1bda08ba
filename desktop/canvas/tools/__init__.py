"""What the pointer does on the canvas. A tool is found by its kind; kinds are an enumeration."""

from desktop.canvas.tools.brush import BrushSettings, BrushTool
from desktop.canvas.tools.hand import HandTool
from desktop.canvas.tools.paint import PaintTool
from desktop.canvas.tools.tool import Canvas, PointerEvent, Tool, ToolKind

__all__ = [
    "BrushSettings",
    "BrushTool",
    "Canvas",
    "HandTool",
    "PaintTool",
    "PointerEvent",
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
        HandTool(canvas),
    )
    return {tool.kind: tool for tool in tools}
