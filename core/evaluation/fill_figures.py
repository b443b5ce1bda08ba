"""How good one fill is, measured against what belongs under the mask."""

from dataclasses import dataclass

import numpy as np

from core.evaluation.clip_score import ClipScore
from core.evaluation.known_edits import Pixels
from core.evaluation.known_fills import KnownFill
from core.imaging.mask import distance_outside

RING = 8
"""Pixels around the mask in which the shift of colours is measured."""


@dataclass(frozen=True)
class FillFigures:
    """Low is good throughout; all but `tower` in levels of 0 to 255.

    distance: root mean square error to the answer inside the mask.
    tower: distance of the features of our own CLIP's image tower to the answer's, times 1000.
    seam: how far the steps across the mask's edge, from pixel to pixel, are from the answer's; root
        mean square.
    shift: the mean of result minus answer on a ring around the mask, of the worst channel.
    """

    distance: float
    tower: float
    seam: float
    shift: float


def measure(case: KnownFill, result: Pixels, clip: ClipScore) -> FillFigures:
    """The figures of one result, RGB uint8 of the case's size."""
    error = result.astype(np.float64) - case.answer
    ring = ~case.inside & (distance_outside(case.inside) <= RING)
    return FillFigures(
        distance=float(np.sqrt(np.square(error[case.inside]).mean())),
        tower=1000 * clip.distance(case.answer, result),
        seam=seam(case, result),
        shift=float(np.abs(error[ring].mean(axis=0)).max()),
    )


def seam(case: KnownFill, result: Pixels) -> float:
    """Root mean square of (step in the result - step in the answer) over all pairs of neighbours,
    one inside and one outside the mask."""
    error = result.astype(np.float64) - case.answer
    squares: list[float] = []
    for axis in (0, 1):
        edge = np.diff(case.inside.astype(np.int8), axis=axis) != 0
        squares += np.square(np.diff(error, axis=axis)[edge]).mean(axis=-1).tolist()
    return float(np.sqrt(np.mean(squares)))
