"""The code of a picture: what its way into noise leaves behind, and the walk back along it.

A deterministic inversion leaves the points of the way, a stochastic one also the noise of every
step (Wu and De la Torre 2023, CycleDiffusion; Huberman-Spiegelglas et al. 2024). Decoded under the
prompt that it was encoded with, a code gives the picture; under another, the edit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import torch

from core.sampling.denoiser import Denoised, Denoiser
from core.sampling.path import Path
from core.sampling.solvers import Constraint, State, finite, state
from core.sampling.step import ancestral_scale, step


@dataclass(frozen=True, eq=False)
class Code:
    """A picture's way along `timesteps`, noisy to clean.

    points: x at each label. noises: z of the step that starts at a label, none for an ODE.
    eta: the share of `ancestral_scale` that the noises are scaled by.
    nulls: the empty prompt's text state for the step that starts at a label, if it was optimised.
    """

    timesteps: Sequence[float]
    points: Mapping[float, torch.Tensor]
    noises: Mapping[float, torch.Tensor] = field(default_factory=dict)
    eta: float = 0.0
    nulls: Mapping[float, torch.Tensor] = field(default_factory=dict)

    @property
    def start(self) -> torch.Tensor:
        """x at the noisy end."""
        return self.points[self.timesteps[0]]

    def step(self, path: Path, found: Denoised, t: float, s: float) -> torch.Tensor:
        """The step from t to s with the code's own noise."""
        z = self.noises.get(t)
        c = 0.0 if z is None else noise_scale(path, t, s, self.eta)
        return step(path, found.x0, found.eps, s, c=c, z=z)


def noise_scale(path: Path, t: float, s: float, eta: float) -> float:
    """c of a coded step: eta times the ancestral one; 1 where that is 0.

    The last step has no room for noise (sigma_s = 0), but the picture still differs from x0: there
    z is that difference itself, so that the code leads back exactly.
    """
    return eta * ancestral_scale(path, t, s) or 1.0


@torch.no_grad()
def follow(
    denoise: Denoiser, path: Path, code: Code, constraint: Constraint | None = None
) -> Iterator[State]:
    """Decode: walk the code down under any denoiser."""
    x = code.start
    for index, (t, s) in enumerate(pairwise(code.timesteps)):
        found = denoise(x, t)
        x = finite(code.step(path, found, t, s), t)
        x = x if constraint is None else constraint(x, s)
        yield state(index, code.timesteps, x, found)
