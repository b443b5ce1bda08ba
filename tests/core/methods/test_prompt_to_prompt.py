"""Prompt-to-Prompt: the maps that reach the layers, and what follows from them."""

import pytest
import torch

from core.attention.control import AttentionControl, controlled
from core.attention.word_alignment import align, cut
from core.errors import RequestError
from core.inversion.code import follow
from core.inversion.ddim import encode
from core.methods.prompt_to_prompt import prompt_to_prompt, word_controls
from core.sampling.branches import Branch, Branches
from core.sampling.guidance import classifier_free
from core.settings import PromptToPromptSettings
from tests.core.edits import SOURCE, half_mask, last, sd1_unet, task, tiny, with_unet

Settings = PromptToPromptSettings


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    torch.set_num_threads(1)
    return with_unet(tiny(tmp_path_factory.mktemp("model")), sd1_unet())


class Probe(AttentionControl):
    """What reaches the layers behind the other controls."""

    def __init__(self):
        super().__init__(range(1000))
        self.cross, self.own = [], []
        self.sees_maps = True

    def reaches(self, site):
        return True

    def inputs(self, site, query, key, value):
        if not site.cross:
            self.own.append((query, key))
        return query, key, value

    def maps(self, site, maps):
        if site.cross:
            self.cross.append(maps)
        return maps


def test_maps_that_reach_the_layers_are_the_sources(model):
    settings = Settings(self_resolution=8, weights={"apple": 2.0}, replaced_words="refine")
    one = task(model, settings)
    controls, place = word_controls(one, settings, 5)
    assert place is None
    branches = Branches(
        model, [Branch(one.source, one.empty, 3.0), Branch(one.target, one.empty, 3.0)]
    )
    plain, probe = Probe(), Probe()
    for control in controls:
        control.rows = branches.rows
    x = torch.cat([one.clean, one.clean])
    with torch.no_grad():
        with controlled(model.network, plain):
            branches(x, 500.0)
        with controlled(model.network, *controls, probe):
            branches(x, 500.0)
    words = [cut(model.tokenizer, p) for p in (one.source_prompt, one.target_prompt)]
    alignment = align(*words, 24, replace=False)
    factors = torch.ones(24)
    factors[list(words[1].find("apple"))] = 2.0
    # the source's rows and the unguided ones are never touched: rows are [u, source, u, target]
    for before, after in zip(plain.cross, probe.cross, strict=True):
        torch.testing.assert_close(before[:3], after[:3], rtol=1e-4, atol=1e-6)
    for maps, first in ((probe.cross[0], plain.cross[0]),):
        mixed = maps[1] @ alignment.source_to_target * alignment.taken
        mixed = (mixed + first[3] * (1 - alignment.taken)) * factors
        torch.testing.assert_close(maps[3], mixed, rtol=1e-4, atol=1e-6)
    kept = (alignment.taken > 0) & (factors == 1)
    for maps in probe.cross:
        expected = (maps[1] @ alignment.source_to_target)[..., kept]
        torch.testing.assert_close(maps[3][..., kept], expected)
    small = [part for part in probe.own if part[0].shape[2] <= 64]
    assert len(small) == 11
    assert all(torch.equal(part[1], part[3]) for parts in small for part in parts)
    large = [part for part in probe.own if part[0].shape[2] > 64]
    assert not any(torch.equal(part[1], part[3]) for parts in large[1:] for part in parts)


@pytest.mark.parametrize("scale", [1.0, 4.0])
def test_equal_prompts_reproduce_the_reconstruction(model, scale):
    settings = Settings(
        inversion_strength=0.64,
        inversion_iterations=1,
        guided_steps=1.0,
        source_guidance_scale=scale,
    )
    one = task(model, settings, target=SOURCE, guidance_scale=scale)
    *_, final = prompt_to_prompt(one)
    down = one.timesteps[1:]
    way = encode(one.under_source(), model.path, one.clean, down)
    try:
        while True:
            next(way)
    except StopIteration as end:
        code = end.value
    guided = classifier_free(model, one.source, one.empty, scale)
    rebuilt = last(follow(guided, model.path, code))
    torch.testing.assert_close(final.x, rebuilt.x, rtol=1e-4, atol=1e-5)


def test_the_source_leaves_the_batch_with_the_last_control(model):
    settings = Settings(
        inversion_strength=1.0,
        inversion_iterations=1,
        guided_steps=1.0,
        cross_steps=0.6,
        self_steps=0.4,
    )
    one = task(model, settings, guidance_scale=3.0)
    model.network_evaluations, counts = 0, []
    states = []
    for state in prompt_to_prompt(one):
        counts.append(model.network_evaluations)
        states.append(state)
    each = [after - before for before, after in zip([0, *counts], counts, strict=False)]
    assert each == [1] * 5 + [3] * 3 + [2] * 2
    assert len(states) == settings.network_steps(5)
    assert [state.phase for state in states] == ["invert"] * 5 + ["sample"] * 5
    assert all(len(state.x) == len(state.x0) == 1 for state in states)


def test_blend_words_hold_the_rest(model):
    settings = Settings(
        inversion_strength=1.0, blend_words=("dog",), blend_threshold=0.9, blend_start=0.0
    )
    one = task(model, settings)
    final = last(prompt_to_prompt(one)).x
    still = (final == one.clean).all(dim=1)
    assert still.any()
    assert not still.all()


def test_a_mask_holds_the_rest_exactly(model):
    one = task(model, Settings(), mask=half_mask())
    final = last(prompt_to_prompt(one)).x
    assert torch.equal(final[..., 8:], one.clean[..., 8:])
    assert not torch.equal(final[..., :8], one.clean[..., :8])


def test_a_word_that_is_in_neither_prompt(model):
    for settings in (Settings(blend_words=("zebra",)), Settings(weights={"zebra": 2.0})):
        with pytest.raises(RequestError, match="“zebra” is not in"):
            list(prompt_to_prompt(task(model, settings)))
