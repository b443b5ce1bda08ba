"""DPM-Encoder: a picture as noise, z = (x_T, eps_T, ..., eps_1).

Wu and De la Torre 2023 (CycleDiffusion), Algorithm 1 and eq. 6: a way from noise to the picture is
drawn from the posterior, x_s ~ q(x_s | x_t, x0), and the noise of every step is what the network's
own step would have needed, eps = (x_s - mu(x_t)) / c. The last step is encoded too (`noise_scale`),
so that decoding under the same prompt gives the picture back to float error.
"""

from collections.abc import Generator, Mapping, Sequence
from itertools import pairwise

import torch

from core.inversion.code import Code, noise_scale
from core.sampling.denoiser import Denoiser
from core.sampling.noise import Noise, fresh_noise
from core.sampling.path import Path, noised
from core.sampling.solvers import Constraint, State, finite, state
from core.sampling.step import ancestral_scale, noise_between, step


def encode(
    denoise: Denoiser,
    path: Path,
    x0: torch.Tensor,
    timesteps: Sequence[float],
    *,
    eta: float = 0.1,
    generator: torch.Generator | Noise | None = None,
    constraint: Constraint | None = None,
) -> Generator[State, None, Code]:
    """Encode x0 [N, ...] along `timesteps`, noisy to clean; 0 < eta <= 1. Yield a state per step.

    constraint: what becomes of the drawn points, before their noises are solved for. Raises
    ValueError at eta 0, where the steps have no noise to encode with.
    """
    if eta <= 0.0:
        raise ValueError("a code needs steps with noise; eta must be above 0")
    points = constrained(draw_way(path, x0, timesteps, eta, generator), path, constraint)
    return (yield from extract(denoise, path, timesteps, points, eta))


@torch.no_grad()
def draw_way(
    path: Path,
    x0: torch.Tensor,
    timesteps: Sequence[float],
    eta: float,
    generator: torch.Generator | Noise | None,
) -> dict[float, torch.Tensor]:
    """x at every label: noise at the first, then step by step from the posterior of x0."""
    x = noised(path, x0, fresh_noise(x0, generator), timesteps[0])
    points = {timesteps[0]: x}
    for t, s in pairwise(timesteps):
        eps = (x - path.alpha(t) * x0) / path.sigma(t)
        c = eta * ancestral_scale(path, t, s)
        x = step(path, x0, eps, s, c=c, z=fresh_noise(x0, generator)) if s != path.clean else x0
        points[s] = x
    return points


def constrained(
    points: Mapping[float, torch.Tensor], path: Path, constraint: Constraint | None
) -> Mapping[float, torch.Tensor]:
    """The points under a constraint; the picture itself, at the clean end, stays what it is."""
    if constraint is None:
        return points
    return {t: x if t == path.clean else constraint(x, t) for t, x in points.items()}


@torch.no_grad()
def extract(
    denoise: Denoiser,
    path: Path,
    timesteps: Sequence[float],
    points: Mapping[float, torch.Tensor],
    eta: float,
    known: Mapping[float, torch.Tensor] | None = None,
) -> Generator[State, None, Code]:
    """The noises that lead the denoiser's own steps along `points`, whatever these are.

    known: the noises of some steps, which are not solved for again.
    """
    noises = dict(known or {})
    for index, (t, s) in enumerate(pairwise(timesteps)):
        if t in noises:
            continue
        found = denoise(points[t], t)
        c = noise_scale(path, t, s, eta)
        noises[t] = finite(noise_between(path, found.x0, found.eps, points[s], s, c), t)
        yield state(index, timesteps, points[s], found, "invert")
    return Code(timesteps, dict(points), noises, eta)
