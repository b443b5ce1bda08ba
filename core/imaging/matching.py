"""A fill takes on the colours and the grain of what lies around it.

A decoder does not give back quite the colours that it was shown, which shows as a patch with a
seam. What it is off by is known around the mask: that error is spread over the mask as a membrane
(Perez et al. 2003, Poisson image editing, eq. 2) and taken away. A model's result is also
cleaner than a photograph; what is missing of its noise is added.
"""

import math

import numpy as np
from numpy.typing import NDArray

from core.imaging.mask import distance_outside
from core.imaging.membrane import Floats, membrane

GRAIN_RING = 48
_LEAST_GRAIN, _MOST_GRAIN = 0.4 / 255, 6 / 255
_LEAST_SAMPLE = 256


def colour_error(expected: Floats, got: Floats, outside: NDArray[np.bool_]) -> Floats:
    """What to add to `got` [h, w, C] so that it is `expected` outside, and meets it at the edge.

    outside: where `expected` holds, [h, w]. Zeros where that is nowhere.
    """
    return membrane(expected - got, outside)


def missing_grain(
    picture: Floats, result: Floats, mask: NDArray[np.bool_], seed: int, top: float
) -> Floats:
    """Noise [h, w, C] that gives `result` inside `mask` the grain that `picture` has around it.

    Both in one unit with `top` as white. 0 where nothing is missing; the seed decides the draw.
    """
    ring = ~mask & (distance_outside(mask) <= GRAIN_RING)
    missing = np.zeros_like(result)
    if ring.sum() < _LEAST_SAMPLE or mask.sum() < _LEAST_SAMPLE:
        return missing
    # One draw for all channels: a texture taken for grain stays grey, not a storm of colours.
    draw = np.random.default_rng(seed).standard_normal(mask.shape, np.float32)
    for channel in range(result.shape[2]):
        wanted = min(grain(picture[..., channel], ring), _MOST_GRAIN * top)
        there = grain(result[..., channel], mask)
        lacking = math.sqrt(max(wanted**2 - there**2, 0.0))
        if lacking > _LEAST_GRAIN * top:
            missing[..., channel] = np.where(mask, lacking * draw, 0)
    return missing


def grain(values: Floats, where: NDArray[np.bool_]) -> float:
    """Standard deviation of the noise in `values` [h, w], from the finest diagonal differences.

    Donoho and Johnstone 1994: the median of the finest wavelet's size, over .6745. Edges and
    textures are the few large ones, and a median does not see them.
    """
    whole = where[:-1, :-1] & where[1:, :-1] & where[:-1, 1:] & where[1:, 1:]
    if not whole.any():
        return 0.0
    details = (values[:-1, :-1] - values[1:, :-1] - values[:-1, 1:] + values[1:, 1:]) / 2
    return float(np.median(np.abs(details[whole])) / 0.6745)
