"""Velocities on the straight path x = (1 - sigma) x0 + sigma eps of a rectified flow.

Liu et al. 2023, eq. 1: the velocity is dx / dsigma = eps - x0, and a step of it is `step` with the
x0 and eps at the two ends of the line through x with that velocity.
"""

import torch

from core.sampling.denoiser import Denoised
from core.sampling.path import Path


def velocity(found: Denoised) -> torch.Tensor:
    """eps - x0."""
    return found.eps - found.x0


def line(path: Path, x: torch.Tensor, t: float, velocity: torch.Tensor) -> Denoised:
    """The ends of the straight line through x at label t with a velocity."""
    return Denoised(x0=x - path.sigma(t) * velocity, eps=x + path.alpha(t) * velocity)
