"""Selections as the editor holds them, and how a new one joins what is selected already.

A selection is a mask of bytes, `Levels`: HxW uint8, 255 = edit, 0 = keep, a soft edge between.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Levels = NDArray[np.uint8]


class How(StrEnum):
    """What becomes of the old selection when something new is selected."""

    REPLACE = "replace"
    ADD = "add"
    SUBTRACT = "subtract"
    INTERSECT = "intersect"


@dataclass(frozen=True)
class Patch:
    """A part of a selection with its corner at (left, top); 0 outside. It lies in the picture."""

    values: Levels
    left: int = 0
    top: int = 0

    @property
    def slices(self) -> tuple[slice, slice]:
        height, width = self.values.shape
        return slice(self.top, self.top + height), slice(self.left, self.left + width)

    def __bool__(self) -> bool:
        return bool(self.values.any())


EMPTY = Patch(np.zeros((0, 0), np.uint8))


def combined(mask: Levels, patch: Patch, how: How) -> Levels:
    """`mask` with `patch`, as a new array: the larger value of both (add), the smaller one
    (intersect), the smaller of the mask's and what the patch leaves (subtract)."""
    inside = patch.slices
    if how in (How.REPLACE, How.INTERSECT):
        result = np.zeros_like(mask)
        kept = np.minimum(mask[inside], patch.values) if how is How.INTERSECT else patch.values
        result[inside] = kept
        return result
    result = mask.copy()
    if how is How.ADD:
        np.maximum(mask[inside], patch.values, out=result[inside])
    else:
        np.minimum(mask[inside], np.bitwise_not(patch.values), out=result[inside])
    return result


def bounds(mask: Levels, margin: int = 0) -> tuple[slice, slice]:
    """Rows and columns of the smallest box around what is selected, widened by `margin` pixels
    as far as the picture goes; empty if nothing is selected."""
    import cv2

    height, width = mask.shape
    if not mask.size:
        return slice(0, 0), slice(0, 0)
    left, top, columns, rows = cv2.boundingRect(np.ascontiguousarray(mask))
    if not rows:
        return slice(0, 0), slice(0, 0)
    return (
        slice(max(0, top - margin), min(height, top + rows + margin)),
        slice(max(0, left - margin), min(width, left + columns + margin)),
    )
