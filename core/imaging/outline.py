"""What outlines enclose: the exact share of every pixel, from which antialiasing comes.

Every outline is a polygon. Its edges are cut wherever they cross a row or column of pixels; each
piece then lies in one pixel and adds its height, left of it, to the winding number of all pixels
to its right. Summing along the rows gives the winding number, averaged over each pixel.

OpenCV is imported inside the function, so that the window can import this module before its
first paint.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.imaging.selection import EMPTY, Patch

Points = NDArray[np.float64]

SAGITTA = 0.005  # pixels by which an ellipse's polygon may lie inside it


def enclosed(points: ArrayLike, size: tuple[int, int]) -> Patch:
    """What the closed polygon through `points` (x, y in pixels) encloses of a picture of
    `size` (height, width).

    A pixel's value is 255 times the share of its area that lies inside. Whatever the outline
    winds around counts, in either direction and also twice, so a line that crosses itself
    leaves no hole where it laps over.
    """
    import cv2

    outline = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    if len(outline) < 3:
        return EMPTY
    height, width = size
    left, top = np.clip(np.floor(outline.min(axis=0)), 0, (width, height)).astype(int)
    right, bottom = np.clip(np.ceil(outline.max(axis=0)), 0, (width, height)).astype(int)
    columns, rows = right - left, bottom - top
    if columns <= 0 or rows <= 0:
        return EMPTY
    winding = _winding(outline - (left, top), rows, columns)
    values = cv2.convertScaleAbs(winding, alpha=255)  # |255 w|, rounded, at most 255
    return Patch(np.asarray(values, np.uint8), int(left), int(top))


def rectangle(corner: tuple[float, float], opposite: tuple[float, float]) -> Points:
    """The corners of an upright rectangle, from any one to the opposite one."""
    (x0, y0), (x1, y1) = corner, opposite
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])


def ellipse(corner: tuple[float, float], opposite: tuple[float, float]) -> Points:
    """A polygon around the ellipse that fits into that rectangle, within .005 px of it."""
    (x0, y0), (x1, y1) = corner, opposite
    longer = max(abs(x1 - x0), abs(y1 - y0)) / 2
    count = max(16, math.ceil(math.pi * math.sqrt(longer / (2 * SAGITTA))))
    turn = np.linspace(0.0, 2.0 * math.pi, count, endpoint=False)
    x = (x0 + x1) / 2 + (x1 - x0) / 2 * np.cos(turn)
    y = (y0 + y1) / 2 + (y1 - y0) / 2 * np.sin(turn)
    return np.stack([x, y], axis=1)


def _winding(outline: Points, rows: int, columns: int) -> NDArray[np.float32]:
    """The winding number of `outline`, averaged over each of rows x columns pixels."""
    starts = _cut(outline)
    ends = np.roll(starts, -1, axis=0)
    x, y = ((starts + ends) / 2).T
    inside = (y >= 0) & (y < rows) & (x < columns)
    x, y, fall = np.maximum(x[inside], 0.0), y[inside], (ends - starts)[inside, 1]
    column, row = x.astype(np.int64), y.astype(np.int64)
    share = (x - column) * fall  # of the pixel itself the piece leaves out what is left of it
    place = row * (columns + 1) + column
    steps = np.zeros(rows * (columns + 1), np.float32)
    np.add.at(steps, place, (fall - share).astype(np.float32))
    np.add.at(steps, place + 1, share.astype(np.float32))
    steps = steps.reshape(rows, columns + 1)[:, :columns]
    return np.cumsum(steps, axis=1, out=steps)


def _cut(outline: Points) -> Points:
    """The outline's points, with one more wherever it crosses a row or a column of pixels."""
    ways = np.roll(outline, -1, axis=0) - outline
    edges = [np.arange(len(outline))]
    shares = [np.zeros(len(outline))]
    for axis in (0, 1):
        start, way = outline[:, axis], ways[:, axis]
        first = np.ceil(np.minimum(start, start + way))
        count = np.where(way == 0, 0, np.floor(np.maximum(start, start + way)) - first + 1)
        count = np.maximum(count, 0).astype(np.int64)
        edge = np.repeat(np.arange(len(outline)), count)
        number = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        edges.append(edge)
        shares.append((first[edge] + number - start[edge]) / way[edge])
    edge, share = np.concatenate(edges), np.concatenate(shares)
    order = np.lexsort((share, edge))
    edge, share = edge[order], share[order]
    return outline[edge] + share[:, None] * ways[edge]
