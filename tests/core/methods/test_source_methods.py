"""Plug-and-Play, MasaCtrl, direct inversion, negative prompt, CycleDiffusion with attention."""

from importlib import import_module
from itertools import pairwise

import pytest
import torch

from core.attention.control import AttentionControl
from core.attention.from_source import FeaturesFromSource, after_features
from core.attention.store import AttentionStore
from core.attention.word_alignment import cut
from core.errors import RequestError
from core.inversion.code import follow
from core.inversion.ddim import encode
from core.inversion.dpm_encoder import encode as encode_noise
from core.methods import cycle_diffusion, method_for
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
from core.training.clip import PRESETS, Preset, build
from tests.core.edits import SOURCE, TARGET, last, sd1_unet, sdxl_unet, task, tiny, with_unet
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
ONCE = {**ALL, "inversion_iterations": 1}  # the papers' inversion
PAPER = {"inversion_strength": 1.0, "inversion_iterations": 1, "guided_steps": 1.0}
EQUAL = [
    PlugAndPlaySettings(**ONCE, feature_steps=1.0, query_steps=1.0),
    MasaCtrlSettings(**ONCE),
    NegativePromptSettings(**ONCE),
    CycleDiffusionSettings(**ALL, eta=0.1, attention=True),
    *(DirectInversionSettings(**ONCE, control=c) for c in ("plug-and-play", "masactrl")),
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
    settings = EditFriendlySettings(inversion_strength=0.64, guided_steps=1.0)
    one = task(model, settings, target=SOURCE, guidance_scale=settings.source_guidance_scale)
    assert (last(method_for(settings)(one)).x - one.clean).abs().max() < 1e-4


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            PlugAndPlaySettings(**PAPER, feature_steps=0.6, query_steps=0.4, inversion_substeps=2),
            [1] * 10 + [3] * 3 + [2] * 2,
        ),
        (MasaCtrlSettings(**PAPER), [1] * 5 + [3] * 5),
        (
            NegativePromptSettings(**PAPER, cross_steps=0.4, self_steps=0.2),
            [1] * 5 + [3] * 2 + [2] * 3,
        ),
        (
            DirectInversionSettings(inversion_strength=0.36, cross_steps=0.6, guided_steps=1.0),
            [1] * 12 + [3] * 2 + [2],
        ),
        (CycleDiffusionSettings(inversion_strength=0.36, guided_steps=1.0), [1] * 3 + [2] * 3),
        (
            CycleDiffusionSettings(
                inversion_strength=0.36, guided_steps=1.0, attention=True, cross_steps=0.3
            ),
            [1] * 3 + [3] + [2] * 2,
        ),
        (
            PromptToPromptSettings(**PAPER | {"guided_steps": 0.6}, cross_steps=0.4),
            [1] * 5 + [3] * 2 + [2] + [1] * 2,
        ),
        (
            PromptToPromptSettings(**PAPER | {"guided_steps": 0.4}, cross_steps=0.6),
            [1] * 5 + [3] * 2 + [2] + [1] * 2,
        ),
        (
            EditFriendlySettings(inversion_strength=1.0, guided_steps=0.4),
            [2] * 5 + [2] * 2 + [1] * 3,
        ),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_branch_leaves_the_batch_when_it_is_no_longer_needed(settings, expected, model):
    assert counted(model, task(model, settings), settings) == expected


