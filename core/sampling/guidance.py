"""Guidance: denoisers that wrap a denoiser. The solver under them never knows."""

from collections.abc import Callable

import torch

from core.models.latent_model import Conditioning, LatentModel
from core.sampling.denoiser import Denoised, Denoiser, from_network, of_model
from core.sampling.path import Path


def classifier_free(
    model: LatentModel, wanted: Conditioning, unwanted: Conditioning, scale: float
) -> Denoiser:
    """e_u + w (e_c - e_u), both predictions in one batch (Ho and Salimans 2021, eq. 6).

    wanted, unwanted: text states of the prompt and of the empty (or negative) prompt, [N, ...].
    scale: w; 1 is off and asks for the prompt alone, 0 for the empty prompt alone. A model that is
    told no prompt has one prediction, so there is nothing to guide.
    """
    if scale == 1.0 or not model.abilities.prompts:
        return of_model(model, wanted)
    if scale == 0.0:
        return of_model(model, unwanted)

    def predict(x: torch.Tensor, t: float) -> torch.Tensor:
        both = unwanted.rows(len(x)).joined(wanted.rows(len(x)))
        without, with_prompt = model.predict(torch.cat([x, x]), t, both).to(x.dtype).chunk(2)
        return without + scale * (with_prompt - without)

    return from_network(predict, model.prediction, model.path)


def classifier(
    denoise: Denoiser,
    path: Path,
    log_probability: Callable[[torch.Tensor, float], torch.Tensor],
    scale: float,
) -> Denoiser:
    """eps - s sigma_t grad log p(y | x_t) (Dhariwal and Nichol 2021, Algorithm 2).

    log_probability: (x [N, ...], t) -> log p(y | x_t) [N]; the gradient is taken at x_t. Where
    nothing of the picture is left (alpha = 0) it is not asked: x_t tells nothing of y.
    """

    def guided(x: torch.Tensor, t: float, label: float | None = None) -> Denoised:
        plain = denoise(x, t, label)
        alpha, sigma = path.alpha(t), path.sigma(t)
        if alpha == 0.0:
            return plain
        with torch.enable_grad():
            at = x.detach().requires_grad_(True)
            (gradient,) = torch.autograd.grad(log_probability(at, t).sum(), at)
        shift = scale * sigma * gradient
        return Denoised(x0=plain.x0 + sigma / alpha * shift, eps=plain.eps - shift)

    return guided
