"""Operators that treat rows and columns alike: Gaussian blur, smaller sizes, a frame.

y = R x C^T with R [h, H] and C [w, W], both small. With the eigenvectors of R R^T and C C^T the
matrix gram A A^T + identity I is diagonal, so it is solved in closed form; and two such operators
in a row are one again.
"""

import math
from functools import cached_property

import torch

from core.errors import RequestError
from core.restoration.operators import LinearOperator, Size

# A Gaussian beyond four standard deviations holds 6e-5 of its weight.
TRUNCATE = 4.0
_NOTHING = {torch.float64: 1e-10}


class Separable(LinearOperator):
    """rows: R [h, H], columns: C [w, W], both float64."""

    def __init__(self, rows: torch.Tensor, columns: torch.Tensor) -> None:
        self.rows, self.columns = rows.double(), columns.double()
        self.input_size = rows.shape[1], columns.shape[1]
        self.output_size = rows.shape[0], columns.shape[0]
        self.orthonormal = _has_orthonormal_rows(self.rows) and _has_orthonormal_rows(self.columns)

    def then(self, other: "Separable") -> "Separable":
        """This operator and then `other`, as one."""
        return Separable(other.rows @ self.rows, other.columns @ self.columns)

    def solve(self, y: torch.Tensor, gram: float = 1.0, identity: float = 0.0) -> torch.Tensor:
        """As the base, in closed form; with identity = 0 what A A^T all but loses is left out."""
        (vertical, down), (horizontal, across) = self._spectrum
        vertical, horizontal = vertical.to(y), horizontal.to(y)
        values = gram * torch.outer(down, across)
        if identity == 0.0:
            lost = values <= _NOTHING.get(y.dtype, 1e-6) * values.max()
            inverse = torch.where(lost, 0.0, 1.0 / values.clamp_min(1e-300))
        else:
            inverse = 1.0 / (values + identity)
        return vertical @ ((vertical.T @ y @ horizontal) * inverse.to(y)) @ horizontal.T

    def _forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.rows.to(x) @ x @ self.columns.to(x).T

    def _adjoint(self, y: torch.Tensor) -> torch.Tensor:
        return self.rows.to(y).T @ y @ self.columns.to(y)

    @cached_property
    def _spectrum(self) -> tuple[tuple[torch.Tensor, torch.Tensor], ...]:
        """Eigenvectors and eigenvalues of R R^T and of C C^T."""
        found = []
        for matrix in (self.rows, self.columns):
            values, vectors = torch.linalg.eigh(matrix @ matrix.T)
            found.append((vectors, values.clamp_min(0.0)))
        return tuple(found)


def gaussian_blur(size: Size, sigma: float) -> Separable:
    """Blur by a Gaussian of standard deviation `sigma` pixels, mirrored at the borders.

    Raises RequestError if sigma is not positive or the blur is wider than the picture.
    """
    if not (math.isfinite(sigma) and sigma > 0):
        raise RequestError(f"the blur's sigma is {sigma}; choose a width above 0 pixels.")
    radius = max(1, math.ceil(TRUNCATE * sigma))
    if 2 * radius + 1 > min(size):
        raise RequestError(
            f"a blur of sigma {sigma:g} spans {2 * radius + 1} pixels and the picture has "
            f"{min(size)} on a side; choose a smaller sigma or a larger picture."
        )
    offsets = torch.arange(-radius, radius + 1)
    weights = torch.exp(-0.5 * (offsets.double() / sigma) ** 2)
    weights /= weights.sum()
    height, width = size
    return Separable(_mirrored_blur(weights, height), _mirrored_blur(weights, width))


def box_downsampling(size: Size, factor: int) -> Separable:
    """Each `factor` x `factor` pixels become their mean. Raises RequestError if it does not fit."""
    height, width = _divided(size, factor)
    one = torch.full((1, factor), 1.0 / factor, dtype=torch.float64)
    return Separable(
        torch.kron(torch.eye(height).double(), one), torch.kron(torch.eye(width).double(), one)
    )


