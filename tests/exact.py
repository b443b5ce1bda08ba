"""Networks that are right: the exact denoiser of a Gaussian mixture, in closed form, float64.

For a component N(m, C) the noised sample is N(alpha m, S) with S = alpha^2 C + sigma^2 I, so that
E[x0 | x_t, component] = m + alpha C S^-1 (x_t - alpha m), and the components mix by what they are
worth at x_t. One component makes the exact denoiser of a Gaussian.
"""

import math
from dataclasses import dataclass

import torch

from core.models.latent_model import Prediction
from core.sampling.denoiser import Denoiser, Predict, from_network
from core.sampling.path import Path

PREDICTIONS: tuple[Prediction, ...] = ("epsilon", "v_prediction", "sample", "flow")


@dataclass(frozen=True, eq=False)
class Mixture:
    """weights [K], means [K, D], covariances [K, D, D], all float64."""

    weights: torch.Tensor
    means: torch.Tensor
    covariances: torch.Tensor

    @property
    def mean(self) -> torch.Tensor:
        return self.weights @ self.means

    @property
    def covariance(self) -> torch.Tensor:
        away = self.means - self.mean
        spread = self.covariances + away[:, :, None] * away[:, None, :]
        return torch.einsum("k,kij->ij", self.weights, spread)

    def alone(self, k: int) -> "Mixture":
        """Component `k` as a distribution of its own."""
        part = slice(k, k + 1)
        return Mixture(torch.ones(1).double(), self.means[part], self.covariances[part])

    def log_densities(self, x: torch.Tensor, alpha: float, sigma: float) -> torch.Tensor:
        """log(weight_k N(x; alpha m_k, S_k)) [N, K] at x [N, D]."""
        away = x[:, None] - alpha * self.means
        noisy = self._noisy(alpha, sigma)
        square = torch.einsum("nki,kij,nkj->nk", away, torch.linalg.inv(noisy), away)
        return self.weights.log() - (square + torch.logdet(2 * math.pi * noisy)) / 2

    def x0(self, x: torch.Tensor, alpha: float, sigma: float) -> torch.Tensor:
        """E[x0 | x_t = x] for x [N, D]."""
        away = x[:, None] - alpha * self.means
        gain = alpha * self.covariances @ torch.linalg.inv(self._noisy(alpha, sigma))
        each = self.means + torch.einsum("kij,nkj->nki", gain, away)
        worth = self.log_densities(x, alpha, sigma).softmax(dim=1)
        return torch.einsum("nk,nki->ni", worth, each)

    def network(self, path: Path, prediction: Prediction) -> Predict:
        """A network that has learnt this distribution: (x, label) -> its prediction."""

        def predict(x: torch.Tensor, t: float) -> torch.Tensor:
            alpha, sigma = path.alpha(t), path.sigma(t)
            x0 = self.x0(x, alpha, sigma)
            # A clean sample holds no noise: E[eps | x_t] vanishes with sigma.
            eps = (x - alpha * x0) / sigma if sigma > 0 else torch.zeros_like(x)
            return {
                "epsilon": eps,
                "sample": x0,
                "v_prediction": alpha * eps - sigma * x0,
                "flow": eps - x0,
            }[prediction]

        return predict

    def denoiser(self, path: Path, prediction: Prediction = "v_prediction") -> Denoiser:
        return from_network(self.network(path, prediction), prediction, path)

    def _noisy(self, alpha: float, sigma: float) -> torch.Tensor:
        return alpha**2 * self.covariances + sigma**2 * torch.eye(self.means.shape[1]).double()


def gaussian() -> Mixture:
    """A correlated Gaussian in two dimensions, off the origin."""
    return Mixture(
        torch.ones(1).double(),
        torch.tensor([[0.5, -0.3]]).double(),
        torch.tensor([[[0.30, 0.12], [0.12, 0.15]]]).double(),
    )


def mixture() -> Mixture:
    """Three unequal components, well apart, one of them narrow."""
    return Mixture(
        torch.tensor([0.5, 0.3, 0.2]).double(),
        torch.tensor([[1.0, 0.5], [-1.0, 0.2], [0.1, -1.2]]).double(),
        torch.tensor(
            [[[0.10, 0.04], [0.04, 0.08]], [[0.05, 0.0], [0.0, 0.12]], [[0.02, 0.0], [0.0, 0.03]]]
        ).double(),
    )


def flow_map(one: Mixture, x: torch.Tensor, path: Path, t: float, s: float) -> torch.Tensor:
    """Where the probability-flow ODE of one Gaussian takes x [N, D] from label t to s, exactly.

    x keeps its place in units of the standard deviation: x_s = alpha_s m + S_s^1/2 S_t^-1/2 (x_t -
    alpha_t m); the covariances of all labels share their eigenvectors.
    """
    values, vectors = torch.linalg.eigh(one.covariances[0])

    def deviations(label: float) -> torch.Tensor:
        return (path.alpha(label) ** 2 * values + path.sigma(label) ** 2).sqrt()

    mean = one.means[0]
    units = ((x - path.alpha(t) * mean) @ vectors) / deviations(t)
    return path.alpha(s) * mean + (units * deviations(s)) @ vectors.T


def slope(steps: list[int], errors: list[float]) -> float:
    """Of log(error) over log(steps): -1 for a method of first order."""
    x, y = torch.tensor(steps).log(), torch.tensor(errors).log()
    away = x - x.mean()
    return ((away * y).sum() / (away * away).sum()).item()
