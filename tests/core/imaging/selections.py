"""Selections that hypothesis draws, and the plain way to do what the fast code does."""

from collections import deque

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

shapes = hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=20)
levels = st.sampled_from([0, 0, 0, 60, 127, 128, 200, 255, 255])
soft = hnp.arrays(np.uint8, shapes, elements=levels)
hard = hnp.arrays(np.uint8, shapes, elements=st.sampled_from([0, 255]))


def within(mask: np.ndarray, px: float) -> np.ndarray:
    """The largest value of `mask` within `px` of each pixel's middle."""
    rows, columns = np.indices(mask.shape)
    result = np.zeros_like(mask)
    for row, column in np.argwhere(mask):
        near = (rows - row) ** 2 + (columns - column) ** 2 <= px * px
        result[near] = np.maximum(result[near], mask[row, column])
    return result


def reached(starts: list[tuple[int, int]], open_: np.ndarray) -> np.ndarray:
    """Where one comes from `starts` over what is open, sideways or up and down."""
    seen = np.zeros(open_.shape, bool)
    queue = deque(place for place in starts if open_[place])
    for place in queue:
        seen[place] = True
    while queue:
        row, column = queue.popleft()
        for place in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
            there = 0 <= place[0] < open_.shape[0] and 0 <= place[1] < open_.shape[1]
            if there and open_[place] and not seen[place]:
                seen[place] = True
                queue.append(place)
    return seen


def border(shape: tuple[int, ...]) -> list[tuple[int, int]]:
    height, width = shape
    return [
        (row, column)
        for row in range(height)
        for column in range(width)
        if row in (0, height - 1) or column in (0, width - 1)
    ]


def disc(side: int, radius: float) -> np.ndarray:
    """A hard disc in the middle of a square."""
    axis = np.arange(side) - side // 2
    inside = axis[:, None] ** 2 + axis[None, :] ** 2 <= radius * radius
    return np.where(inside, np.uint8(255), np.uint8(0))
