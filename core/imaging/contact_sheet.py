"""Pictures in rows and columns, each column and row with its words; RGB uint8."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from core.imaging.lettering import write

GAP = 8
LINE = 20

Pixels = NDArray[np.uint8]


def contact_sheet(
    columns: Sequence[str],
    rows: Sequence[tuple[str, Sequence[Pixels | None]]],
    cell: int,
    title: Sequence[str] = (),
) -> Pixels:
    """A sheet on white.

    columns: their headings. rows: the words above each, and its pictures; None leaves a gap.
    cell: pixels that a picture may be wide and high; it keeps its shape. title: lines above all.
    """
    width = GAP + len(columns) * (cell + GAP)
    parts = [_line(width, [text], width) for text in title if text]
    parts.append(_line(width, columns, cell))
    for words, pictures in rows:
        if words:
            parts.append(_line(width, [words], width))
        shown = [None if one is None else _fitted(one, cell) for one in pictures]
        height = max((one.shape[0] for one in shown if one is not None), default=0)
        part = np.full((height + GAP, width, 3), 255, np.uint8)
        for index, one in enumerate(shown):
            if one is not None:
                left = GAP + index * (cell + GAP)
                part[: one.shape[0], left : left + one.shape[1]] = one
        parts.append(part)
    return np.vstack(parts)


def _line(width: int, texts: Sequence[str], cell: int) -> Pixels:
    """A line of words, each cut off where its cell ends."""
    line = np.full((LINE, width, 3), 255, np.uint8)
    for index, text in enumerate(texts):
        left = GAP + index * (cell + GAP)
        write(line[:, : left + cell], text, left, 2)
    return line


def _fitted(picture: Pixels, cell: int) -> Pixels:
    """The picture at the largest size that fits the cell."""
    scale = cell / max(picture.shape[:2])
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, size, interpolation=method), np.uint8)
