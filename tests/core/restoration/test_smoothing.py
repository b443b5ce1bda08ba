"""The smooth estimate against the normal equations, solved as one dense matrix."""

import pytest
import torch

from core.restoration.building import operator_for
from core.restoration.degradations import (
    Degradation,
    Downsampling,
    GaussianBlur,
    JpegCompression,
    Missing,
)
from core.restoration.measurement import Measurement
from core.restoration.operators import LinearOperator
from core.restoration.smoothing import LEAST_NOISE, TYPICAL_STEP, roughness, smooth_estimate

SIZE = (10, 12)


def dense(apply, size: tuple[int, int]) -> torch.Tensor:
    """The matrix of a linear map of pictures."""
    unit = torch.eye(size[0] * size[1], dtype=torch.float64).reshape(-1, 1, *size)
    return apply(unit).flatten(1).T


@pytest.mark.parametrize(
    "degradation",
    [GaussianBlur(sigma=0.8), Downsampling(factor=2), Missing(pattern="random", share=0.6)],
)
@pytest.mark.parametrize("noise", [0.0, 0.05])
def test_solves_the_normal_equations(degradation: Degradation, noise: float) -> None:
    operator = operator_for((degradation,), SIZE, None)
    assert isinstance(operator, LinearOperator)
    truth = torch.rand(2, 1, *SIZE, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    measurement = Measurement(operator, operator.degrade(truth, noise), noise)
    found = smooth_estimate(measurement)
    a, rough = dense(operator, SIZE), dense(roughness, SIZE)
    weight = (max(noise, LEAST_NOISE) / TYPICAL_STEP) ** 2
    y = operator.measured(measurement.y).flatten(1).T
    expected = torch.linalg.solve(a.T @ a + weight * rough, a.T @ y).T.reshape(truth.shape)
    assert (found - expected).abs().max() < 1e-6


def test_roughness_is_the_sum_of_squared_steps_and_knows_no_constant() -> None:
    x = torch.rand(1, 1, *SIZE, dtype=torch.float64)
    squares = x.diff(dim=-1).square().sum() + x.diff(dim=-2).square().sum()
    assert torch.isclose((x * roughness(x)).sum(), squares)
    assert roughness(torch.ones(1, 1, *SIZE)).abs().max() == 0


def test_fills_what_is_missing_without_going_beyond_what_is_known() -> None:
    operator = operator_for((Missing(pattern="random", share=0.7),), SIZE, None)
    picture = torch.linspace(0.2, 0.8, SIZE[1]).expand(1, 1, *SIZE).contiguous()
    found = smooth_estimate(Measurement(operator, operator.degrade(picture, 0.0), 0.0))
    assert 0.2 - 1e-3 <= found.min() <= found.max() <= 0.8 + 1e-3
    assert (found - picture).abs().mean() < 0.08


def test_wants_a_linear_operator() -> None:
    operator = operator_for((JpegCompression(),), SIZE, None)
    with pytest.raises(TypeError, match="linear"):
        smooth_estimate(Measurement(operator, torch.rand(1, 1, *SIZE), 0.1))
