"""Conjugate gradients for symmetric positive operators (Hestenes and Stiefel 1952)."""

from collections.abc import Callable

import torch

Map = Callable[[torch.Tensor], torch.Tensor]

MOST_ITERATIONS = 500


@torch.no_grad()
def conjugate_gradients(
    apply: Map,
    b: torch.Tensor,
    precondition: Map | None = None,
    *,
    tolerance: float | None = None,
    most: int = MOST_ITERATIONS,
) -> torch.Tensor:
    """x with apply(x) = b, for each of the N systems in b [N, ...] by itself.

    apply: symmetric and positive semi-definite; where it is singular, x stays in its range.
    precondition: an approximate inverse, symmetric and positive.
    tolerance: |b - apply(x)| / |b| to reach; by default 1e-5 in float32 and 1e-10 in float64.
    most: iterations after which the best x so far is returned.
    """
    if tolerance is None:
        tolerance = 1e-10 if b.dtype == torch.float64 else 1e-5
    tiny = torch.finfo(b.dtype).tiny
    x, residual = torch.zeros_like(b), b.clone()
    direction = precondition(residual) if precondition else residual
    agreement = _inner(residual, direction)
    goal = tolerance**2 * _inner(b, b)
    best, least = x, _inner(residual, residual)
    for _ in range(most):
        left = _inner(residual, residual) > goal
        if not left.any():
            break
        image = apply(direction)
        curvature = _inner(direction, image)
        length = torch.where(left & (curvature > 0), agreement / curvature.clamp_min(tiny), 0.0)
        x = x + length * direction
        residual = residual - length * image
        squared = _inner(residual, residual)
        better = squared < least
        best, least = torch.where(better, x, best), torch.where(better, squared, least)
        steep = precondition(residual) if precondition else residual
        renewed = _inner(residual, steep)
        ratio = torch.where(left, renewed / agreement.clamp_min(tiny), 0.0)
        direction, agreement = steep + ratio * direction, renewed
    return best


def _inner(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """<a, b> of each item, [N, 1, ...], in double precision where the device has it."""
    wide = torch.float32 if a.device.type == "mps" else torch.float64
    sums = (a.to(wide) * b.to(wide)).flatten(1).sum(dim=1)
    return sums.to(a.dtype).reshape(-1, *[1] * (a.ndim - 1))
