"""What an edit works on: the picture, what the model begins from, and where the result shows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.imaging.beginning import continued, without
from core.imaging.mask import blend_band
from core.request import EditRequest, Mask, Pixels
from core.settings import ExtendSettings, FillingSettings, PictureSettings

_STRIP = 256  # rows that are compared at once


@dataclass(frozen=True, eq=False)
class Canvas:
    """One edit in pixels, all HxW or HxWx3 of one size.

    picture: what the result is put onto, where `alpha` is not 0.
    begin: what the model is shown, which is a guess where something is to be made up.
    mask: 1 = edit, None = everything. alpha: how much of the edit shows, None = all of it.
    offset: (left, top) of the request's picture in this one, None where they are of one size.
    """

    picture: Pixels
    begin: Pixels
    mask: Mask | None
    alpha: NDArray[np.float32] | None
    offset: tuple[int, int] | None = None

    def changed_outside(self, original: Pixels, result: Pixels) -> int | None:
        """How many values differ from the request's picture where they must not."""
        if self.alpha is None:
            return None
        left, top = self.offset or (0, 0)
        here = slice(top, top + original.shape[0]), slice(left, left + original.shape[1])
        alpha, placed = self.alpha[here], result[here]
        count = 0
        for start in range(0, len(original), _STRIP):
            rows = slice(start, start + _STRIP)
            if not np.array_equal(original[rows], placed[rows]):
                differs = (original[rows] != placed[rows]) & (alpha[rows] == 0)[..., None]
                count += int(np.count_nonzero(differs))
        return count


def canvas_of(request: EditRequest) -> Canvas:
    """The canvas of a request that has a picture."""
    picture, mask, settings = request.picture, request.mask, request.settings
    assert picture is not None
    assert isinstance(settings, PictureSettings)
    if isinstance(settings, ExtendSettings):
        return _extended(picture, settings)
    if mask is None:
        return Canvas(picture, picture, None, None)
    begin = picture
    if isinstance(settings, FillingSettings) and settings.begins_empty and mask.any():
        begin = without(picture, mask)
    return Canvas(picture, begin, mask, blend_band(mask, settings.blend))


def _extended(picture: Pixels, settings: ExtendSettings) -> Canvas:
    """The picture in its larger frame. The blend band lies in the new part, where the guess, which
    goes on from the old edge, gives way to the edit; of the old part nothing changes."""
    sides = (settings.left, settings.right, settings.top, settings.bottom)
    begin = continued(picture, *sides)
    height, width = picture.shape[:2]
    old = np.zeros(begin.shape[:2], bool)
    old[settings.top : settings.top + height, settings.left : settings.left + width] = True
    mask = (~old).astype(np.float32)
    alpha = mask.copy()
    band = min(settings.blend, *(side for side in sides if side))
    if band:
        alpha = 1 - blend_band(1 - mask, band)
        alpha[old] = 0
    return Canvas(begin, begin, mask, alpha, (settings.left, settings.top))
