"""What a restoration leaves to look at: residual and uncertainty. Arrays only; can be pickled."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.request import Pixels

TOLERANCE = 0.1
"""A residual this much beyond the noise still counts as explained: noise is rarely known better."""


@dataclass(frozen=True, eq=False)
class Residual:
    """The result degraded again, compared with what was measured.

    ratio: root mean square of the residual over the noise. A true sample of the posterior has 1:
        its residual has the law of the noise itself.
    count: numbers measured. noise: the standard deviation compared with, rounding included.
    map: float32 [h, w], the channels' root mean square in units of the noise; 0 where nothing was
        measured.
    """

    ratio: float
    count: int
    noise: float
    map: NDArray[np.float32]

    @property
    def deviations(self) -> float:
        """(chi-square - count) / sqrt(2 count): standard deviations from what noise alone gives."""
        return (self.ratio**2 - 1) * math.sqrt(self.count / 2)

    @property
    def tolerance(self) -> float:
        """How far from 1 the ratio may be: 0.1, or three standard deviations if that is more."""
        return max(TOLERANCE, 3 / math.sqrt(2 * self.count))

    @property
    def explains(self) -> bool:
        """Whether the result explains the picture to within the noise."""
        return self.ratio <= 1 + self.tolerance

    @property
    def too_close(self) -> bool:
        """Whether it follows the picture more closely than its noise allows."""
        return self.ratio < 1 - self.tolerance

    def __str__(self) -> str:
        if not self.explains:
            verdict = "does not explain the picture to within the noise"
        elif self.too_close:
            verdict = "explains the picture more closely than its noise asks"
        else:
            verdict = "explains the picture to within the noise"
        return f"residual {self.ratio:.2f} of the noise: {verdict}"


@dataclass(frozen=True, eq=False)
class Restoration:
    """Several pictures that could have been, and how they differ.

    samples: RGB HxWx3, of the measured picture's dtype; the first one is the result, unless the
    mean is asked for.
    mean: float32 HxWx3 in [0, 1]. spread: float32 HxW, the standard deviation over the samples in
    [0, 1], the channels' root mean square; None with one sample.
    residual: of the result.
    """

    samples: tuple[Pixels, ...]
    mean: NDArray[np.float32]
    spread: NDArray[np.float32] | None
    residual: Residual


def mean_and_spread(
    samples: tuple[Pixels, ...],
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """The mean [H, W, 3] of the samples and their standard deviation [H, W], on 0 to 1.

    The spread divides by one less than the number of samples, and is None for a single one.
    """
    top = np.iinfo(samples[0].dtype).max
    first = samples[0].astype(np.float64)
    # Counted from the first one, so that what all samples share has a spread of exactly 0.
    shift = sum(sample - first for sample in samples) / len(samples)
    mean = ((first + shift) / top).astype(np.float32)
    if len(samples) == 1:
        return mean, None
    squares = sum(np.square(sample - first - shift) for sample in samples)
    variance = np.asarray(squares).mean(axis=2) / (len(samples) - 1)
    return mean, (np.sqrt(variance) / top).astype(np.float32)
