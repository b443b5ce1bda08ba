"""Posterior sampling against posteriors that are known, and DPS against its equation."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import pytest
import torch

from core.errors import RequestError
from core.restoration.convolution import Convolution, motion_kernel
from core.restoration.measurement import Measurement, fit
from core.restoration.missing import MissingPixels, random_mask
from core.restoration.nonlinear import Exposure
from core.restoration.operators import Identity, LinearOperator
from core.restoration.posterior_sampling import DPS, pigdm
from core.restoration.radon import Radon, even_angles
from core.restoration.separable import box_downsampling, gaussian_blur
from core.sampling.denoiser import Denoised, Denoiser
from core.sampling.path import Path, RectifiedFlow, VariancePreserving, linear_alpha_bars
from core.sampling.solvers import ddim, ddpm
from core.sampling.step import ancestral_scale
from tests.exact import Mixture, mixture

VP = VariancePreserving(linear_alpha_bars())
SIDE = 4
SIZE = (SIDE, SIDE)
COUNT = SIDE * SIDE
VARIANCE = 0.4
NOISE = 0.1


def as_pictures(exact: Mixture, path: Path, shape: tuple[int, ...]) -> Denoiser:
    """The exact denoiser of a distribution over flattened pictures [N, *shape]."""
    flat = exact.denoiser(path)

    def denoise(x: torch.Tensor, t: float, label: float | None = None) -> Denoised:
        found = flat(x.flatten(1), t, label)
        return Denoised(found.x0.reshape(-1, *shape), found.eps.reshape(-1, *shape))

    return denoise


def isotropic() -> Mixture:
    generator = torch.Generator().manual_seed(0)
    mean = 0.5 * torch.randn(1, COUNT, generator=generator).double()
    return Mixture(torch.ones(1).double(), mean, VARIANCE * torch.eye(COUNT).double()[None])


@dataclass(frozen=True, eq=False)
class Posterior:
    """p(x0 | y) for a Gaussian prior in the model's units, by conditioning with plain matrices."""

    mean: torch.Tensor
    covariance: torch.Tensor
    evidence: torch.Tensor


def conditioned(one: Mixture, measurement: Measurement) -> Posterior:
    """One Gaussian given y: y = A (x0 + 1) / 2 + noise, everything flattened."""
    operator = measurement.operator
    shape = (1, *operator.input_size)
    unit = torch.eye(math.prod(shape)).double().reshape(-1, *shape)
    matrix = operator(unit).flatten(1).T / 2
    constant = operator(torch.ones(1, *shape).double()).flatten() / 2
    seen = operator.measured(torch.ones(1, 1, *operator.output_size).double()).flatten() > 0
    matrix, constant = matrix[seen], constant[seen]
    y = measurement.y.flatten()[seen]
    prior, mean = one.covariances[0], one.means[0]
    total = matrix @ prior @ matrix.T + measurement.noise**2 * torch.eye(len(y)).double()
    gain = prior @ matrix.T @ torch.linalg.inv(total)
    away = y - constant - matrix @ mean
    evidence = -(away @ torch.linalg.solve(total, away) + torch.logdet(total)) / 2
    return Posterior(mean + gain @ away, prior - gain @ matrix @ prior, evidence)


OPERATORS: dict[str, Callable[[], LinearOperator]] = {
    "noise": lambda: Identity(SIZE),
    "missing": lambda: MissingPixels(random_mask(SIZE, 0.5, seed=1)),
    "small": lambda: box_downsampling(SIZE, 2),
    "shaken": lambda: Convolution(SIZE, motion_kernel(3, 20)),
    "tomography": lambda: Radon(SIZE, even_angles(3)),
}


def measured(operator: LinearOperator, noise: float = NOISE) -> Measurement:
    generator = torch.Generator().manual_seed(7)
    truth = torch.rand(1, 1, *operator.input_size, generator=generator).double()
    return Measurement(operator, operator.degrade(truth, noise, generator), noise)


def walk(guided: Denoiser, path: Path, x: torch.Tensor, steps: int, **options: object):
    generator = torch.Generator().manual_seed(3)
    for state in ddim(guided, path, x, path.timesteps(steps), generator=generator, **options):  # type: ignore[arg-type]
        x = state.x
    return x


