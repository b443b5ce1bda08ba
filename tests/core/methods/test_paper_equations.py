"""Methods whose papers have no pipeline to compare with, as plain loops over the paper's equations.

In the papers' letters: ab is alpha-bar at t, ab' at the next label, e the predicted noise.
"""

from itertools import pairwise

import pytest
import torch

from core.inversion import ddim
from core.inversion.null_text import optimise
from core.methods import method_for
from core.settings import (
    DDIBSettings,
    DDIMSwapSettings,
    EditFriendlySettings,
    NegativePromptSettings,
    NullTextSettings,
    PromptToPromptSettings,
)
from tests.core.edits import last, task, tiny
from tests.core.inversion.test_codes import made

OFF = {"inversion_strength": 1.0, "cross_steps": 0.0, "self_steps": 0.0, "guided_steps": 1.0}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    torch.set_num_threads(1)
    return tiny(tmp_path_factory.mktemp("model"))


def alpha_bar(model, t):
    return 1.0 if t < 0 else float(model.path.alpha_bars[int(t)])


def noise(model, x, t, wanted, unwanted=None, scale=1.0):
    """e, or e_u + w (e_c - e_u)."""
    e = model.predict(x, max(t, 0.0), wanted)
    if unwanted is None:
        return e
    without = model.predict(x, max(t, 0.0), unwanted)
    return without + scale * (e - without)


def moved(model, x, e, t, s):
    """DDIM's step without noise, up or down."""
    ab, next_ab = alpha_bar(model, t), alpha_bar(model, s)
    x0 = (x - (1 - ab) ** 0.5 * e) / ab**0.5
    return next_ab**0.5 * x0 + (1 - next_ab) ** 0.5 * e


def inverted(model, one, told="next"):
    """x at the noisy end: under the source prompt, with the label of the step's noisier end."""
    x = one.clean
    for t, s in pairwise(one.timesteps[::-1]):
        e = noise(model, x, s if told == "next" else t, one.source)
        x = moved(model, x, e, t, s)
    return x


@torch.no_grad()
@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (DDIMSwapSettings(inversion_strength=1.0), "next"),
        (DDIMSwapSettings(inversion_strength=1.0, inversion_label="current"), "current"),
        (DDIBSettings(solver="ddim"), "current"),
        (PromptToPromptSettings(**OFF, inversion_iterations=1), "next"),
    ],
)
def test_invert_and_swap(settings, told, model):
    """Song et al. 2021, eq. 14, up; eq. 12 with guidance down."""
    one = task(model, settings)
    x = inverted(model, one, told)
    for t, s in pairwise(one.timesteps):
        x = moved(model, x, noise(model, x, t, one.target, one.empty, 3.0), t, s)
    torch.testing.assert_close(last(method_for(settings)(one)).x, x, rtol=1e-3, atol=1e-4)


@torch.no_grad()
def test_guidance_in_a_part_of_the_walk(model):
    """Kynkäänniemi et al. 2024, eq. 5: guided at the first labels, then the prompt alone."""
    settings = PromptToPromptSettings(**OFF | {"guided_steps": 0.6}, inversion_iterations=1)
    one = task(model, settings)
    x = inverted(model, one)
    for index, (t, s) in enumerate(pairwise(one.timesteps)):
        scale = 3.0 if index < 3 else 1.0
        x = moved(model, x, noise(model, x, t, one.target, one.empty, scale), t, s)
    torch.testing.assert_close(last(method_for(settings)(one)).x, x, rtol=1e-3, atol=1e-4)


@torch.no_grad()
def test_negative_prompt(model):
    """Miyake et al. 2023, section 4: e = e_source + w (e_target - e_source)."""
    settings = NegativePromptSettings(**OFF, inversion_iterations=1)
    one = task(model, settings)
    x = inverted(model, one)
    for t, s in pairwise(one.timesteps):
        x = moved(model, x, noise(model, x, t, one.target, one.source, 3.0), t, s)
    torch.testing.assert_close(last(method_for(settings)(one)).x, x, rtol=1e-3, atol=1e-4)


def test_null_text(model):
    """Mokady et al. 2023, Algorithm 1, then a walk with each step's own empty prompt."""
    settings = NullTextSettings(**OFF, inner_steps=2)
    one = task(model, settings)
    code, _ = made(ddim.encode(one.under_source(), model.path, one.clean, one.timesteps))
    nulls, _ = made(optimise(model, one.source, one.empty, code, 3.0, inner_steps=2))
    assert len({null.hidden.sum().item() for null in nulls.values()}) == 5
    with torch.no_grad():
        x = inverted(model, one)
        for t, s in pairwise(one.timesteps):
            x = moved(model, x, noise(model, x, t, one.target, nulls[t], 3.0), t, s)
    found = last(method_for(settings)(task(model, settings))).x
    torch.testing.assert_close(found, x, rtol=1e-3, atol=1e-4)


@torch.no_grad()
def test_edit_friendly(model):
    """Huberman-Spiegelglas et al. 2024, Algorithm 1 and eqs. 4 to 7."""
    settings = EditFriendlySettings(
        inversion_strength=1.0, source_guidance_scale=3.5, guided_steps=1.0
    )
    one = task(model, settings, guidance_scale=9.0)

    def mean_and_width(x, e, t, s):
        ab, next_ab = alpha_bar(model, t), alpha_bar(model, s)
        variance = (1 - next_ab) / (1 - ab) * (1 - ab / next_ab)
        x0 = (x - (1 - ab) ** 0.5 * e) / ab**0.5
        return next_ab**0.5 * x0 + (1 - next_ab - variance) ** 0.5 * e, variance**0.5 or 1.0

    way, generator = {one.timesteps[-1]: one.clean}, torch.Generator().manual_seed(0)
    for t in one.timesteps[-2::-1]:
        ab, eps = alpha_bar(model, t), torch.randn(one.clean.shape, generator=generator)
        way[t] = ab**0.5 * one.clean + (1 - ab) ** 0.5 * eps
    x = way[one.timesteps[0]]
    for t, s in pairwise(one.timesteps):
        e = noise(model, way[t], t, one.source, one.empty, 3.5)
        mean, width = mean_and_width(way[t], e, t, s)
        z = (way[s] - mean) / width
        mean, _ = mean_and_width(x, noise(model, x, t, one.target, one.empty, 9.0), t, s)
        x = mean + width * z
    torch.testing.assert_close(last(method_for(settings)(one)).x, x, rtol=1e-3, atol=1e-3)
