"""Edit-friendly inversion: every noisy picture drawn on its own, the noise of the steps solved for.

Huberman-Spiegelglas et al. 2024, Algorithm 1 and eqs. 5 to 7: x_t = alpha_t x0 + sigma_t eps_t with
independent eps_t for every t. The noises between such points are larger than a sampler's and hold
more of the picture, so that an edit keeps its layout. With the last step encoded the picture comes
back exactly.
"""

from collections.abc import Generator, Sequence

import torch

from core.inversion.code import Code
from core.inversion.dpm_encoder import constrained, extract
from core.sampling.denoiser import Denoiser
from core.sampling.noise import Noise, fresh_noise
from core.sampling.path import Path, noised
from core.sampling.solvers import Constraint, State


def encode(
    denoise: Denoiser,
    path: Path,
    x0: torch.Tensor,
    timesteps: Sequence[float],
    *,
    eta: float = 1.0,
    generator: torch.Generator | Noise | None = None,
    constraint: Constraint | None = None,
    known: Code | None = None,
) -> Generator[State, None, Code]:
    """Encode x0 [N, ...] along `timesteps`, noisy to clean. Yield a state per step.

    The noise is drawn from the cleanest label up, so that a longer way contains the shorter one
    from the same generator: `known`, whose noises are not solved for again. constraint: what
    becomes of the drawn points.
    """
    points = {timesteps[-1]: x0}
    for t in reversed(timesteps[:-1]):
        points[t] = noised(path, x0, fresh_noise(x0, generator), t)
    points = constrained(points, path, constraint)
    noises = known.noises if known else {}
    return (yield from extract(denoise, path, timesteps, points, eta, noises))
