"""Guidance: classifiers in closed form, and classifier-free guidance on a network that counts."""

from typing import Any

import pytest
import torch

from core.models.abilities import Abilities
from core.models.latent_model import Conditioning
from core.sampling.denoiser import Denoised, of_model
from core.sampling.guidance import classifier, classifier_free
from core.sampling.path import Path, RectifiedFlow, VariancePreserving, linear_alpha_bars
from core.sampling.solvers import ddim
from tests.exact import Mixture, mixture

VP = VariancePreserving(linear_alpha_bars())
PATHS: dict[str, Path] = {"vp": VP, "rf": RectifiedFlow()}


def points() -> torch.Tensor:
    return torch.randn(64, 2, generator=torch.Generator().manual_seed(1)).double()


def is_member(exact: Mixture, path: Path, k: int) -> Any:
    """log p(component k | x_t): a classifier that is right at every noise level."""

    def log_probability(x: torch.Tensor, t: float) -> torch.Tensor:
        densities = exact.log_densities(x, path.alpha(t), path.sigma(t))
        return densities[:, k] - densities.logsumexp(dim=1)

    return log_probability


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("t", [5.0, 400.0, 990.0])
def test_a_classifier_of_components_leads_to_the_component(name: str, t: float) -> None:
    """By Bayes' rule the guided denoiser is that of the chosen component alone, exactly."""
    path, exact = PATHS[name], mixture()
    for k in range(3):
        guided = classifier(exact.denoiser(path), path, is_member(exact, path, k), 1.0)
        found, right = guided(points(), t), exact.alone(k).denoiser(path)(points(), t)
        assert torch.allclose(found.eps, right.eps, atol=1e-9)
        assert torch.allclose(found.x0, right.x0, atol=1e-9)


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("t", [20.0, 700.0])
def test_a_gaussian_measurement_equals_the_closed_form(scale: float, t: float) -> None:
    """Prior N(0, I), y = x0 + N(0, r^2): the noise is eps - scale sigma grad log p(y | x_t)."""
    prior = Mixture(torch.ones(1), torch.zeros(1, 2), torch.eye(2)[None])
    prior = Mixture(*(part.double() for part in (prior.weights, prior.means, prior.covariances)))
    y, variance = torch.tensor([1.5, -0.5]).double(), 0.3
    alpha, sigma = VP.alpha(t), VP.sigma(t)
    spread = sigma**2 + variance  # of y given x_t, for this prior

    def log_probability(x: torch.Tensor, t: float) -> torch.Tensor:
        return -(y - alpha * x).square().sum(dim=1) / (2 * spread)

    x = points()
    found = classifier(prior.denoiser(VP), VP, log_probability, scale)(x, t)
    eps = sigma * x - scale * sigma * alpha * (y - alpha * x) / spread
    assert torch.allclose(found.eps, eps, atol=1e-12)
    assert torch.allclose(found.x0, (x - sigma * eps) / alpha, atol=1e-10)
    if scale == 1.0:
        # The posterior N(y / (1 + r^2), r^2 / (1 + r^2)).
        cov = torch.eye(2).double()[None] * variance / (1 + variance)
        posterior = Mixture(prior.weights, (y / (1 + variance))[None], cov)
        right = posterior.denoiser(VP)(x, t)
        assert torch.allclose(found.x0, right.x0, atol=1e-10)


@pytest.mark.parametrize("name", PATHS)
def test_a_guided_walk_samples_the_component(name: str) -> None:
    """On the straight path the walk begins where alpha is 0, and nothing can be divided by it."""
    path, exact = PATHS[name], mixture()
    guided = classifier(exact.denoiser(path), path, is_member(exact, path, 1), 1.0)
    generator = torch.Generator().manual_seed(2)
    x = torch.randn(4000, 2, generator=generator).double()
    for state in ddim(guided, path, x, path.timesteps(100)):
        x = state.x
    assert torch.allclose(x.mean(0), exact.means[1], atol=0.03)
    assert torch.allclose(torch.cov(x.T), exact.covariances[1], atol=0.02)


class Counting:
    """A network whose output depends on the prompt; it counts the pictures that it evaluates."""

    abilities = Abilities("epsilon", words=True, decoder=False)

    def __init__(self, prediction: str = "epsilon") -> None:
        self.path, self.prediction, self.network_evaluations = VP, prediction, 0
        self.batches: list[int] = []

    def predict(self, x: torch.Tensor, t: float, conditioning: Conditioning) -> torch.Tensor:
        self.network_evaluations += len(x)
        self.batches.append(len(x))
        told = conditioning.hidden.mean(dim=(1, 2)).view(-1, 1)
        return torch.tanh(x + told + t / 1000)


def prompt(value: float) -> Conditioning:
    return Conditioning(torch.full((1, 3, 4), value))


def one() -> torch.Tensor:
    return torch.randn(1, 6, generator=torch.Generator().manual_seed(4))


def equal(a: Denoised, b: Denoised) -> bool:
    return torch.equal(a.x0, b.x0) and torch.equal(a.eps, b.eps)


def test_scale_one_and_zero_cost_one_evaluation() -> None:
    for scale, told in ((1.0, 0.7), (0.0, -0.2)):
        model: Any = Counting()
        found = classifier_free(model, prompt(0.7), prompt(-0.2), scale)(one(), 300.0)
        assert model.network_evaluations == 1
        assert equal(found, of_model(model, prompt(told))(one(), 300.0))


@pytest.mark.parametrize("scale", [0.5, 2.0, 7.5])
@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction", "sample"])
def test_one_batch_of_two_equals_two_calls(scale: float, prediction: str) -> None:
    model: Any = Counting(prediction)
    found = classifier_free(model, prompt(0.7), prompt(-0.2), scale)(one(), 300.0)
    assert model.batches == [2]
    wanted = of_model(model, prompt(0.7))(one(), 300.0)
    unwanted = of_model(model, prompt(-0.2))(one(), 300.0)
    for name in ("x0", "eps"):
        low, high = getattr(unwanted, name), getattr(wanted, name)
        assert torch.allclose(getattr(found, name), low + scale * (high - low), atol=2e-5)


def test_equal_prompts_make_guidance_change_nothing() -> None:
    model: Any = Counting()
    plain = of_model(model, prompt(0.7))(one(), 300.0)
    assert equal(classifier_free(model, prompt(0.7), prompt(0.7), 7.5)(one(), 300.0), plain)
