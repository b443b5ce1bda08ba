"""A plot of two figures of which both should be high, with the front joined; RGB uint8."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.evaluation.choosing import pareto_front
from core.imaging.lettering import GREY, extent, write

WIDTH, HEIGHT, MARGIN = 960, 640, 64
FRONT, OTHER, FAINT = (40, 90, 190), (150, 150, 150), (228, 228, 228)

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Point:
    label: str
    across: float
    up: float


def draw_pareto(
    points: Sequence[Point],
    titles: tuple[str, str],
    digits: tuple[int, int] = (1, 3),
    levels: Sequence[tuple[str, float]] = (),
) -> NDArray:
    """The points, those on the front joined. titles, digits: of the axes across and up.

    levels: heights worth a dashed line.
    """
    canvas = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    across = _range([point.across for point in points])
    up = _range([point.up for point in points] + [value for _, value in levels])
    _draw_axes(canvas, across, up, titles, digits)
    for label, value in levels:
        y = _y(value, up)
        for x in range(MARGIN, WIDTH - MARGIN, 12):
            cv2.line(canvas, (x, y), (x + 6, y), OTHER, 1)
        write(canvas, label, WIDTH - MARGIN - extent(label)[0], y - 16, colour=OTHER)
    front = pareto_front([p.across for p in points], [p.up for p in points])
    places = [(_x(p.across, across), _y(p.up, up)) for p in points]
    line = np.array(sorted(places[i] for i in front), np.int32)
    cv2.polylines(canvas, [line], False, FRONT, 1, cv2.LINE_AA)
    taken: list[Box] = [(x - 5, y - 5, x + 5, y + 5) for x, y in places]
    for index, (point, place) in enumerate(zip(points, places, strict=True)):
        colour = FRONT if index in front else OTHER
        cv2.circle(canvas, place, 5, colour, -1, cv2.LINE_AA)
        _draw_label(canvas, point.label, place, FRONT if index in front else GREY, taken)
    return canvas


def _draw_label(
    canvas: NDArray, text: str, place: tuple[int, int], colour: tuple, taken: list[Box]
) -> None:
    """Beside the point, where nothing stands yet; to the right of it if all is full."""
    (width, height), (x, y) = extent(text), place
    spots = [(x + 8, y - height // 2), (x - 8 - width, y - height // 2)]
    spots += [(x - width // 2, y + gap) for gap in (8, -8 - height, 22, -22 - height)]
    for left, top in spots:
        box = (left, top, left + width, top + height)
        inside = left >= 0 and box[2] <= WIDTH and top >= 0 and box[3] <= HEIGHT
        if inside and not any(_overlap(box, other) for other in taken):
            break
    else:
        left, top = spots[0]
    taken.append((left, top, left + width, top + height))
    write(canvas, text, left, top, colour=colour)


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _draw_axes(
    canvas: NDArray,
    across: tuple[float, float],
    up: tuple[float, float],
    titles: tuple[str, str],
    digits: tuple[int, int],
) -> None:
    for value in np.linspace(*across, 6):
        x = _x(value, across)
        cv2.line(canvas, (x, MARGIN), (x, HEIGHT - MARGIN), FAINT, 1)
        write(canvas, f"{value:.{digits[0]}f}", x - 12, HEIGHT - MARGIN + 6)
    for value in np.linspace(*up, 6):
        y = _y(value, up)
        cv2.line(canvas, (MARGIN, y), (WIDTH - MARGIN, y), FAINT, 1)
        write(canvas, f"{value:.{digits[1]}f}", 16, y - 8)
    write(canvas, titles[0], MARGIN, HEIGHT - 28, 14)
    write(canvas, titles[1], MARGIN, 24, 14)


def _range(values: Sequence[float]) -> tuple[float, float]:
    """A little more than the values span."""
    low, high = min(values), max(values)
    room = 0.08 * (high - low) or 0.01 * max(abs(high), 1e-3)
    return low - room, high + room


def _x(value: float, across: tuple[float, float]) -> int:
    share = (value - across[0]) / (across[1] - across[0])
    return round(MARGIN + share * (WIDTH - 2 * MARGIN))


def _y(value: float, up: tuple[float, float]) -> int:
    share = (value - up[0]) / (up[1] - up[0])
    return round(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN))
