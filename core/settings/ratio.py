"""Shapes of pictures by name, and what to add to a picture so that it has one."""

import math
import re

from core.errors import RequestError

RATIOS: dict[str, float] = {
    "1:1": 1.0,
    "4:3": 4 / 3,
    "3:2": 3 / 2,
    "16:9": 16 / 9,
    "A4": math.sqrt(2),
    "phone": 9 / 19.5,
}
"""Width over height. A4 lies or stands as the picture does."""

_WRITTEN = re.compile(r"(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)")


def ratio_of(text: str, size: tuple[int, int]) -> float:
    """Width over height of a shape's name, or of two numbers such as 9:16. Raises RequestError.

    size: (height, width) of the picture.
    """
    height, width = size
    named = {name.lower(): ratio for name, ratio in RATIOS.items()}.get(text.lower())
    if text.lower() == "a4" and named is not None:
        return named if width >= height else 1 / named
    if named is not None:
        return named
    found = _WRITTEN.fullmatch(text.strip())
    if found is None or not float(found[1]) or not float(found[2]):
        known = ", ".join(RATIOS)
        raise RequestError(f"ratio {text} is not understood; write it as 9:16, or one of: {known}.")
    return float(found[1]) / float(found[2])


def sides_for(ratio: float, size: tuple[int, int]) -> dict[str, int]:
    """left, right, top, bottom of the smallest frame of this shape with the picture in its middle.

    The frame's larger side is rounded to whole pixels; all are 0 where the picture has the shape.
    """
    height, width = size
    wide, high = max(width, round(height * ratio)), max(height, round(width / ratio))
    if wide > width:
        high = height
    across, down = wide - width, high - height
    return {
        "left": across // 2,
        "right": across - across // 2,
        "top": down // 2,
        "bottom": down - down // 2,
    }
