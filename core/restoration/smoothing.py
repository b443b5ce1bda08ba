"""The smooth picture that explains a measurement: where a short walk may begin."""

import torch

from core.restoration.conjugate_gradients import conjugate_gradients
from core.restoration.measurement import Measurement
from core.restoration.operators import LinearOperator

TYPICAL_STEP = 0.2
"""Standard deviation that is taken for the difference of two neighbours, on a scale of 0 to 1."""
LEAST_NOISE = 0.005


@torch.no_grad()
def smooth_estimate(measurement: Measurement) -> torch.Tensor:
    """The picture [N, C, H, W] with the least |y - A x|^2 / noise^2 + |grad x|^2 / step^2.

    It is the most likely one if neighbours differed by independent Gaussian steps: Tikhonov's
    regularisation by differences, solved by conjugate gradients. A noise below `LEAST_NOISE` is
    taken for that. Raises TypeError for an operator that is not linear.
    """
    operator = measurement.operator
    if not isinstance(operator, LinearOperator):
        raise TypeError("only a linear operator has a smooth estimate")
    weight = (max(measurement.noise, LEAST_NOISE) / TYPICAL_STEP) ** 2
    y = operator.measured(measurement.y)
    return conjugate_gradients(
        lambda x: operator.adjoint(operator.measured(operator(x))) + weight * roughness(x),
        operator.adjoint(y),
    )


def roughness(x: torch.Tensor) -> torch.Tensor:
    """D^T D x, with D the differences of neighbours along rows and columns of [..., H, W]."""
    result = torch.zeros_like(x)
    for dim in (-2, -1):
        difference = x.diff(dim=dim)
        size = x.shape[dim]
        result.narrow(dim, 1, size - 1).add_(difference)
        result.narrow(dim, 0, size - 1).sub_(difference)
    return result
