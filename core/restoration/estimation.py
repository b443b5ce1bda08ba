"""What was done to a picture, guessed from the picture alone. No torch.

All of it rests on how pictures are made: edges are sparse and noise is everywhere, and the power of
a picture's spectrum falls about as a power of the frequency.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.errors import RequestError

_LEAST_SIDE = 16
# The median of |n| for a unit Gaussian n.
_MEDIAN = 0.6744897501960817
_LEAST_FALL = 2.0
_SCALES = (1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 16.0)


Certainty = Literal["sure", "rough", "guess"]
_SURE, _ROUGH = 0.15, 0.4
_LEAST_PART = 64


@dataclass(frozen=True)
class Guess:
    """A value, and how sure it is: by how much the picture's quarters differ in it.

    "sure": by less than 15 % of it, root mean square; "rough": less than 40 %. A picture too small
    to be divided tells nothing of it, so that what it gives is a "guess".
    """

    value: float
    certainty: Certainty


@dataclass(frozen=True)
class Estimate:
    """What a picture tells of itself. noise: standard deviation on 0 to 1; 0 = none shows.

    blur: standard deviation in pixels; 0 = none shows. scale: times enlarged; 1 = not at all.
    """

    noise: Guess
    blur: Guess
    scale: Guess


def estimate(pixels: NDArray[Any]) -> Estimate:
    """All three, of RGB or grey. Raises RequestError for less than 16 pixels on a side."""
    return Estimate(
        noise=_guess(estimate_noise, pixels),
        blur=_guess(estimate_blur, pixels),
        scale=_guess(estimate_scale, pixels),
    )


def _guess(measure: Callable[[NDArray[Any]], float], pixels: NDArray[Any]) -> Guess:
    value = measure(pixels)
    height, width = (side // 2 for side in pixels.shape[:2])
    if min(height, width) < _LEAST_PART:
        return Guess(value, "guess")
    parts = [measure(pixels[y:, x:][:height, :width]) for y in (0, height) for x in (0, width)]
    difference = float(np.sqrt(np.square(np.array(parts) - value).mean()))
    if difference <= _SURE * value:
        return Guess(value, "sure")
    return Guess(value, "rough" if difference <= _ROUGH * value else "guess")


def to_unit_values(pixels: NDArray[Any]) -> NDArray[np.float64]:
    """RGB or grey, uint8, uint16 or float on 0 to 1 -> float64 [H, W, C] on 0 to 1.

    Raises RequestError for a picture of less than 16 pixels on a side.
    """
    if min(pixels.shape[:2]) < _LEAST_SIDE:
        raise RequestError(
            f"{pixels.shape[1]} x {pixels.shape[0]} pixels are too few to estimate from; "
            f"choose a picture of {_LEAST_SIDE} or more on a side."
        )
    values = pixels.astype(np.float64)
    if pixels.dtype.kind == "u":
        values /= np.iinfo(pixels.dtype).max
    return values if values.ndim == 3 else values[..., None]


def estimate_noise(pixels: NDArray[Any]) -> float:
    """Standard deviation of the noise on 0 to 1, by the wavelet's median absolute deviation.

    Donoho and Johnstone 1994, section 4.1: the finest diagonal coefficients (here of the Haar
    wavelet) hold little but noise, so their median over 0.6745 is its width. Coefficients that
    touch a clipped pixel tell nothing and are left out; the channels' median is taken. Texture
    makes it a little too large.
    """
    values = to_unit_values(pixels)
    height, width = (side // 2 * 2 for side in values.shape[:2])
    blocks = values[:height, :width].reshape(height // 2, 2, width // 2, 2, -1)
    diagonal = (
        blocks[:, 0, :, 0] - blocks[:, 0, :, 1] - blocks[:, 1, :, 0] + blocks[:, 1, :, 1]
    ) / 2
    clipped = np.asarray(((blocks <= 0) | (blocks >= 1)).any(axis=(1, 3)))
    found = [
        float(np.median(np.abs(diagonal[..., c][~clipped[..., c]]))) / _MEDIAN
        for c in range(values.shape[2])
        if not clipped[..., c].all()
    ]
    return float(np.median(found)) if found else 0.0


def estimate_blur(pixels: NDArray[Any]) -> float:
    """Standard deviation in pixels of the Gaussian that blurred the picture; 0 if none shows.

    The spectrum of a picture is about f^-b, a Gaussian multiplies it by exp(-4 pi^2 sigma^2 f^2)
    and noise adds a constant. log power - log noise is fitted by least squares in 1, log f and f^2
    over the frequencies that stand clear of the noise, with b between 1.5 and 3.
    """
    frequency, power = spectrum(pixels)
    floor = _floor(power)
    clear = (power > 4 * floor) & (frequency > 0.02) & (frequency < 0.5)
    # Beyond the first frequency that drowns, what stands clear does so by chance.
    drowned = np.flatnonzero(~clear & (frequency > 0.02))
    if drowned.size:
        clear &= frequency < frequency[drowned[0]]
    if clear.sum() < 4:
        return 0.0
    f, seen = frequency[clear], np.log(power[clear] - floor)
    weights = np.sqrt(f)
    best, least = 0.0, math.inf
    for exponent in np.linspace(1.5, 3.0, 16):
        basis = np.stack([np.ones_like(f), -4 * math.pi**2 * f**2], axis=1) * weights[:, None]
        target = (seen + exponent * np.log(f)) * weights
        solution, *_ = np.linalg.lstsq(basis, target, rcond=None)
        error = float(np.square(basis @ solution - target).sum())
        if error < least:
            least, best = error, float(solution[1])
    return math.sqrt(max(best, 0.0))


def estimate_scale(pixels: NDArray[Any]) -> float:
    """How many times the picture has been enlarged, 1.5 to 16; 1 if it shows no cut-off.

    A picture enlarged by k holds next to nothing above the frequency 0.5 / k but weak images of
    what lies below it. So the lowest frequency is sought at which the spectrum falls more steeply
    than around it, by e^2 or more in power beyond its usual slope. Right for bicubic enlargements;
    for bilinear and Lanczos ones it may name a neighbour.
    """
    frequency, power = spectrum(pixels)
    falls = [_fall(frequency, power + 1e-12, 0.5 / scale) for scale in _SCALES]
    around = [-math.inf, *falls, -math.inf]
    for k in reversed(range(len(_SCALES))):
        if falls[k] >= max(_LEAST_FALL, around[k], around[k + 2]):
            return _SCALES[k]
    return 1.0


def _fall(frequency: NDArray[np.float64], power: NDArray[np.float64], edge: float) -> float:
    """How much more log power falls around the frequency `edge` than that of f^-2."""
    below = (frequency > 0.7 * edge) & (frequency < 0.9 * edge)
    above = (frequency > 1.15 * edge) & (frequency < min(1.5 * edge, 0.5))
    if below.sum() < 2 or above.sum() < 2:
        return -math.inf
    usual = 2 * math.log(frequency[above].mean() / frequency[below].mean())
    return float(np.log(power[below]).mean() - np.log(power[above]).mean()) - usual


def spectrum(pixels: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequencies in cycles a pixel, up to 0.5, and the mean power around each ring.

    Of the channels' mean, under a Hann window so that the borders do not count as edges.
    """
    values = to_unit_values(pixels).mean(axis=2)
    height, width = values.shape
    window = np.outer(np.hanning(height), np.hanning(width))
    centred = (values - (values * window).sum() / window.sum()) * window
    power = np.abs(np.fft.fft2(centred)) ** 2 / np.square(window).sum()
    radius = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None])
    rings = min(128, min(height, width) // 2)
    ring = np.minimum((radius * 2 * rings).astype(int), rings)
    counts = np.bincount(ring.ravel(), minlength=rings + 1)[:rings]
    sums = np.bincount(ring.ravel(), power.ravel(), minlength=rings + 1)[:rings]
    radii = np.bincount(ring.ravel(), radius.ravel(), minlength=rings + 1)[:rings]
    return radii / np.maximum(counts, 1), sums / np.maximum(counts, 1)


def _floor(power: NDArray[np.float64]) -> float:
    """The noise's share of the power: what is left at the highest frequencies."""
    last = max(2, len(power) // 12)
    return float(np.median(power[-last:]))
