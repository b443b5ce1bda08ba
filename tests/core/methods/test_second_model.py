"""Edits that one model begins and another ends, and what the two must have in common."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from core.errors import RequestError
from core.events import Finished
from core.inversion.kinds import DPMEncoding
from core.methods.cycle_diffusion import cycle_diffusion
from core.models.library import ModelLibrary
from core.request import EditRequest
from core.run import run_edit
from core.sampling.path import VariancePreserving, linear_alpha_bars
from core.settings import CycleDiffusionSettings, DDIBSettings
from core.training import pixel_diffusion as pixel_trainer
from core.training.loop import Schedule
from tests.core.edits import last
from tests.core.methods.two_models import NARROW, PATH, WIDE, Exact, between, flat
from tests.tiny_model import write_tiny_model

KINDS = (DDIBSettings, CycleDiffusionSettings)


def translation(mine, other, *, steps=20, mask=None, **settings):
    """A task on 40 pixels, from `mine` to `other`, by CycleDiffusion."""
    told = {"inversion_strength": 1.0, "target_model": "other", **settings}
    return between(mine, other, CycleDiffusionSettings(**told), steps=steps, mask=mask)


def mean(distribution, x, t, s, eta):
    """Mean of the step from t to s (Song et al. 2021, eq. 12 and 16), x [N, 2]."""
    alphas = [PATH.alpha(label) for label in (t, s)]
    sigmas = [PATH.sigma(label) for label in (t, s)]
    x0 = distribution.x0(x, alphas[0], sigmas[0])
    eps = (x - alphas[0] * x0) / sigmas[0]
    spread = eta * sigmas[1] / sigmas[0] * (1 - (alphas[0] / alphas[1]) ** 2) ** 0.5
    return alphas[1] * x0 + (sigmas[1] ** 2 - spread**2) ** 0.5 * eps


@pytest.mark.parametrize("eta", [0.1, 1.0])
def test_the_code_of_one_model_is_decoded_by_the_other(eta):
    """Wu and De la Torre 2023, Algorithm 1, written out beside the method."""
    one = translation(Exact(WIDE), Exact(NARROW), eta=eta)
    making = one.invert(DPMEncoding(eta=eta), one.timesteps)
    while True:
        try:
            next(making)
        except StopIteration as end:
            code = end.value
            break
    x = flat(code.start)
    for t, s in pairwise(code.timesteps):
        before, after = flat(code.points[t]), flat(code.points[s])
        noise = after - mean(WIDE, before, t, s, eta)
        x = mean(NARROW, x, t, s, eta) + noise
    again = translation(Exact(WIDE), Exact(NARROW), eta=eta)  # the same noise, not drawn yet
    found = flat(last(cycle_diffusion(again)).x)
    torch.testing.assert_close(found, x, rtol=1e-8, atol=1e-8)
    assert (found - flat(one.clean)).abs().max() > 0.3


def test_one_domain_becomes_the_other():
    """Samples of the first distribution come out as samples of the second."""
    rng = torch.Generator().manual_seed(2)
    root = torch.linalg.cholesky(WIDE.covariance)
    drawn = WIDE.mean + torch.randn(6000, 2, generator=rng).double() @ root.T
    one = translation(Exact(WIDE), Exact(NARROW), steps=200, eta=1.0)
    one = replace(one, clean=drawn.T.reshape(1, 2, 60, 100))
    found = flat(last(cycle_diffusion(one)).x)
    assert (found.mean(0) - NARROW.mean).abs().max() < 0.05
    assert (found.T.cov() - NARROW.covariance).abs().max() < 0.05
    assert (NARROW.mean - WIDE.mean).abs().max() > 0.3


def test_evaluations_of_both_models_are_counted():
    one = translation(Exact(WIDE), Exact(NARROW), steps=10)
    assert len(list(cycle_diffusion(one))) == 20
    assert one.model.network_evaluations == 20


def test_naming_the_same_model_is_naming_none():
    mine = Exact(WIDE)
    plain = last(cycle_diffusion(translation(mine, mine, target_model=""))).x
    again = last(cycle_diffusion(translation(mine, mine, target_model="mine"))).x
    assert torch.equal(again, plain)


def test_outside_a_mask_the_picture_stays():
    mask = torch.zeros(1, 1, 5, 8).double()
    mask[..., :4] = 1
    one = translation(Exact(WIDE), Exact(NARROW), mask=mask)
    found = last(cycle_diffusion(one)).x
    assert torch.equal(found[..., 4:], one.clean[..., 4:])
    assert not torch.allclose(found[..., :4], one.clean[..., :4])


@pytest.mark.parametrize(
    "other",
    [
        Exact(NARROW, VariancePreserving(linear_alpha_bars(500), spacing="trailing")),
        Exact(NARROW, stretch=2.0),
    ],
    ids=["schedule", "first stage"],
)
def test_models_of_two_families_are_refused(other):
    with pytest.raises(RequestError, match="unlike first stages or schedules"):
        list(cycle_diffusion(translation(Exact(WIDE), other)))


def test_words_do_not_look_through_another_models_eyes():
    one = translation(Exact(WIDE), Exact(NARROW), attention=True)
    with pytest.raises(RequestError, match="leave the attention control off"):
        list(cycle_diffusion(one))


def test_a_second_model_of_the_library_through_the_whole_edit(tmp_path):
    """By its folder, too; the recipe names it and its weights."""
    for number, name in enumerate(("first", "second")):
        write_tiny_model(tmp_path / name, prediction="v_prediction", seed=number)
    library = ModelLibrary([tmp_path])
    picture = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    results = []
    for asked in ("", "second", str(tmp_path / "second")):
        settings = DDIBSettings(target_model=asked)
        request = EditRequest(
            settings, picture, None, "a cat", "a dog", steps=2, guidance_scale=2.0, model="first"
        )
        *_, finished = run_edit(request, library.load("first", "cpu"))
        assert isinstance(finished, Finished)
        assert finished.network_evaluations == 2 + 4
        results.append(finished)
    alone, other, by_folder = results
    assert not np.array_equal(alone.picture, other.picture)
    assert np.array_equal(other.picture, by_folder.picture)
    expected = {"name": "second", "fingerprint": library.fingerprint("second")}
    assert other.recipe["other_model"] == by_folder.recipe["other_model"] == expected
    assert alone.recipe["other_model"] is None


@pytest.mark.parametrize("kind", KINDS)
def test_between_two_pixel_models_of_two_domains(kind, tmp_path):
    """A picture goes up by the one and down by the other; both see the same pixels."""
    preset = pixel_trainer.Preset((16, 16), 1, 16, 8, 8, Schedule(1e-3))
    for seed, name in enumerate(("animals", "food")):
        torch.manual_seed(seed)
        pixel_trainer.export(pixel_trainer.build(preset), tmp_path / name)
    library = ModelLibrary([tmp_path])
    picture = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    results = []
    for target in ("food", "animals"):
        settings = kind(target_model=target, inversion_strength=1.0)
        request = EditRequest(settings, picture, steps=3, model="animals")
        *_, finished = run_edit(request, library.load("animals", "cpu"))
        assert isinstance(finished, Finished)
        assert finished.picture.shape == picture.shape
        assert finished.recipe["other_model"]["name"] == target
        assert finished.network_evaluations == 3 + 3
        results.append(finished.picture.astype(int))
    there, home = results
    assert np.abs(there - home).max() > 0
