"""Velocities on the straight path x = (1 - sigma) x0 + sigma eps of a rectified flow.

Liu et al. 2023, eq. 1: the velocity is dx / dsigma = eps - x0, and a step of it is `step` with the
x0 and eps at the two ends of the line through x with that velocity.
"""

import torch

from core.errors import RequestError
from core.models.latent_model import LatentModel
from core.sampling.denoiser import Denoised
from core.sampling.path import Path


def velocity(found: Denoised) -> torch.Tensor:
    """eps - x0."""
    return found.eps - found.x0


def line(path: Path, x: torch.Tensor, t: float, velocity: torch.Tensor) -> Denoised:
    """The ends of the straight line through x at label t with a velocity."""
    return Denoised(x0=x - path.sigma(t) * velocity, eps=x + path.alpha(t) * velocity)


def require_flow(model: LatentModel, method: str, instead: str) -> None:
    """Raise RequestError, naming the method to use `instead`, unless the model is a flow."""
    if model.prediction != "flow":
        raise RequestError(
            f"{method} needs a rectified-flow model and {model.name or 'this model'} predicts "
            f"{model.prediction.replace('_', ' ')}; choose the method {instead}, or a flow model."
        )
