"""Parallel-beam tomography: the Radon transform, its exact adjoint, filtered back projection.

A ray runs through the picture at unit steps; at each step it takes the value between the four
pixels around it. The same four places and weights, read the other way round, are the adjoint.
"""

import math
from collections.abc import Iterator, Sequence
from functools import cached_property

import torch

from core.errors import RequestError
from core.restoration.operators import LinearOperator, Size


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
        flat = x.flatten(-2)
        views = [
            sum(weight * flat[..., place] for place, weight in corners) for corners in self._rays(x)
        ]
        sums = [torch.as_tensor(view).unflatten(-1, (self.diagonal,) * 2).sum(-2) for view in views]
        return torch.stack(sums, dim=-2) / self.diagonal

    def _adjoint(self, y: torch.Tensor) -> torch.Tensor:
        flat = y.new_zeros(*y.shape[:-2], self.input_size[0] * self.input_size[1])
        for row, corners in zip(y.unbind(-2), self._rays(y), strict=True):
            along = row[..., None, :].expand(*row.shape[:-1], self.diagonal, -1).flatten(-2)
            for place, weight in corners:
                flat.index_add_(-1, place, weight * along)
        return flat.unflatten(-1, self.input_size) / self.diagonal

    def _rays(self, like: torch.Tensor) -> Iterator[list[tuple[torch.Tensor, torch.Tensor]]]:
        """For each angle the four corners of every step of every ray: place and weight.

        Both [diagonal * diagonal], steps before bins; a corner outside the picture weighs nothing.
        """
        height, width = self.input_size
        along, bins = self._grid
        for angle in self.angles:
            cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            across = bins * cosine + along * sine + (width - 1) / 2
            down = -bins * sine + along * cosine + (height - 1) / 2
            left, top = across.floor(), down.floor()
            corners = []
            for i in (0, 1):
                for j in (0, 1):
                    row, column = top + i, left + j
                    weight = (1 - (down - row).abs()) * (1 - (across - column).abs())
                    inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
                    place = (row * width + column).where(inside, 0.0).long().to(like.device)
                    corners.append((place, weight.where(inside, 0.0).to(like)))
            yield corners

    @cached_property
    def _grid(self) -> tuple[torch.Tensor, torch.Tensor]:
        places = torch.arange(self.diagonal, dtype=torch.float64) - (self.diagonal - 1) / 2
        along, bins = torch.meshgrid(places, places, indexing="ij")
        return along.flatten(), bins.flatten()


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