@pytest.mark.parametrize(
    ("name", "path", "steps"),
    [
        ("noise", VP, 300),
        ("missing", VP, 300),
        ("small", VP, 300),
        ("small", RectifiedFlow(), 300),
        ("shaken", RectifiedFlow(), 60),
        ("tomography", RectifiedFlow(), 60),
    ],
)
def test_pigdm_maps_noise_to_a_gaussians_posterior(name: str, path: Path, steps: int) -> None:
    """The walk is affine here, so its mean and covariance are read off without any chance."""
    measurement, exact = measured(OPERATORS[name]()), isotropic()
    denoise = as_pictures(exact, path, (1, *SIZE))
    guided = pigdm(denoise, path, measurement, variance=VARIANCE)
    probes = torch.cat([torch.zeros(1, COUNT), torch.eye(COUNT)]).double()
    out = walk(guided, path, probes.reshape(-1, 1, *SIZE), steps).flatten(1)
    linear = out[1:] - out[0]
    true = conditioned(exact, measurement)
    # The solver is of first order: what its steps leave falls with their number.
    assert torch.allclose(out[0], true.mean, atol=6 / steps)
    assert torch.allclose(linear.T @ linear, true.covariance, atol=6 / steps * VARIANCE)


@pytest.mark.parametrize("name", ["missing", "small"])
@pytest.mark.parametrize("solver", [partial(ddim, eta=1.0), ddpm], ids=["ancestral", "ddpm"])
def test_pigdms_samples_have_the_posteriors_mean_and_covariance(name: str, solver) -> None:
    measurement, exact = measured(OPERATORS[name]()), isotropic()
    guided = pigdm(as_pictures(exact, VP, (1, *SIZE)), VP, measurement, variance=VARIANCE)
    generator = torch.Generator().manual_seed(5)
    x = torch.randn(1500, 1, *SIZE, generator=generator).double()
    for state in solver(guided, VP, x, VP.timesteps(100), generator=generator):
        x = state.x
    true = conditioned(exact, measurement)
    # Four standard errors, and what 100 steps leave.
    error = 4 / math.sqrt(1500)
    assert (x.flatten(1).mean(0) - true.mean).abs().max() < error * math.sqrt(VARIANCE) + 0.01
    assert (torch.cov(x.flatten(1).T) - true.covariance).abs().max() < 1.5 * error * VARIANCE


def exact_data(operator: LinearOperator) -> Measurement:
    return measured(operator, noise=0.0)


@pytest.mark.parametrize("name", ["missing", "small"])
def test_exact_data_are_met_exactly(name: str) -> None:
    measurement, exact = exact_data(OPERATORS[name]()), isotropic()
    guided = pigdm(as_pictures(exact, VP, (1, *SIZE)), VP, measurement, variance=VARIANCE)
    generator = torch.Generator().manual_seed(5)
    x = walk(guided, VP, torch.randn(3, 1, *SIZE, generator=generator).double(), 50, eta=1.0)
    assert measurement.residual((x + 1) / 2).abs().max() < 1e-6


def mode_weights(exact: Mixture, measurement: Measurement) -> torch.Tensor:
    parts = [conditioned(exact.alone(k), measurement) for k in range(len(exact.weights))]
    evidence = torch.stack([part.evidence for part in parts])
    return (exact.weights.log() + evidence).softmax(0)


def test_pigdm_weighs_the_modes_of_a_mixture() -> None:
    """One of two values is seen, too noisily to tell which of three components it came from."""
    exact = mixture()
    operator = MissingPixels(torch.tensor([[0.0, 1.0]]))
    measurement = Measurement(operator, torch.tensor([[[[0.6, 0.0]]]]).double(), 0.5)
    true = mode_weights(exact, measurement)
    scale = float(exact.covariance[0, 0])
    guided = pigdm(as_pictures(exact, VP, (1, 1, 2)), VP, measurement, variance=scale)
    generator = torch.Generator().manual_seed(6)
    x = torch.randn(4000, 1, 1, 2, generator=generator).double()
    x = walk(guided, VP, x, 100, eta=1.0).flatten(1)
    member = exact.log_densities(x, 1.0, 0.0).argmax(dim=1)
    found = torch.bincount(member, minlength=3) / len(x)
    assert torch.allclose(found.double(), true, atol=0.05)


