"""What is predicted and how it is weighed, against the papers' closed forms."""

from typing import Any

import numpy as np
import pytest
import torch

from core.errors import TrainingError
from core.sampling.path import linear_alpha_bars
from core.training.choices import Prediction, Weighting
from core.training.latent_diffusion import losses, scheduler_config
from core.training.objective import SNR_BOUND, Objective

BARS = linear_alpha_bars()
T = torch.tensor([0, 10, 150, 400, 700, 999])


def objective(prediction: Prediction, weighting: Weighting) -> Objective:
    return Objective(prediction, weighting, BARS)


def of_x0(prediction: Prediction, weighting: Weighting) -> torch.Tensor:
    """The weight that the error of x0 gets: the loss's, times what turns one error into another."""
    snr = BARS[T] / (1 - BARS[T])
    turned = snr if prediction is Prediction.EPSILON else snr + 1
    return objective(prediction, weighting).weights(T) * turned


@pytest.mark.parametrize("prediction", Prediction)
def test_min_snr_weighs_x0_alike_whatever_is_predicted(prediction: Prediction) -> None:
    """Hang et al. 2023, section 3.4: min(SNR, gamma) of the error of x0."""
    snr = BARS[T] / (1 - BARS[T])
    found = of_x0(prediction, Weighting.MIN_SNR)
    torch.testing.assert_close(found, snr.clamp(max=SNR_BOUND))


def test_the_other_weights_of_x0() -> None:
    snr = BARS[T] / (1 - BARS[T])
    v, epsilon = Prediction.V, Prediction.EPSILON
    torch.testing.assert_close(of_x0(epsilon, Weighting.SIMPLE), snr)
    torch.testing.assert_close(of_x0(v, Weighting.SIMPLE), snr + 1)
    bounded = (snr + 1).clamp(max=SNR_BOUND)
    torch.testing.assert_close(of_x0(v, Weighting.MIN_SNR_PLUS_1), bounded)
    with pytest.raises(TrainingError, match="has no bound for epsilon"):
        objective(epsilon, Weighting.MIN_SNR_PLUS_1)


@pytest.mark.parametrize("prediction", Prediction)
def test_a_network_that_is_right_has_no_loss(prediction: Prediction) -> None:
    scheduler = scheduler_config(prediction)
    bars = scheduler.alphas_cumprod
    clean, eps = torch.randn(3, 4, 8, 8), torch.randn(3, 4, 8, 8)
    t = torch.tensor([0, 300, 999])
    noised = scheduler.add_noise(clean, eps, t)
    right = eps if prediction is Prediction.EPSILON else scheduler.get_velocity(clean, eps, t)

    class Right:
        def __call__(self, x: torch.Tensor, t: torch.Tensor, states: torch.Tensor) -> Any:
            torch.testing.assert_close(x, noised)
            return type("Output", (), {"sample": right})

    goal = Objective(prediction, Weighting.SIMPLE, bars)
    found = losses(Right(), goal, clean, torch.zeros(3, 3, 4), t, eps)
    assert found["loss"] < 1e-10
    assert found[str(prediction)] < 1e-10


def test_labels_are_drawn_evenly_or_from_the_noisier_half() -> None:
    rng = np.random.default_rng(0)
    even = objective(Prediction.EPSILON, Weighting.SIMPLE).labels(rng, 4000)
    noisier = objective(Prediction.V, Weighting.MIN_SNR_PLUS_1).labels(rng, 4000)
    for labels, share in ((even, 1 / 2), (noisier, 3 / 4)):
        assert 0 <= labels.min() <= labels.max() <= 999
        assert (labels >= 500).float().mean() == pytest.approx(share, abs=0.03)
