"""What a denoiser is trained to predict, and how much each noise level counts.

Ho et al. 2020 (DDPM), equation 14, and Salimans and Ho 2022 for v; the weights after Hang et al.
2023, "Efficient diffusion training via min-SNR weighting". SNR = alpha^2 / sigma^2, and in terms of
the error of x0 that of epsilon is |x0 error|^2 * SNR, and that of v |x0 error|^2 * (SNR + 1).
"""

from dataclasses import dataclass

import numpy as np
import torch

from core.errors import TrainingError
from core.training.choices import Prediction, Weighting

SNR_BOUND = 5.0


@dataclass(frozen=True, eq=False)
class Objective:
    """A loss over the path of `alpha_bars` [T]. Raises TrainingError for an unbounded weight."""

    prediction: Prediction
    weighting: Weighting
    alpha_bars: torch.Tensor

    def __post_init__(self) -> None:
        if (self.prediction, self.weighting) == (Prediction.EPSILON, Weighting.MIN_SNR_PLUS_1):
            raise TrainingError(
                "min-snr-plus-1 has no bound for epsilon where all is noise; choose simple or "
                "min-snr."
            )

    def labels(self, rng: np.random.Generator, count: int) -> torch.Tensor:
        """Labels to train on: [count], evenly drawn.

        For MIN_SNR_PLUS_1 with a density that grows evenly with the label: three quarters are from
        the noisier half, where it is decided what a thing is, because latents hold most of their
        power in a few coarse waves.
        """
        drawn = rng.random(count)
        if self.weighting is Weighting.MIN_SNR_PLUS_1:
            drawn = np.sqrt(drawn)
        return torch.from_numpy((len(self.alpha_bars) * drawn).astype(np.int64))

    def noised(self, clean: torch.Tensor, t: torch.Tensor, eps: torch.Tensor) -> torch.Tensor:
        """x_t for clean, eps [N, C, h, w] and labels t [N], integers."""
        alpha, sigma = self._path(t)
        return alpha * clean + sigma * eps

    def errors(
        self, output: torch.Tensor, clean: torch.Tensor, t: torch.Tensor, eps: torch.Tensor
    ) -> torch.Tensor:
        """Mean squared error of the network's output, one number for each picture: [N]."""
        alpha, sigma = self._path(t)
        wanted = eps if self.prediction is Prediction.EPSILON else alpha * eps - sigma * clean
        return (output.float() - wanted).square().mean(dim=(1, 2, 3))

    def weights(self, t: torch.Tensor) -> torch.Tensor:
        """What each of `errors` is multiplied by: [N], at most 1."""
        bar = self.alpha_bars[t]
        if self.weighting is Weighting.SIMPLE:
            return torch.ones_like(bar)
        if self.weighting is Weighting.MIN_SNR_PLUS_1:  # SNR + 1 = 1 / sigma^2
            return (SNR_BOUND * (1 - bar)).clamp(max=1.0)
        # min(SNR, 5) / SNR and min(SNR, 5) / (SNR + 1)
        share = (SNR_BOUND * (1 - bar) / bar).clamp(max=1.0)
        return share if self.prediction is Prediction.EPSILON else share * bar

    def _path(self, t: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        bar = self.alpha_bars[t].view(-1, 1, 1, 1)
        return bar.sqrt(), (1 - bar).sqrt()
