"""Codes lead back to the picture: on a network, and on the exact denoiser of a Gaussian."""

from dataclasses import replace
from itertools import pairwise

import pytest
import torch

from core.inversion import ddim, dpm_encoder, edit_friendly
from core.inversion.code import follow
from core.sampling.denoiser import from_network, of_model
from core.sampling.guidance import classifier_free
from core.sampling.path import VariancePreserving, linear_alpha_bars
from tests.core.edits import last, task, tiny

PATH = VariancePreserving(linear_alpha_bars())


@pytest.fixture(scope="module", params=["epsilon", "v_prediction", "flow"])
def model(request, tmp_path_factory):
    torch.set_num_threads(1)
    return tiny(tmp_path_factory.mktemp("model"), request.param)


def made(way):
    """The code that a generator returns, and its states."""
    states = []
    while True:
        try:
            states.append(next(way))
        except StopIteration as end:
            return end.value, states


def seeded():
    return torch.Generator().manual_seed(4)


def gaussian(path, mean=0.4, variance=0.3):
    """The exact denoiser where pictures are N(mean, variance), every number on its own."""

    def predict(x, t):
        alpha, sigma = path.alpha(t), path.sigma(t)
        gain = alpha * variance / (alpha**2 * variance + sigma**2)
        x0 = mean + gain * (x - alpha * mean)
        return (x - alpha * x0) / sigma

    return from_network(predict, "epsilon", path)


ENCODERS = {
    "dpm-encoder": lambda *given, eta: dpm_encoder.encode(*given, eta=eta, generator=seeded()),
    "edit-friendly": lambda *given, eta: edit_friendly.encode(*given, eta=eta, generator=seeded()),
}


@pytest.mark.parametrize("eta", [0.1, 1.0])
@pytest.mark.parametrize("name", ENCODERS)
def test_the_network_leads_back_to_the_picture(name, eta, model):
    one = task(model, None, steps=10)
    denoise = of_model(model, one.source)
    code, states = made(ENCODERS[name](denoise, model.path, one.clean, one.timesteps, eta=eta))
    assert len(states) == 10
    assert all(state.phase == "invert" for state in states)
    rebuilt = last(follow(denoise, model.path, code)).x
    assert (rebuilt - one.clean).abs().max() < 1e-5


@pytest.mark.parametrize("final_alpha_bar", [1.0, float(PATH.alpha_bars[0])])
@pytest.mark.parametrize("name", ENCODERS)
def test_the_exact_denoiser_leads_back_to_the_picture(name, final_alpha_bar):
    path = replace(PATH, final_alpha_bar=final_alpha_bar)
    x0 = torch.randn(1, 4, 32, 32, generator=seeded())
    labels = path.timesteps(100)
    code, _ = made(ENCODERS[name](gaussian(path), path, x0, labels, eta=0.1))
    rebuilt = last(follow(gaussian(path), path, code)).x
    assert (rebuilt - x0).abs().max() < 1e-5


def test_leaving_the_last_step_out_costs_the_picture():
    x0 = torch.randn(1, 4, 32, 32, generator=seeded())
    labels = PATH.timesteps(100)
    code, _ = made(ENCODERS["dpm-encoder"](gaussian(PATH), PATH, x0, labels, eta=0.1))
    shorter = replace(code, noises={t: code.noises[t] for t in labels[:-2]})
    rebuilt = last(follow(gaussian(PATH), PATH, shorter)).x
    assert (rebuilt - x0).abs().mean() > 1e-3


def test_the_way_is_drawn_from_the_posterior_or_freely():
    """Every point is alpha x0 + sigma noise; neighbours share their noise, or have nothing in it.

    Step by step with eta = .1, nearly all of the noise is handed on: sqrt(sigma_s^2 - c^2) of it.
    """
    x0 = torch.randn(1, 4, 64, 64, generator=seeded())
    labels = PATH.timesteps(20)
    shared = {}
    for name, encode in ENCODERS.items():
        code, _ = made(encode(gaussian(PATH), PATH, x0, labels, eta=0.1))
        noises = [(code.points[t] - PATH.alpha(t) * x0) / PATH.sigma(t) for t in labels[:-1]]
        for noise in noises:
            assert noise.std() == pytest.approx(1.0, abs=0.03)
            assert noise.mean().abs() < 0.03
        shared[name] = [(a * b).mean().item() for a, b in pairwise(noises)]
        assert torch.equal(code.points[labels[-1]], x0)
    for share, (t, s) in zip(shared["dpm-encoder"], pairwise(labels[:-1]), strict=True):
        c = 0.1 * dpm_encoder.ancestral_scale(PATH, t, s)
        kept = (1 - (c / PATH.sigma(s)) ** 2) ** 0.5
        assert share == pytest.approx(kept, abs=0.03)
    assert max(map(abs, shared["edit-friendly"])) < 0.03


def test_other_words_give_another_picture(model):
    one = task(model, None, steps=5)
    code, _ = made(
        dpm_encoder.encode(
            one.under_source(), model.path, one.clean, one.timesteps, generator=seeded()
        )
    )
    guided = classifier_free(model, one.target, one.empty, 5.0)
    assert (last(follow(guided, model.path, code)).x - one.clean).abs().max() > 0.01


def test_a_code_needs_noise():
    with pytest.raises(ValueError, match="eta must be above 0"):
        next(dpm_encoder.encode(gaussian(PATH), PATH, torch.zeros(1), [1.0, -1.0], eta=0.0))


def test_a_fine_inversion_passes_the_walks_labels(model):
    one = task(model, None, steps=4)
    path = model.path
    fine = ddim.subdivide(path, one.timesteps, 5)
    assert fine[::5] == one.timesteps
    assert fine == sorted(fine, reverse=True)
    denoise = of_model(model, one.source)
    errors = []
    finest, _ = made(ddim.encode(denoise, path, one.clean, one.timesteps, substeps=12))
    for substeps in (1, 5):
        code, states = made(ddim.encode(denoise, path, one.clean, one.timesteps, substeps=substeps))
        assert len(states) == 4 * substeps
        assert list(code.points) == one.timesteps
        errors.append((code.start - finest.start).abs().mean())
    assert errors[1] < errors[0]
