"""From what a network predicts to what every solver wants: x0 and eps.

A denoiser is a function (x, t) -> Denoised. Guidance and constraints wrap one and give another;
solvers never know (Karras et al. 2022, section 5, on preconditioning as a matter of the model).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch

from core.models.latent_model import Conditioning, LatentModel, Prediction
from core.sampling.path import Path


@dataclass(frozen=True, eq=False)
class Denoised:
    """Both halves of x = alpha * x0 + sigma * eps, of the shape of x."""

    x0: torch.Tensor
    eps: torch.Tensor


class Denoiser(Protocol):
    """x [N, ...] at label `t` -> Denoised.

    `label` is what the network is told, when that is not `t`: DDIM inversion asks at x_t with the
    label of the step's other end.
    """

    def __call__(self, x: torch.Tensor, t: float, label: float | None = None) -> Denoised: ...


Predict = Callable[[torch.Tensor, float], torch.Tensor]


def split(
    prediction: Prediction, output: torch.Tensor, x: torch.Tensor, path: Path, t: float
) -> Denoised:
    """Denoised from the network's `output` at x.

    epsilon: eps (Ho et al. 2020). sample: x0. v_prediction: v = alpha * eps - sigma * x0 (Salimans
    and Ho 2022, appendix D). flow: u = eps - x0 (Liu et al. 2023). The last two hold on any path.
    """
    alpha, sigma = path.alpha(t), path.sigma(t)
    if prediction == "epsilon":
        return Denoised(x0=(x - sigma * output) / alpha, eps=output)
    if prediction == "sample":
        return Denoised(x0=output, eps=(x - alpha * output) / sigma)
    if prediction == "v_prediction":
        length = alpha**2 + sigma**2
        return Denoised(
            x0=(alpha * x - sigma * output) / length, eps=(sigma * x + alpha * output) / length
        )
    length = alpha + sigma
    return Denoised(x0=(x - sigma * output) / length, eps=(x + alpha * output) / length)


def from_network(predict: Predict, prediction: Prediction, path: Path) -> Denoiser:
    """A denoiser from any function (x, label) -> output."""

    def denoise(x: torch.Tensor, t: float, label: float | None = None) -> Denoised:
        told = path.network_label(t if label is None else label)
        output = predict(x, told).to(x.dtype)
        if prediction == "sample" and path.sigma(t) == 0.0:
            return _split_clean(output, x, path, told)
        return split(prediction, output, x, path, t)

    return denoise


def _split_clean(x0: torch.Tensor, x: torch.Tensor, path: Path, told: float) -> Denoised:
    """x is clean, so its own x0; eps is what the predicted x0 means at the label told."""
    sigma = path.sigma(told)
    if sigma == 0.0:
        return Denoised(x0=x, eps=torch.zeros_like(x))
    return Denoised(x0=x, eps=(x - path.alpha(told) * x0) / sigma)


def clipped(denoise: Denoiser, path: Path) -> Denoiser:
    """For pixels: x0 is cut to [-1, 1], and eps is what x then holds.

    As in the code of Ho et al. 2020. Where x holds no noise, eps stays as it was.
    """

    def held(x: torch.Tensor, t: float, label: float | None = None) -> Denoised:
        found = denoise(x, t, label)
        x0, sigma = found.x0.clamp(-1, 1), path.sigma(t)
        return Denoised(x0, (x - path.alpha(t) * x0) / sigma if sigma > 0.0 else found.eps)

    return held


def of_model(model: LatentModel, conditioning: Conditioning) -> Denoiser:
    """The model under one conditioning, without guidance."""
    return from_network(
        lambda x, t: model.predict(x, t, conditioning), model.prediction, model.path
    )
