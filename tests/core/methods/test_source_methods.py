"""Plug-and-Play, MasaCtrl, direct inversion, negative prompt, CycleDiffusion with attention."""

from itertools import pairwise

import pytest
import torch

from core.inversion.code import follow
from core.inversion.ddim import encode
from core.inversion.dpm_encoder import encode as encode_noise
from core.methods import method_for
from core.methods.decoding import decode_beside_source
from core.methods.masactrl import mutual_controls
from core.methods.plug_and_play import feature_controls
from core.sampling.branches import Branch, Branches
from core.sampling.denoiser import of_model
from core.sampling.path import last_part
from core.settings import (
    CycleDiffusionSettings,
    DirectInversionSettings,
    EditFriendlySettings,
    LEditsPPSettings,
    MasaCtrlSettings,
    NegativePromptSettings,
    PlugAndPlaySettings,
    PromptToPromptSettings,
)
from tests.core.edits import SOURCE, last, sd1_unet, sdxl_unet, task, tiny, with_unet
from tests.core.inversion.test_codes import made


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    torch.set_num_threads(1)
    return with_unet(tiny(tmp_path_factory.mktemp("model")), sd1_unet())


def counted(model, one, settings):
    """Network evaluations of each step."""
    model.network_evaluations, counts = 0, [0]
    for _ in method_for(settings)(one):
        counts.append(model.network_evaluations)
    return [after - before for before, after in pairwise(counts)]


ALL = {"inversion_strength": 0.64}
EQUAL = [
    PlugAndPlaySettings(**ALL, feature_steps=1.0, query_steps=1.0, inversion_substeps=1),
    MasaCtrlSettings(**ALL),
    NegativePromptSettings(**ALL),
    CycleDiffusionSettings(**ALL, attention=True),
    *(DirectInversionSettings(**ALL, control=c) for c in ("plug-and-play", "masactrl")),
]


@pytest.mark.parametrize("settings", EQUAL, ids=lambda s: f"{s.name}{getattr(s, 'control', '')}")
def test_equal_prompts_reproduce_the_reconstruction(settings, model):
    """Without guidance, which else adds what the source's own walk lacks.

    Where the source is held on the code's points, what reaches the target at its first step is its
    own; after that the two differ by the inversion's error, so the first step is compared.
    """
    one = task(model, settings, target=SOURCE, guidance_scale=1.0)
    labels = last_part(one.timesteps, 0.8)
    denoise = of_model(model, one.source)
    if settings.name == "cycle-diffusion":
        way = encode_noise(denoise, model.path, one.clean, labels, generator=one.generator)
    else:
        way = encode(denoise, model.path, one.clean, labels)
    code, _ = made(way)
    rebuilt = list(follow(denoise, model.path, code))
    again = task(model, settings, target=SOURCE, guidance_scale=1.0)
    states = [s for s in method_for(settings)(again) if s.phase == "sample"]
    compared = 1 if settings.name in ("plug-and-play", "direct-inversion") else len(states)
    for mine, theirs in zip(states[:compared], rebuilt, strict=False):
        torch.testing.assert_close(mine.x, theirs.x, rtol=1e-4, atol=1e-5)
    if settings.name == "cycle-diffusion":
        assert (states[-1].x - one.clean).abs().max() < 1e-4


def test_plug_and_play_with_the_source_in_its_own_walk_reproduces_it(model):
    settings = PlugAndPlaySettings(feature_steps=1.0, query_steps=1.0)
    one = task(model, settings, target=SOURCE)
    denoise = of_model(model, one.source)
    code, _ = made(encode(denoise, model.path, one.clean, one.timesteps))
    branch = Branch(one.source, one.empty)
    states = decode_beside_source(one, code, branch, branch, feature_controls(one, settings, 5))
    rebuilt = last(follow(denoise, model.path, code)).x
    torch.testing.assert_close(last(states).x, rebuilt, rtol=1e-4, atol=1e-5)


def test_edit_friendly_gives_the_picture_back_under_its_own_prompt(model):
    settings = EditFriendlySettings(inversion_strength=0.64)
    one = task(model, settings, target=SOURCE, guidance_scale=settings.source_guidance_scale)
    assert (last(method_for(settings)(one)).x - one.clean).abs().max() < 1e-4


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            PlugAndPlaySettings(feature_steps=0.6, query_steps=0.4, inversion_substeps=2),
            [1] * 10 + [3] * 3 + [2] * 2,
        ),
        (MasaCtrlSettings(), [1] * 5 + [3] * 5),
        (
            NegativePromptSettings(inversion_strength=1.0, cross_steps=0.4, self_steps=0.2),
            [1] * 5 + [3] * 2 + [2] * 3,
        ),
        (DirectInversionSettings(inversion_strength=0.36), [1] * 3 + [3] * 2 + [2]),
        (CycleDiffusionSettings(inversion_strength=0.36), [1] * 3 + [2] * 3),
        (
            CycleDiffusionSettings(inversion_strength=0.36, attention=True, cross_steps=0.3),
            [1] * 3 + [3] + [2] * 2,
        ),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_the_source_leaves_the_batch_when_it_is_no_longer_needed(settings, expected, model):
    assert counted(model, task(model, settings), settings) == expected


@pytest.mark.parametrize(
    "settings",
    [
        PromptToPromptSettings(blend_words=("dog",)),
        PlugAndPlaySettings(inversion_substeps=1),
        MasaCtrlSettings(),
        LEditsPPSettings(),
    ],
    ids=lambda settings: settings.name,
)
def test_they_work_on_an_xl_shape(settings, model):
    xl = with_unet(model, sdxl_unet())
    before = dict(xl.unet.attn_processors)
    assert torch.isfinite(last(method_for(settings)(task(xl, settings, steps=2))).x).all()
    assert xl.unet.attn_processors == before


def test_direct_inversion_holds_the_source_on_its_way(model, monkeypatch):
    seen = []
    predict = Branches._predict

    def watched(self, x, t):
        if len(self.branches) == 2:
            seen.append((t, x[:1]))
        return predict(self, x, t)

    monkeypatch.setattr(Branches, "_predict", watched)
    settings = DirectInversionSettings(inversion_strength=1.0, cross_steps=1.0)
    one = task(model, settings)
    list(method_for(settings)(one))
    code, _ = made(encode(of_model(model, one.source), model.path, one.clean, one.timesteps))
    assert len(seen) == 5
    for t, x in seen:
        torch.testing.assert_close(x, code.points[t], rtol=1e-4, atol=1e-5)


def test_masactrl_starts_at_the_papers_step_and_layer(model):
    (control,) = mutual_controls(MasaCtrlSettings(), 50)
    assert control.steps == range(4, 50)
    sites = [s for s in attention(model) if control.reaches(s)]
    assert [site.order for site in sites] == list(range(10, 16))


def attention(model):
    from core.attention.control import attention_sites

    return attention_sites(model.network)


def test_negative_prompt_leads_away_from_the_source(model):
    """Equal prompts: guidance cancels out at any scale, and the walk is plain reconstruction."""
    settings = NegativePromptSettings(inversion_strength=1.0)
    one = task(model, settings, target=SOURCE, guidance_scale=9.0)
    final = last(method_for(settings)(one)).x
    denoise = of_model(model, one.source)
    code, _ = made(encode(denoise, model.path, one.clean, one.timesteps))
    rebuilt = last(follow(denoise, model.path, code)).x
    torch.testing.assert_close(final, rebuilt, rtol=1e-3, atol=1e-4)
