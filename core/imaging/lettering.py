"""Words on sheets and plots, in both languages."""

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

GREY = (70, 70, 70)
_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
# What the usual systems bring; Pillow looks for them in the system's folders.
_WITH_HANGUL = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansKR-Regular.ttf",
    "NanumGothic.ttf",
    "NanumBarunGothic.ttf",
    "NanumSquareRoundR.ttf",
    "UnDotum.ttf",
    "malgun.ttf",
    "AppleSDGothicNeo.ttc",
)

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Colour = tuple[int, int, int]


def write(
    canvas: NDArray[np.uint8],
    text: str,
    left: int,
    top: int,
    size: int = 12,
    colour: Colour = GREY,
) -> None:
    """Put `text` on `canvas` (RGB, changed in place); what does not fit is cut off.

    Korean is left out where the system has no font for it.
    """
    font = _font(size, bool(_HANGUL.search(text)))
    if font is None or not text:
        return
    width, height = extent(text, size)
    box = canvas[max(0, top) : top + height, max(0, left) : left + width]
    if box.size == 0:
        return
    part = Image.fromarray(box)
    ImageDraw.Draw(part).text((min(0, left), min(0, top)), text, fill=colour, font=font)
    box[:] = np.asarray(part)


def extent(text: str, size: int = 12) -> tuple[int, int]:
    """(width, height) in pixels that `text` takes; nothing where it cannot be written."""
    font = _font(size, bool(_HANGUL.search(text)))
    if font is None:
        return 0, 0
    _, _, right, bottom = font.getbbox(text)
    return int(right) + 1, max(int(bottom), size) + 2


@cache
def _font(size: int, hangul: bool) -> Font | None:
    if not hangul:
        return ImageFont.load_default(size)
    for name in _WITH_HANGUL:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return None