def plain_dps(denoise, path, operator, y, x, timesteps, zeta, generator):
    """Algorithm 1 as it stands, with the ancestral step written out in alpha-bars."""
    for t, s in pairwise(timesteps):
        x = x.clone().requires_grad_(True)
        ab, ab_next = path.alpha(t) ** 2, path.alpha(s) ** 2
        x0 = denoise(x, t).x0
        (slope,) = torch.autograd.grad(
            sum((2 * (y - operator((one + 1) / 2))).norm() for one in x0.split(1)), x
        )
        with torch.no_grad():
            beta = 1 - ab / ab_next
            mean = ab_next**0.5 * beta / (1 - ab) * x0
            mean = mean + (ab / ab_next) ** 0.5 * (1 - ab_next) / (1 - ab) * x
            width = (beta * (1 - ab_next) / (1 - ab)) ** 0.5
            z = torch.randn(x.shape, generator=generator).double() if s != path.clean else 0.0
            x = mean + width * z - zeta * slope
    return x


@pytest.mark.parametrize(
    "operator",
    [MissingPixels(torch.tensor([[0.0, 1.0]])), Exposure((1, 2), 1.5, 2.2)],
    ids=["linear", "nonlinear"],
)
@pytest.mark.parametrize("solver", [partial(ddim, eta=1.0), ddpm], ids=["ddim", "ddpm"])
def test_dps_is_its_equation(operator, solver) -> None:
    denoise = as_pictures(mixture(), VP, (1, 1, 2))
    y = operator(torch.tensor([[[[0.7, 0.4]]]]).double())
    timesteps = VP.timesteps(40)
    x = torch.randn(5, 1, 1, 2, generator=torch.Generator().manual_seed(1)).double()
    expected = plain_dps(
        denoise, VP, operator, y, x, timesteps, 0.3, torch.Generator().manual_seed(2)
    )
    dps = DPS(denoise, Measurement(operator, y, 0.05), 0.3)
    generator = torch.Generator().manual_seed(2)
    for state in solver(dps, VP, x, timesteps, generator=generator, constraint=dps.correct):
        x = state.x
    assert torch.allclose(x, expected, atol=1e-10)
    assert not x.requires_grad


def test_dps_explains_the_data_but_is_too_sure() -> None:
    """Its known bias, measured: the paper's zeta fits the data more closely than the noise allows.

    On this prior (16 values, half of them seen, noise 0.1), 250 steps with zeta 0.5 leave a
    residual of 0.42 of the noise, where the true posterior's samples leave all of it, and a
    variance of 0.22 of the true one where values are seen, 0.94 where none are. The mean is right
    to 0.12. PiGDM, above, has none of this.
    """
    measurement, exact = measured(OPERATORS["missing"]()), isotropic()
    denoise = as_pictures(exact, VP, (1, *SIZE))
    x = torch.randn(300, 1, *SIZE, generator=torch.Generator().manual_seed(1)).double()
    dps = DPS(denoise, measurement, 0.5)
    found = walk(dps, VP, x, 250, eta=1.0, constraint=dps.correct)
    true = conditioned(exact, measurement)
    ratio = found.flatten(1).var(0) / true.covariance.diagonal()
    seen = random_mask(SIZE, 0.5, seed=1).flatten() == 0
    assert 0.15 < ratio[seen].mean() < 0.3
    assert 0.8 < ratio[~seen].mean() < 1.1
    assert (found.flatten(1).mean(0) - true.mean).abs().max() < 0.2
    residual = measurement.distance((found + 1) / 2).mean() / (NOISE * math.sqrt(8))
    assert 0.3 < residual < 0.55


