"""The one equation. Every method is a walk of this step along a Gaussian path.

    x_s = alpha_s * x0 + sqrt(sigma_s^2 - c^2) * eps + c * z     (DDIM, Song et al. 2021, eq. 12)

x0 and eps are what the denoiser believes of x_t; z is fresh noise.

- c = 0 is DDIM, the Euler step of the probability-flow ODE, and on a straight path the Euler step
  of a rectified flow. With s noisier than t it is DDIM inversion.
- c = `ancestral_scale(t, s)` is DDPM's ancestral sampling; eta times it is all between.
- Solved for z it tells which noise leads from x_t to a given x_s (`noise_between`): the code of
  CycleDiffusion's DPM-Encoder and of edit-friendly inversion.
"""

import math

import torch

from core.sampling.path import Path


def step(
    path: Path,
    x0: torch.Tensor,
    eps: torch.Tensor,
    s: float,
    *,
    c: float = 0.0,
    z: torch.Tensor | None = None,
) -> torch.Tensor:
    """Move to label `s`. All tensors of one shape; 0 <= c <= sigma_s; `z` is needed when c > 0."""
    alpha, sigma = path.alpha(s), path.sigma(s)
    x = alpha * x0 + math.sqrt(max(sigma**2 - c**2, 0.0)) * eps
    if c == 0.0:
        return x
    if z is None:
        raise ValueError("a step with c > 0 needs the noise z")
    return x + c * z


def ancestral_scale(path: Path, t: float, s: float) -> float:
    """Standard deviation c of q(x_s | x_t, x0), s less noisy than t (DDPM, eq. 7; beta-tilde).

    c^2 = (sigma_t^2 - (alpha_t / alpha_s)^2 sigma_s^2) sigma_s^2 / sigma_t^2.
    """
    sigma_s, sigma_t = path.sigma(s), path.sigma(t)
    if sigma_s == 0.0:
        return 0.0
    return math.sqrt(forward_variance(path, t, s)) * sigma_s / sigma_t


def forward_variance(path: Path, t: float, s: float) -> float:
    """Variance of q(x_t | x_s), s less noisy than t: DDPM's beta_t when t = s + 1."""
    kept = path.alpha(t) / path.alpha(s)
    return max(path.sigma(t) ** 2 - (kept * path.sigma(s)) ** 2, 0.0)


def noise_between(
    path: Path, x0: torch.Tensor, eps: torch.Tensor, x_s: torch.Tensor, s: float, c: float
) -> torch.Tensor:
    """The z with which `step` lands on `x_s` (CycleDiffusion, Algorithm 1). ValueError if c = 0."""
    if c <= 0.0:
        raise ValueError("with c = 0 no noise leads to another place")
    return (x_s - step(path, x0, eps, s, c=c, z=torch.zeros_like(x0))) / c
