"""What is known of the picture: an operator, what it gave, and how noisy that is."""

from dataclasses import dataclass

import torch

from core.restoration.operators import LinearOperator, Operator

_DECADES = (-7.0, 4.0)
_HALVINGS = 16


@dataclass(frozen=True, eq=False)
class Measurement:
    """y = A(picture) + noise, on the picture's scale of 0 to 1.

    y: [N or 1, C, h, w]. noise: standard deviation, at least 0 (0 = exact data).
    """

    operator: Operator
    y: torch.Tensor
    noise: float

    def residual(self, picture: torch.Tensor) -> torch.Tensor:
        """y - A(picture) [N, C, h, w], 0 where nothing was measured; differentiable."""
        return self.operator.measured(self.y - self.operator(picture))

    def distance(self, picture: torch.Tensor) -> torch.Tensor:
        """|y - A(picture)|, the Euclidean norm of each item [N]."""
        return self.residual(picture).flatten(1).norm(dim=1)


@torch.no_grad()
def fit(picture: torch.Tensor, measurement: Measurement) -> torch.Tensor:
    """The data-consistency finish: the least change after which the measurement is explained.

        x <- x + A^T (A A^T + l I)^-1 (y - A x)

    with the largest l for which |y - A x| is the noise's expected norm, sqrt(count) * noise
    (Morozov's discrepancy principle); this x is the nearest to `picture` that has such a residual.
    picture [N, C, H, W] on 0 to 1. An item whose residual is no larger is left as it is, and all
    are under an operator that is not linear.
    """
    operator = measurement.operator
    if not isinstance(operator, LinearOperator):
        return picture
    goal = measurement.noise * operator.count(measurement.y[:1]) ** 0.5
    fitted = []
    for one, residual in zip(picture.split(1), measurement.residual(picture).split(1), strict=True):
        if float(residual.norm()) > goal:
            one = one + operator.adjoint(_explained(operator, residual, goal))
        fitted.append(one)
    return torch.cat(fitted)


def _explained(operator: LinearOperator, residual: torch.Tensor, goal: float) -> torch.Tensor:
    """(A A^T + l I)^-1 residual for the largest l that leaves no more than `goal` of it."""
    if goal == 0.0:
        return operator.solve(residual)
    low, high = _DECADES
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        left = 10**middle * operator.solve(residual, identity=10**middle)
        low, high = (middle, high) if float(left.norm()) <= goal else (low, middle)
    return operator.solve(residual, identity=10**low)