def bicubic_downsampling(size: Size, factor: int) -> Separable:
    """Smaller by `factor` with the cubic kernel widened as much, so that nothing aliases.

    Keys 1981 with a = -1/2; beyond the border the kernel is cut and its weights are made to sum
    to one, as Pillow does. Raises RequestError if the factor does not divide the size.
    """
    height, width = _divided(size, factor)
    return Separable(_bicubic(height, factor), _bicubic(width, factor))


def enlarged(size: Size, factor: int) -> Separable:
    """Smaller by `factor` as by `bicubic_downsampling`, and by cubic interpolation as large again.

    Raises RequestError if the factor does not divide the size.
    """
    small = bicubic_downsampling(size, factor)
    height, width = small.output_size
    return small.then(Separable(_interpolated(height, factor), _interpolated(width, factor)))


def frame(inner: Size, top: int, right: int, bottom: int, left: int) -> Separable:
    """Cut (h, w) = `inner` out of a picture that reaches beyond it by the given pixels.

    Raises RequestError for a negative margin.
    """
    if min(top, right, bottom, left) < 0:
        raise RequestError("a margin is negative; choose 0 or more pixels on every side.")
    height, width = inner
    rows = torch.zeros(height, top + height + bottom, dtype=torch.float64)
    columns = torch.zeros(width, left + width + right, dtype=torch.float64)
    rows[:, top : top + height] = torch.eye(height)
    columns[:, left : left + width] = torch.eye(width)
    return Separable(rows, columns)


def mirrored(places: torch.Tensor, side: int) -> torch.Tensor:
    """Indices of any size -> [0, side), the picture mirrored at its edges: b a | a b c | c b."""
    places = places % (2 * side)
    return torch.where(places < side, places, 2 * side - 1 - places)


def _mirrored_blur(weights: torch.Tensor, side: int) -> torch.Tensor:
    radius = len(weights) // 2
    matrix = torch.zeros(side, side, dtype=torch.float64)
    here = torch.arange(side)
    for weight, offset in zip(weights, range(-radius, radius + 1), strict=True):
        matrix[here, mirrored(here + offset, side)] += weight
    return matrix


def _bicubic(count: int, factor: int) -> torch.Tensor:
    """[count, count * factor] of the widened cubic's weights."""
    weights = _cubic(count, factor)
    return weights / weights.sum(dim=1, keepdim=True)


def _interpolated(count: int, factor: int) -> torch.Tensor:
    """[count * factor, count] of the cubic's weights between `count` pixels."""
    weights = _cubic(count, factor).T
    return weights / weights.sum(dim=1, keepdim=True)


def _cubic(count: int, factor: int) -> torch.Tensor:
    """Keys's cubic [count, count * factor] around each of `count` pixels, `factor` wide each."""
    centres = (torch.arange(count, dtype=torch.float64) + 0.5) * factor - 0.5
    places = torch.arange(count * factor, dtype=torch.float64)
    d = ((places[None] - centres[:, None]) / factor).abs()
    near = 1.5 * d**3 - 2.5 * d**2 + 1
    far = -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2
    return torch.where(d <= 1, near, torch.where(d < 2, far, 0.0))


def _divided(size: Size, factor: int) -> Size:
    height, width = size
    if factor < 1:
        raise RequestError(f"the scale is {factor}; choose 2 to 16.")
    if height % factor or width % factor:
        raise RequestError(
            f"a scale of {factor} does not divide {width} x {height} pixels; crop the picture to "
            f"{width // factor * factor} x {height // factor * factor} or choose another scale."
        )
    return height // factor, width // factor


def _has_orthonormal_rows(matrix: torch.Tensor) -> bool:
    if len(matrix) > matrix.shape[1]:
        return False
    return torch.allclose(matrix @ matrix.T, torch.eye(len(matrix)).double(), atol=1e-12)
