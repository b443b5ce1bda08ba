"""Parallel-beam tomography: the Radon transform, its exact adjoint, filtered back projection.

A ray runs through the picture at unit steps; at each step it takes the value between the four
pixels around it. The same four places and weights, read the other way round, are the adjoint.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import torch
import torch.nn.functional as F

from core.errors import RequestError
from core.restoration.operators import LinearOperator, Size

_AT_ONCE = 2**21
"""Steps of rays, four pixels each, whose places are sorted at once."""
_MOST_KEPT = 2**25
"""And how many are kept for the next time: some hundred megabytes."""


class Radon(LinearOperator):
    """Projections of a picture at `angles` degrees: y [N, C, angles, detector].

    The detector is as long as the picture's diagonal, one bin a pixel. At 0 degrees a ray runs
    down a column; angles turn counter-clockwise. Values are means along the diagonal's length, so
    that a picture in [0, 1] gives a sinogram in [0, 1]; times `diagonal` they are line integrals
    in pixels. Nothing lies outside the picture. Raises RequestError without angles.
    """

    def __init__(self, size: Size, angles: Sequence[float]) -> None:
        if not angles or not all(math.isfinite(angle) for angle in angles):
            raise RequestError("there are no angles to project at; choose at least one.")
        self.angles = tuple(float(angle) for angle in angles)
        self.diagonal = detector_length(size)
        self.input_size = size
        self.output_size = len(self.angles), self.diagonal

    def filtered_back_projection(self, y: torch.Tensor, turn: float = 180.0) -> torch.Tensor:
        """The classical inverse from angles spread evenly over `turn` degrees.

        The ramp filter in its band-limited spatial form (Kak and Slaney 1988, eq. 3.61).
        """
        count = self.diagonal
        offsets = torch.arange(-count + 1, count, device=y.device)
        odd = offsets % 2 == 1
        ramp = torch.where(odd, -1.0 / (math.pi * offsets.double()) ** 2, 0.0)
        ramp[count - 1] = 0.25
        length = 3 * count
        response = torch.fft.rfft(ramp.to(y), n=length)
        filtered = torch.fft.irfft(torch.fft.rfft(y, n=length) * response, n=length)
        filtered = filtered[..., count - 1 : 2 * count - 1]
        scale = math.radians(turn) / len(self.angles) * self.diagonal**2
        return scale * self.adjoint(filtered)

    def _forward(self, x: torch.Tensor) -> torch.Tensor:
        pixels = x.flatten(-2).flatten(0, -2).T.contiguous()
        bins = torch.cat([views.sums(pixels) for views in self._views()])
        return bins.T.unflatten(0, x.shape[:-2]).unflatten(-1, self.output_size)

    def _adjoint(self, y: torch.Tensor) -> torch.Tensor:
        bins = y.flatten(-2).flatten(0, -2).T.contiguous()
        pixels, start = y.new_zeros(self.input_size[0] * self.input_size[1], bins.shape[1]), 0
        for views in self._views():
            pixels += views.spread(bins[start : start + views.bins])
            start += views.bins
        return pixels.T.unflatten(0, y.shape[:-2]).unflatten(-1, self.input_size)

    def _views(self) -> Iterable["_Views"]:
        """Some angles at a time; kept where all of them together are few."""
        each = 4 * self.diagonal**2
        return self._kept if each * len(self.angles) <= _MOST_KEPT else self._made()

    @cached_property
    def _kept(self) -> list["_Views"]:
        return list(self._made())

    def _made(self) -> Iterator["_Views"]:
        count = max(1, _AT_ONCE // (4 * self.diagonal**2))
        for start in range(0, len(self.angles), count):
            yield self._rays(self.angles[start : start + count])

    def _rays(self, angles: Sequence[float]) -> "_Views":
        """Where the steps of all rays at some angles find their values; outside weighs nothing."""
        height, width = self.input_size
        along, bins = self._grid
        ray = torch.arange(self.diagonal).repeat(self.diagonal)
        pairs, weights = [], []
        for view, angle in enumerate(angles):
            cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            across = bins * cosine + along * sine + (width - 1) / 2
            down = -bins * sine + along * cosine + (height - 1) / 2
            left, top = across.floor(), down.floor()
            for row, column in ((top, left), (top, left + 1), (top + 1, left), (top + 1, left + 1)):
                weight = (1 - (down - row).abs()) * (1 - (across - column).abs())
                inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
                place = (row * width + column)[inside].long()
                pairs.append((view * self.diagonal + ray[inside]) * height * width + place)
                weights.append(weight[inside] / self.diagonal)
        return _Views(torch.cat(pairs), torch.cat(weights), len(angles) * self.diagonal, self)

    @cached_property
    def _grid(self) -> tuple[torch.Tensor, torch.Tensor]:
        places = torch.arange(self.diagonal, dtype=torch.float64) - (self.diagonal - 1) / 2
        along, bins = torch.meshgrid(places, places, indexing="ij")
        return along.flatten(), bins.flatten()


class _Views:
    """The sparse matrix of some views, by rows and by columns.

    pairs: bin * pixels + pixel of each weight; what falls on one pair is added up.
    """

    def __init__(self, pairs: torch.Tensor, weights: torch.Tensor, bins: int, radon: Radon) -> None:
        self.bins, self.pixels = bins, radon.input_size[0] * radon.input_size[1]
        pairs, places = pairs.unique(return_inverse=True)
        weights = torch.zeros(len(pairs), dtype=weights.dtype).index_add(0, places, weights)
        bin_, pixel = pairs // self.pixels, pairs % self.pixels
        order = pixel.argsort(stable=True)
        self._by_bin = pixel, _first_places(bin_, bins), weights
        self._by_pixel = bin_[order], _first_places(pixel[order], self.pixels), weights[order]

    def sums(self, pixels: torch.Tensor) -> torch.Tensor:
        """Values of pixels [pixels, K] -> of bins [bins, K]."""
        return _weighted_sums(pixels, *self._by_bin)

    def spread(self, bins: torch.Tensor) -> torch.Tensor:
        """Values of bins [bins, K] -> of pixels [pixels, K]."""
        return _weighted_sums(bins, *self._by_pixel)


def _first_places(sorted_values: torch.Tensor, count: int) -> torch.Tensor:
    return torch.searchsorted(sorted_values, torch.arange(count))


def _weighted_sums(
    values: torch.Tensor, places: torch.Tensor, starts: torch.Tensor, weights: torch.Tensor
) -> torch.Tensor:
    """Row i: the sum of weights * values[places] from starts[i] up to starts[i + 1]."""
    device = values.device
    return F.embedding_bag(
        places.to(device),
        values,
        starts.to(device),
        mode="sum",
        per_sample_weights=weights.to(values),
    )


def even_angles(count: int, turn: float = 180.0) -> tuple[float, ...]:
    """`count` angles from 0 up to, but not, `turn` degrees. Raises RequestError for none."""
    if count < 1:
        raise RequestError(f"{count} angles measure nothing; choose at least one.")
    return tuple(turn * i / count for i in range(count))


def detector_length(size: Size) -> int:
    """Bins of one pixel that the picture's diagonal takes."""
    return math.ceil(math.hypot(*size))


def square_side(length: int) -> int:
    """The side of the square picture whose detector has `length` bins."""
    return math.floor(length / math.sqrt(2))