@pytest.mark.parametrize("name", OPERATORS)
def test_a_decoder_that_stretches_is_seen_through(name: str) -> None:
    """x0 in other units, and a decoder that undoes it: the same guidance, by a measured gain."""
    measurement, exact = measured(OPERATORS[name]()), isotropic()
    denoise = as_pictures(exact, VP, (1, *SIZE))
    x = torch.randn(1, 1, *SIZE, generator=torch.Generator().manual_seed(2)).double()
    plain = pigdm(denoise, VP, measurement, variance=VARIANCE)(x, 300.0)
    through = pigdm(denoise, VP, measurement, variance=VARIANCE, render=lambda x0: (x0 + 1) / 2)(
        x, 300.0
    )
    assert torch.allclose(plain.x0, through.x0, atol=1e-7)

    def stretched(x: torch.Tensor, t: float, label: float | None = None) -> Denoised:
        found = denoise(x, t, label)
        return Denoised(3 * found.x0, found.eps)

    # x0 three times as large has nine times the variance, and the decoder a ninth of the gain.
    wide = pigdm(stretched, VP, measurement, variance=VARIANCE, render=lambda x0: (x0 / 3 + 1) / 2)
    spread = 0.25 / 9
    calls: list[float] = []
    genuine = measurement.operator.solve

    def solve(y: torch.Tensor, gram: float = 1.0, identity: float = 0.0) -> torch.Tensor:
        calls.append(gram)
        return genuine(y, gram, identity)

    measurement.operator.solve = solve  # type: ignore[method-assign]
    wide(x, 300.0)
    alpha, sigma = VP.alpha(300.0), VP.sigma(300.0)
    r2 = VARIANCE * sigma**2 / (alpha**2 * VARIANCE + sigma**2)
    assert calls == [pytest.approx(r2 * spread, rel=1e-6)]


def test_pigdm_wants_a_linear_operator() -> None:
    measurement = Measurement(Exposure(SIZE, 2.0), torch.zeros(1, 1, *SIZE), 0.1)
    with pytest.raises(RequestError, match="DPS"):
        pigdm(as_pictures(isotropic(), VP, (1, *SIZE)), VP, measurement)


def test_nothing_is_added_at_pure_noise() -> None:
    path, measurement = RectifiedFlow(), measured(OPERATORS["small"]())
    denoise = as_pictures(isotropic(), path, (1, *SIZE))
    x = torch.randn(2, 1, *SIZE, generator=torch.Generator().manual_seed(1)).double()
    plain, guided = denoise(x, 1000.0), pigdm(denoise, path, measurement)(x, 1000.0)
    assert torch.equal(plain.x0, guided.x0)
    assert torch.equal(plain.eps, guided.eps)


@pytest.mark.parametrize("name", OPERATORS)
def test_the_finish_is_the_least_change_that_explains_the_data(name: str) -> None:
    operator = OPERATORS[name]()
    measurement = measured(operator, 0.05)
    start = torch.rand(2, 1, *SIZE, generator=torch.Generator().manual_seed(9)).double()
    goal = 0.05 * math.sqrt(operator.count(measurement.y))
    found = fit(start, measurement)
    distance = measurement.distance(found)
    assert (measurement.distance(start) > goal).all()
    assert (distance <= goal * (1 + 1e-6)).all()
    assert (distance > 0.99 * goal).all()
    # Of all pictures with such a residual it is the nearest: the change is along A^T residual.
    change = found - start
    normal = operator.adjoint(measurement.residual(found))
    cosine = torch.cosine_similarity(change.flatten(1), normal.flatten(1))
    assert torch.allclose(cosine, torch.ones(2).double(), atol=1e-6)
    assert torch.equal(fit(found, Measurement(operator, measurement.y, 0.06)), found)


def test_the_finish_meets_exact_data() -> None:
    for operator in (box_downsampling(SIZE, 2), OPERATORS["missing"](), Identity(SIZE)):
        measurement = exact_data(operator)
        found = fit(torch.zeros(1, 1, *SIZE).double(), measurement)
        assert measurement.distance(found).max() < 1e-9
    blurred = gaussian_blur((32, 32), 2.0)
    measurement = exact_data(blurred)
    found = fit(torch.full((1, 1, 32, 32), 0.5).double(), measurement)
    assert found.abs().max() < 100
    assert measurement.distance(found).max() < 1e-3


def test_the_finish_leaves_what_is_not_linear() -> None:
    start = torch.rand(1, 1, *SIZE)
    assert fit(start, Measurement(Exposure(SIZE, 2.0), torch.zeros(1, 1, *SIZE), 0.1)) is start


def test_the_ancestral_scale_is_the_papers() -> None:
    """What `plain_dps` writes in alpha-bars is what the step takes."""
    t, s = 500.0, 480.0
    ab, ab_next = VP.alpha(t) ** 2, VP.alpha(s) ** 2
    width = ((1 - ab / ab_next) * (1 - ab_next) / (1 - ab)) ** 0.5
    assert ancestral_scale(VP, t, s) == pytest.approx(width, rel=1e-12)
