"""Blur by any kernel: camera shake, defocus, a kernel drawn or measured."""

import math
from functools import cached_property
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import RequestError
from core.restoration.operators import LinearOperator, Map, Size
from core.restoration.separable import mirrored

Border = Literal["mirror", "circular"]


class Convolution(LinearOperator):
    """Convolution with one kernel [kh, kw], whose centre is kernel[kh // 2, kw // 2].

    border: "mirror" continues the picture by its mirror image, so that nothing rings; "circular"
    joins opposite edges and is diagonal in the Fourier basis. Both are computed by the FFT on the
    picture as far as it is continued. `solve` is in closed form for "circular" and by conjugate
    gradients for "mirror", preconditioned with the former.

    The kernel is made to sum to one. Raises RequestError if it is empty, not finite, sums to zero
    or is larger than the picture.
    """

    def __init__(self, size: Size, kernel: torch.Tensor, border: Border = "mirror") -> None:
        self.kernel = _checked(kernel, size)
        self.border = border
        self.input_size = self.output_size = size

    def _forward(self, x: torch.Tensor) -> torch.Tensor:
        rows, columns = (places.to(x.device) for places in self._continued)
        wide = x[..., rows, :][..., columns]
        filtered = self._filter(wide, self._response.to(wide.device))
        return filtered[..., self.kernel.shape[0] - 1 :, self.kernel.shape[1] - 1 :]

    def _adjoint(self, y: torch.Tensor) -> torch.Tensor:
        rows, columns = (places.to(y.device) for places in self._continued)
        wide = y.new_zeros(*y.shape[:-2], len(rows), len(columns))
        wide[..., self.kernel.shape[0] - 1 :, self.kernel.shape[1] - 1 :] = y
        spread = self._filter(wide, self._response.conj().to(wide.device))
        height, width = self.input_size
        folded = y.new_zeros(*y.shape[:-2], height, len(columns)).index_add(-2, rows, spread)
        return y.new_zeros(*y.shape[:-1][:-1], height, width).index_add(-1, columns, folded)

    def solve(self, y: torch.Tensor, gram: float = 1.0, identity: float = 0.0) -> torch.Tensor:
        if self.border == "mirror":
            return super().solve(y, gram, identity)
        power = gram * self._power
        if identity == 0.0:
            kept = power > (1e-10 if y.dtype == torch.float64 else 1e-6) * power.max()
            inverse = torch.where(kept, 1.0 / power.clamp_min(1e-300), 0.0)
        else:
            inverse = 1.0 / (power + identity)
        return self._filter(y, inverse.to(y))

    def _preconditioner(self, gram: float, identity: float) -> Map:
        power = gram * self._power
        inverse = 1.0 / (power + max(identity, 1e-4 * float(power.max())))
        return lambda y: self._filter(y, inverse.to(y))

    @staticmethod
    def _filter(x: torch.Tensor, response: torch.Tensor) -> torch.Tensor:
        if response.is_complex() and x.dtype != torch.float64:
            response = response.to(torch.complex64)
        return torch.fft.irfft2(torch.fft.rfft2(x) * response, s=x.shape[-2:])

    @cached_property
    def _continued(self) -> tuple[torch.Tensor, torch.Tensor]:
        """For each row and column of the continued picture, the one of the picture it repeats."""
        found = []
        for side, length in zip(self.input_size, self.kernel.shape, strict=True):
            places = torch.arange(length // 2 - length + 1, side + length // 2)
            found.append(places % side if self.border == "circular" else mirrored(places, side))
        return found[0], found[1]

    @cached_property
    def _response(self) -> torch.Tensor:
        """The kernel's transform at the continued picture's size."""
        shape = [s + k - 1 for s, k in zip(self.input_size, self.kernel.shape, strict=True)]
        return torch.fft.rfft2(self.kernel, s=shape)

    @cached_property
    def _power(self) -> torch.Tensor:
        """Squared magnitude of the kernel's transform at the picture's own size."""
        return torch.fft.rfft2(self.kernel, s=self.input_size).abs().square()


def motion_kernel(length: float, angle: float) -> torch.Tensor:
    """The kernel of a straight, even movement, float64, odd sides, sum 1.

    length: pixels from one end to the other, at least 1. angle: degrees from the horizontal,
    counter-clockwise; 180 more is the same. Raises RequestError outside that.
    """
    if not (math.isfinite(length) and length >= 1 and math.isfinite(angle)):
        raise RequestError(
            f"a movement of {length} pixels at {angle} degrees is none; choose a length of 1 or "
            "more and any angle."
        )
    reach = math.ceil((length - 1) / 2)
    kernel = torch.zeros(2 * reach + 3, 2 * reach + 3, dtype=torch.float64)
    along = torch.linspace(-0.5, 0.5, 16 * math.ceil(length) + 1, dtype=torch.float64)
    along = along * (length - 1)
    down = reach + 1 - along * math.sin(math.radians(angle))
    across = reach + 1 + along * math.cos(math.radians(angle))
    top, left = down.floor().long(), across.floor().long()
    for i in (0, 1):
        for j in (0, 1):
            weight = (1 - (down - top - i).abs()) * (1 - (across - left - j).abs())
            kernel.index_put_((top + i, left + j), weight, accumulate=True)
    return kernel[1:-1, 1:-1] / kernel[1:-1, 1:-1].sum()


def kernel_from_array(values: NDArray[np.generic]) -> torch.Tensor:
    """A kernel [kh, kw] from a grey or RGB array (the mean of its channels), float64, sum 1.

    Raises RequestError if it is empty, not finite or sums to zero.
    """
    kernel = torch.from_numpy(np.array(values, dtype=np.float64))
    return _checked(kernel.mean(dim=2) if kernel.ndim == 3 else kernel, None)


def _checked(kernel: torch.Tensor, size: Size | None) -> torch.Tensor:
    if kernel.ndim != 2 or not kernel.numel():
        raise RequestError(f"a kernel of shape {tuple(kernel.shape)} is none; give rows x columns.")
    kernel = kernel.detach().cpu().double()
    total = kernel.sum()
    if not torch.isfinite(kernel).all() or total.abs() <= 1e-9 * kernel.abs().sum():
        raise RequestError("the kernel sums to zero or is not finite; draw it white on black.")
    if size is not None and (kernel.shape[0] > size[0] or kernel.shape[1] > size[1]):
        raise RequestError(
            f"the kernel is {kernel.shape[1]} x {kernel.shape[0]} pixels and the picture "
            f"{size[1]} x {size[0]}; choose a smaller kernel."
        )
    return kernel / total
