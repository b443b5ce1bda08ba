"""The Gaussian path x_t = alpha_t * x0 + sigma_t * eps, from clean (alpha = 1) to noise.

A time label `t` is what the network is told. `alpha(t)` and `sigma(t)` are Python floats, so that
the arithmetic around the network is done in double precision. Every path has a clean end, the label
`clean`, which lies beyond the least noisy label.

Sources: Ho et al. 2020 (DDPM), eq. 4; Song et al. 2021 (score SDE), eq. 11 for the
variance-preserving path; Liu et al. 2023 (rectified flow), eq. 1, for the straight one.
"""

import math
from dataclasses import dataclass, field
from typing import Literal, Protocol

import torch

from core.errors import RequestError

Spacing = Literal["leading", "trailing", "linspace"]


class Path(Protocol):
    """alpha and sigma for every label, and the labels of a walk."""

    @property
    def clean(self) -> float:
        """The label of the clean end."""
        ...

    def alpha(self, t: float) -> float:
        """Weight of the picture at label `t`, in [0, 1]."""
        ...

    def sigma(self, t: float) -> float:
        """Weight of the noise at label `t`, at least 0."""
        ...

    def network_label(self, t: float) -> float:
        """The nearest label to `t` that the network knows (the clean end is none)."""
        ...

    def timesteps(self, steps: int) -> list[float]:
        """`steps` + 1 labels from the noisiest to the clean end."""
        ...


@dataclass(frozen=True)
class VariancePreserving:
    """alpha^2 + sigma^2 = 1 with alpha^2 from a table of alpha-bar.

    alpha_bars: float64 [T], falling. final_alpha_bar: at the clean end, 1 or alpha_bars[0].
    spacing, offset: how `timesteps` picks labels, as in diffusers' scheduler configuration.
    """

    alpha_bars: torch.Tensor
    spacing: Spacing = "leading"
    offset: int = 0
    final_alpha_bar: float = 1.0
    clean: float = field(default=-1.0, init=False)

    def alpha(self, t: float) -> float:
        return math.sqrt(self._alpha_bar(t))

    def sigma(self, t: float) -> float:
        return math.sqrt(1.0 - self._alpha_bar(t))

    def network_label(self, t: float) -> float:
        return max(t, 0.0)

    def timesteps(self, steps: int) -> list[float]:
        count = len(self.alpha_bars)
        if not 1 <= steps <= count:
            raise RequestError(f"steps is {steps}; this model's path has 1 to {count}.")
        if self.spacing == "linspace":
            labels = torch.linspace(count - 1, 0, steps, dtype=torch.float64).round()
        elif self.spacing == "leading":
            labels = torch.arange(steps - 1, -1, -1) * (count // steps) + self.offset
        else:
            labels = count - torch.arange(steps, dtype=torch.float64) * (count / steps)
            labels = labels.round() - 1
        return [*(float(t) for t in labels.clamp(0, count - 1)), self.clean]

    def _alpha_bar(self, t: float) -> float:
        if t < 0:
            return self.final_alpha_bar
        return float(self.alpha_bars[int(t)])


@dataclass(frozen=True)
class RectifiedFlow:
    """alpha = 1 - sigma, sigma = t / labels: a straight line from picture to noise.

    shift: bends the labels of a walk towards noise, s -> shift * s / (1 + (shift - 1) * s)
    (Esser et al. 2024, eq. 23). labels: what sigma = 1 is called.
    """

    shift: float = 1.0
    labels: float = 1000.0
    clean: float = field(default=0.0, init=False)

    def alpha(self, t: float) -> float:
        return 1.0 - t / self.labels

    def sigma(self, t: float) -> float:
        return t / self.labels

    def network_label(self, t: float) -> float:
        return t

    def timesteps(self, steps: int) -> list[float]:
        if steps < 1:
            raise RequestError(f"steps is {steps}; give at least 1.")
        sigmas = [1.0 - i / steps for i in range(steps)]
        bent = [self.shift * s / (1.0 + (self.shift - 1.0) * s) for s in sigmas]
        return [*(s * self.labels for s in bent), self.clean]


def linear_alpha_bars(count: int = 1000, first: float = 1e-4, last: float = 0.02) -> torch.Tensor:
    """DDPM's table: betas linear from `first` to `last`; float64 [count]."""
    betas = torch.linspace(first, last, count, dtype=torch.float64)
    return torch.cumprod(1.0 - betas, dim=0)


def noised(path: Path, x0: torch.Tensor, eps: torch.Tensor, t: float) -> torch.Tensor:
    """x_t = alpha_t * x0 + sigma_t * eps; at the clean end x0 itself."""
    return x0 if t == path.clean else path.alpha(t) * x0 + path.sigma(t) * eps


def last_part(timesteps: list[float], strength: float) -> list[float]:
    """The end of a walk that a strength in [0, 1] asks for: 0 = the clean end alone, 1 = all."""
    steps = round(strength * (len(timesteps) - 1))
    return timesteps[len(timesteps) - 1 - steps :]