@pytest.mark.parametrize(
    "settings",
    [
        PromptToPromptSettings(blend_words=("dog",), inversion_iterations=1),
        PlugAndPlaySettings(inversion_iterations=1),
        MasaCtrlSettings(inversion_iterations=1),
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
    settings = DirectInversionSettings(
        inversion_strength=1.0, inversion_iterations=1, cross_steps=1.0
    )
    one = task(model, settings)
    list(method_for(settings)(one))
    code, _ = made(encode(of_model(model, one.source), model.path, one.clean, one.timesteps))
    assert len(seen) == 5
    for t, x in seen:
        torch.testing.assert_close(x, code.points[t], rtol=1e-4, atol=1e-5)


class Seen(AttentionControl):
    """Looks at self-attention behind the method's own controls."""

    needs_source = range(0)
    sees_maps = True

    def __init__(self, where):
        super().__init__(range(1000))
        self.where, self.parts, self.used = where, [], []

    def reaches(self, site):
        return not site.cross and self.where(site)

    def inputs(self, site, query, key, value):
        self.parts.append((self.step, query, key, value))
        return query, key, value

    def maps(self, site, maps):
        self.used.append((self.step, maps))
        return maps


class SeenFeatures(FeaturesFromSource):
    """Looks at the features behind the method's own hook."""

    needs_source = range(0)

    def __init__(self):
        super().__init__(range(1000))
        self.seen = []

    def output(self, features):
        self.seen.append((self.step, features))
        return features


@pytest.fixture
def look(monkeypatch):
    """Puts more controls behind those that a method makes."""

    def put_in(name, *seen):
        make = getattr(import_module(name.rpartition(".")[0]), name.rpartition(".")[2])
        monkeypatch.setattr(name, lambda *given: [*make(*given), *seen])

    return put_in


def from_source(parts):
    """For each row but the source's own, the first, whether it is the source's."""
    return [torch.equal(part[0], row) for part in parts for row in part[1:]]


def test_plug_and_plays_walk_has_the_sources_features_and_maps(model, look):
    """In the guided row and in the unguided one, for as many steps as the settings say."""
    settings = PlugAndPlaySettings(**PAPER, feature_steps=0.6, query_steps=0.4)
    attention, features = Seen(after_features(model.network)), SeenFeatures()
    look("core.methods.plug_and_play.feature_controls", attention, features)
    list(method_for(settings)(task(model, settings)))
    sizes = [len(found) for _, found in features.seen]
    assert sizes == [3, 3, 3, 2, 2]
    for step, found in features.seen:
        assert from_source([found]) == [step < 3] * (sizes[step] - 1)
    assert len(attention.parts) == 8 * 5
    for step, query, key, value in attention.parts:
        assert from_source([query, key]) == [step < 2] * (2 * len(query) - 2)
        assert not any(from_source([value]))


def test_masactrls_walk_has_the_sources_keys_and_values(model, look):
    """From the settings' step and layer on, in the guided row and in the unguided one."""
    settings = MasaCtrlSettings(**PAPER, mutual_start=0.4)
    seen = [Seen(lambda site: site.order >= 10), Seen(lambda site: site.order < 10)]
    look("core.methods.masactrl.mutual_controls", *seen)
    list(method_for(settings)(task(model, settings)))
    assert [len(one.parts) for one in seen] == [6 * 5, 10 * 5]
    for deep, one in zip((True, False), seen, strict=True):
        for step, query, key, value in one.parts:
            if step > 0:  # at first all rows are one picture
                assert from_source([key, value]) == [deep and step >= 2] * 4
                assert not any(from_source([query]))


def test_masactrls_objects_draw_on_themselves(model, look):
    settings = MasaCtrlSettings(
        **PAPER, object_words=("cat", "dog"), mutual_start=0.2, object_threshold=0.5
    )
    one = task(model, settings)
    store, control = mutual_controls(one, settings, 5)
    assert isinstance(store, AttentionStore)
    assert store.steps == range(5)
    assert control.steps == range(1, 5)
    words = [cut(model.tokenizer, prompt) for prompt in (SOURCE, TARGET)]
    assert control.tokens == {"source": [*words[0].find("cat")], "target": [*words[1].find("dog")]}
    seen = Seen(lambda site: site.order >= 10)
    look("core.methods.masactrl.mutual_controls", seen)
    final = last(method_for(settings)(one)).x
    assert any((maps[1:] == 0).any() for step, maps in seen.used if step >= 1)
    assert not any((maps[1:] == 0).any() for step, maps in seen.used if step < 1)
    assert not any((maps[0] == 0).any() for _, maps in seen.used)
    plain = MasaCtrlSettings(**PAPER, mutual_start=0.2)
    assert not torch.allclose(final, last(method_for(plain)(task(model, plain))).x)


def test_masactrls_object_has_a_word_in_each_prompt(model):
    for words, message in ((("zebra",), "“zebra” is not in"), (("cat",), "no object word")):
        settings = MasaCtrlSettings(object_words=words)
        with pytest.raises(RequestError, match=message):
            list(method_for(settings)(task(model, settings)))


class TestDraws:
    @pytest.fixture
    def with_tower(self, model, monkeypatch, tmp_path):
        """The model with a random CLIP in its folder."""
        length, size = model.tokenizer.model_max_length, len(model.tokenizer)
        preset = Preset(64, 1, 64, 1, 16, 8, size, length, 1, PRESETS["cpu"].schedule)
        torch.manual_seed(0)
        build(preset, size, 32).save_pretrained(tmp_path / "clip")
        model.tokenizer.save_pretrained(tmp_path / "tokenizer")
        monkeypatch.setattr(model, "folder", tmp_path)
        return model

    def ends(self, model, draws):
        """Where each draw ended, and the result."""
        settings = CycleDiffusionSettings(inversion_strength=0.36, draws=draws)
        states = list(method_for(settings)(task(model, settings)))
        assert len(states) == settings.network_steps(5) == 6 * draws
        each = [s.x for s in states if s.phase == "sample" and s.step == s.steps]
        return each, states[-1].x

    def test_the_best_by_directional_clip_is_the_result(self, with_tower, monkeypatch):
        alone, only = self.ends(with_tower, 1)
        assert torch.equal(alone[0], only)
        given = {}
        rank = cycle_diffusion.ranked

        def noted(tower, before, after, source, target):
            given.update(before=before, after=after, prompts=(source, target))
            given["order"] = rank(tower, before, after, source, target)
            return given["order"]

        monkeypatch.setattr(cycle_diffusion, "ranked", noted)
        each, best = self.ends(with_tower, 3)
        assert torch.equal(each[0], only)
        assert not torch.equal(each[0], each[1])
        assert given["prompts"] == (SOURCE, TARGET)
        assert given["before"].shape == (128, 128, 3)
        (first, score), *others = given["order"]
        assert all(score >= other for _, other in others)
        shown = with_tower.decode(best)[0].clamp(-1, 1).permute(1, 2, 0).numpy()
        assert abs((shown + 1) * 127.5 - given["after"][first]).max() <= 0.51
        if first < 2:
            assert torch.equal(best, each[first])

    def test_without_a_tower_it_says_so_before_any_work(self, model):
        model.network_evaluations = 0
        with pytest.raises(RequestError, match="set draws to 1"):
            self.ends(model, 2)
        assert model.network_evaluations == 0


def test_masactrl_starts_at_the_papers_step_and_layer(model):
    settings = MasaCtrlSettings()
    (control,) = mutual_controls(task(model, settings), settings, 50)
    assert control.steps == range(4, 50)
    sites = [s for s in attention(model) if control.reaches(s)]
    assert [site.order for site in sites] == list(range(10, 16))


def attention(model):
    from core.attention.control import attention_sites

    return attention_sites(model.network)


def test_negative_prompt_leads_away_from_the_source(model):
    """Equal prompts: guidance cancels out at any scale, and the walk is plain reconstruction."""
    settings = NegativePromptSettings(inversion_strength=1.0, inversion_iterations=1)
    one = task(model, settings, target=SOURCE, guidance_scale=9.0)
    final = last(method_for(settings)(one)).x
    denoise = of_model(model, one.source)
    code, _ = made(encode(denoise, model.path, one.clean, one.timesteps))
    rebuilt = last(follow(denoise, model.path, code)).x
    torch.testing.assert_close(final, rebuilt, rtol=1e-3, atol=1e-4)
