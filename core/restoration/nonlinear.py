"""Degradations that are no matrix: JPEG, exposure and clipping, lost phases."""

import math

import torch
import torch.nn.functional as F

from core.errors import RequestError
from core.restoration.operators import Operator, Size

# The tables of the JPEG standard's Annex K, by rows of increasing vertical frequency.
_LUMINANCE = """
16 11 10 16 24 40 51 61 12 12 14 19 26 58 60 55 14 13 16 24 40 57 69 56 14 17 22 29 51 87 80 62
18 22 37 56 68 109 103 77 24 35 55 64 81 104 113 92 49 64 78 87 103 121 120 101
72 92 95 98 112 100 103 99"""
_CHROMINANCE = """
17 18 24 47 99 99 99 99 18 21 26 66 99 99 99 99 24 26 56 99 99 99 99 99 47 66 99 99 99 99 99 99
99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99"""
_TO_YCC = [
    [0.299, 0.587, 0.114],
    [-0.168735892, -0.331264108, 0.5],
    [0.5, -0.418687589, -0.081312411],
]
_TO_RGB = [[1.0, 0.0, 1.402], [1.0, -0.344136286, -0.714136286], [1.0, 1.772, 0.0]]


class Jpeg(Operator):
    """A picture saved as JPEG at `quality` (1 to 100) and read again, colours at half size.

    The rounding is the true one on the way forward; backward it is taken for the identity, as
    rounding has no derivative of use. x [N, 3, H, W]. Raises RequestError for another quality.
    """

    def __init__(self, size: Size, quality: int) -> None:
        if not 1 <= quality <= 100:
            raise RequestError(f"a JPEG quality of {quality} does not exist; choose 1 to 100.")
        self.input_size = self.output_size = size
        scale = 5000 // quality if quality < 50 else 200 - 2 * quality
        self._tables = [_scaled(table, scale) for table in (_LUMINANCE, _CHROMINANCE)]

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        height, width = self._check(x).shape[-2:]
        whole = _rounded(255 * x.clamp(0, 1))
        padding = (0, -width % 16, 0, -height % 16)
        whole = F.pad(whole, padding, mode="replicate")
        luminance, *colours = _mixed(whole, _TO_YCC).unbind(1)
        luminance = self._through(_rounded(luminance), 0)
        halves = [F.avg_pool2d(_rounded(one + 128)[:, None], 2)[:, 0] for one in colours]
        restored = [self._through(_rounded(half), 1) - 128 for half in halves]
        full = [
            F.interpolate(one[:, None], scale_factor=2, mode="bilinear", align_corners=False)[:, 0]
            for one in restored
        ]
        rgb = _mixed(torch.stack([luminance, *full], dim=1), _TO_RGB)
        return _rounded(rgb.clamp(0, 255))[..., :height, :width] / 255

    def _through(self, plane: torch.Tensor, kind: int) -> torch.Tensor:
        """A plane [N, H, W] on 0 to 255 through the quantised cosine transform and back."""
        table, basis = self._tables[kind].to(plane), _cosines().to(plane)
        blocks = (plane - 128).unfold(1, 8, 8).unfold(2, 8, 8)
        kept = _rounded(basis @ blocks @ basis.T / table) * table
        back = (basis.T @ kept @ basis).transpose(2, 3).flatten(3, 4).flatten(1, 2)
        return _rounded((back + 128).clamp(0, 255))


class Exposure(Operator):
    """Too bright, clipped, and encoded: y = clip(gain x, 0, 1)^(1 / gamma).

    gain, gamma: above 0. Below 0.001 the power is continued by a straight line, whose slope is
    finite. Raises RequestError outside those ranges.
    """

    TOE = 1e-3

    def __init__(self, size: Size, gain: float = 1.0, gamma: float = 1.0) -> None:
        if not (math.isfinite(gain) and gain > 0 and math.isfinite(gamma) and gamma > 0):
            raise RequestError(f"gain {gain} and gamma {gamma}: choose both above 0.")
        self.input_size = self.output_size = size
        self.gain, self.gamma = gain, gamma

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        light = (self.gain * self._check(x)).clamp(0, 1)
        slope = self.TOE ** (1 / self.gamma - 1)
        curve = light.clamp_min(self.TOE) ** (1 / self.gamma)
        return torch.where(light < self.TOE, slope * light, curve)


class PhaseRetrieval(Operator):
    """y = |F(x padded with zeros)|: the magnitudes of a Fourier transform without its phases.

    oversampling: how many times longer the padded sides are, at least 1; 2 is what makes the
    problem solvable in principle. The transform keeps the energy (orthonormal); y [N, C, h, w] is
    not on a scale of 0 to 1.
    """

    def __init__(self, size: Size, oversampling: float = 2.0) -> None:
        if not (math.isfinite(oversampling) and oversampling >= 1):
            raise RequestError(f"oversampling is {oversampling}; choose 1 or more.")
        self.input_size = size
        self.output_size = (round(size[0] * oversampling), round(size[1] * oversampling))

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        return torch.fft.fft2(self._check(x), s=self.output_size, norm="ortho").abs()


def _rounded(x: torch.Tensor) -> torch.Tensor:
    return x + (x.round() - x).detach()


def _mixed(x: torch.Tensor, matrix: list[list[float]]) -> torch.Tensor:
    """Channels of x [N, 3, H, W] mixed by a 3 x 3 matrix."""
    return torch.einsum("ij,njhw->nihw", torch.tensor(matrix).to(x), x)


def _scaled(table: str, scale: int) -> torch.Tensor:
    """The quantisation steps [8, 8] that libjpeg makes of a standard table."""
    steps = torch.tensor([int(word) for word in table.split()]).reshape(8, 8)
    return ((steps * scale + 50) // 100).clamp(1, 255).double()


def _cosines() -> torch.Tensor:
    """The orthonormal basis of the eight-point cosine transform, [frequency, place]."""
    k = torch.arange(8, dtype=torch.float64)
    basis = torch.cos(math.pi / 8 * k[:, None] * (k[None] + 0.5)) / 2
    basis[0] /= math.sqrt(2)
    return basis
