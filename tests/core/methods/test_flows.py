"""RF-Inversion and FlowEdit against their papers' updates written out, and their limits."""

from itertools import pairwise

import pytest
import torch

from core.methods.flowedit import flowedit
from core.methods.rf_inversion import rf_inversion
from core.settings import FlowEditSettings, RFInversionSettings
from tests.core.edits import SOURCE, last, task, tiny


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    torch.set_num_threads(1)
    return tiny(tmp_path_factory.mktemp("model"), "flow")


def velocities(model, x, t, wanted, unwanted, scale):
    without, with_prompt = (model.predict(x, t, c) for c in (unwanted, wanted))
    return without + scale * (with_prompt - without)


@torch.no_grad()
def test_rf_inversion_is_the_papers_update(model):
    settings = RFInversionSettings(gamma=0.5, eta=0.9, eta_steps=0.4)
    one = task(model, settings, guidance_scale=2.5, seed=3)
    sigmas = [1.0, 0.8, 0.6, 0.4, 0.2, 0.0]
    noise = torch.randn(one.clean.shape, generator=torch.Generator().manual_seed(3))
    y = one.clean
    for now, then in pairwise(sigmas[::-1]):
        u = model.predict(y, 1000 * now, one.empty)
        y = y + (then - now) * (u + 0.5 * ((noise - y) / (1 - now) - u))
    for i, (now, then) in enumerate(pairwise(sigmas)):
        v = velocities(model, y, 1000 * now, one.target, one.empty, 2.5)
        eta = 0.9 if i < 2 else 0.0
        y = y + (then - now) * (v + eta * ((y - one.clean) / now - v))
    torch.testing.assert_close(last(rf_inversion(one)).x, y, rtol=1e-3, atol=1e-4)


def test_rf_inversion_at_its_ends(model):
    """gamma 1 ends in the noise itself, eta 1 in the picture."""
    settings = RFInversionSettings(gamma=1.0, eta=1.0, eta_steps=1.0)
    one = task(model, settings, seed=3)
    noise = torch.randn(one.clean.shape, generator=torch.Generator().manual_seed(3))
    *way, final = rf_inversion(one)
    torch.testing.assert_close(way[4].x, noise, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(final.x, one.clean, rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_flowedit_is_the_papers_update(model):
    settings = FlowEditSettings(inversion_strength=0.64, source_guidance_scale=1.5)
    one = task(model, settings, guidance_scale=5.5, seed=3)
    generator = torch.Generator().manual_seed(3)
    z = one.clean
    for now, then in pairwise([0.8, 0.6, 0.4, 0.2, 0.0]):
        eps = torch.randn(z.shape, generator=generator)
        x = (1 - now) * one.clean + now * eps
        there = velocities(model, z + x - one.clean, 1000 * now, one.target, one.empty, 5.5)
        here = velocities(model, x, 1000 * now, one.source, one.empty, 1.5)
        z = z + (then - now) * (there - here)
    torch.testing.assert_close(last(flowedit(one)).x, z, rtol=1e-3, atol=1e-4)


def test_flowedit_from_a_prompt_to_itself_is_the_picture(model):
    settings = FlowEditSettings(source_guidance_scale=2.0, draws=2)
    one = task(model, settings, target=SOURCE, guidance_scale=2.0)
    torch.testing.assert_close(last(flowedit(one)).x, one.clean, rtol=1e-4, atol=1e-5)
