"""A result of a job, kept beside the picture until the user applies or deletes it."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from core.events import Finished
from core.request import EditRequest, Pixels

STRIP = 64  # rows that are compared at once


@dataclass(frozen=True, eq=False)
class Alternative:
    """One result.

    number: counts from 1 within a document.
    title: what the results strip calls it.
    pixels: the result's picture, read-only.
    """

    number: int
    title: str
    pixels: Pixels
    finished: Finished

    @property
    def request(self) -> EditRequest:
        return self.finished.request

    @property
    def recipe(self) -> dict[str, object]:
        return self.finished.recipe

    @property
    def seconds(self) -> float:
        return self.finished.seconds

    def over(self, current: Pixels) -> Pixels:
        """This result laid over `current`, as a read-only array.

        If it was made from `current`, or from a picture of another size, that is simply the
        result. Otherwise only what was masked or changed is taken from it, so that another
        edit which was applied in the meantime stays.
        """
        base, mask = self.request.picture, self.request.mask
        if (
            base is None
            or base is current
            or mask is None
            or self.pixels.shape != current.shape
            or self.pixels.dtype != current.dtype
        ):
            return self.pixels
        merged = cast(Any, current.copy())
        for top in range(0, merged.shape[0], STRIP):
            rows = slice(top, top + STRIP)
            result = self.pixels[rows]
            own = mask[rows] > 0
            if not own.any() and np.array_equal(result, base[rows]):
                continue
            own = own | (result != base[rows]).any(axis=2)
            merged[rows][own] = result[own]
        merged.flags.writeable = False
        return merged


def frozen(pixels: Pixels) -> Pixels:
    """`pixels` as a read-only array that owns its memory; copied only if it must be.

    `EditRequest` keeps such arrays without another copy.
    """
    if not pixels.flags.owndata or not pixels.flags.c_contiguous:
        pixels = cast(Pixels, np.array(pixels, order="C"))
    pixels.flags.writeable = False
    return pixels
