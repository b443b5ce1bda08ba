"""Control of attention: found by structure, exact when idle, and always put back."""

import pytest
import torch

from core.attention.control import (
    AttentionControl,
    FeatureControl,
    attention_sites,
    controlled,
)
from core.attention.from_source import FeaturesFromSource, SelfAttentionFromSource, after_features
from core.errors import RequestError
from core.models.latent_model import Conditioning
from core.sampling.branches import Branch, Branches, Rows
from tests.core.edits import sd1_unet, sdxl_unet, tiny, with_unet

ALWAYS = range(1000)


class Watch(AttentionControl):
    """Looks at everything, changes nothing."""

    sees_maps = True

    def __init__(self):
        super().__init__(ALWAYS)
        self.seen = []

    def reaches(self, site):
        return True

    def maps(self, site, maps):
        self.seen.append((site, maps))
        return maps


class Asleep(Watch):
    def acts(self, site, pixels):
        return False


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    torch.set_num_threads(1)
    return tiny(tmp_path_factory.mktemp("model"))


def run(unet, tokens=24):
    torch.manual_seed(3)
    x, states = torch.randn(2, 4, 16, 16), torch.randn(2, tokens, 32)
    with torch.no_grad():
        return unet(x, 500, states, return_dict=False)[0]


def test_sites_of_stable_diffusion_1_are_in_the_order_of_evaluation():
    sites = attention_sites(sd1_unet())
    for cross in (False, True):
        kind = [site for site in sites if site.cross is cross]
        assert [site.order for site in kind] == list(range(16))
        assert [site.place for site in kind] == ["down"] * 6 + ["mid"] + ["up"] * 9
        assert all(site.name.endswith("attn2" if cross else "attn1") for site in kind)


def test_sites_of_an_xl_shape():
    sites = attention_sites(sdxl_unet())
    # two layers a block going down, three going up, 2 or 3 transformers each, 3 in the middle
    assert sum(site.cross for site in sites) == 2 * 2 + 2 * 3 + 3 + 3 * 3 + 3 * 2
    assert sum(not site.cross for site in sites) == sum(site.cross for site in sites)


@pytest.mark.parametrize("build", [sd1_unet, sdxl_unet])
def test_watching_sees_every_layer_and_changes_nothing(build):
    unet, watch, order = build(), Watch(), []
    plain = run(unet)
    with controlled(unet, watch):
        watched = run(unet)
    torch.testing.assert_close(watched, plain, rtol=1e-4, atol=1e-5)
    assert [site for site, _ in watch.seen] == attention_sites_like(unet, watch)
    order = [maps.shape[-1] == 24 for site, maps in watch.seen if site.cross]
    assert all(order)
    for _, maps in watch.seen:
        torch.testing.assert_close(maps.sum(dim=-1), torch.ones(maps.shape[:-1]))


def attention_sites_like(unet, watch):
    """The sites seen, sorted as they were named: evaluation order is that of `attention_sites`."""
    names = [site.name for site in attention_sites(unet)]
    return sorted((site for site, _ in watch.seen), key=lambda site: names.index(site.name))


def test_a_control_that_rests_leaves_every_bit():
    unet = sd1_unet()
    plain = run(unet)
    with controlled(unet, Asleep()):
        assert torch.equal(run(unet), plain)


def test_everything_is_put_back_whatever_happens():
    unet = sd1_unet()
    before = dict(unet.attn_processors)
    controls = [Watch(), FeaturesFromSource(ALWAYS)]

    def walk():
        with controlled(unet, *controls):
            yield 1
            yield 2

    def nothing_left():
        hooks = [module for module in unet.modules() if module._forward_hooks]
        return unet.attn_processors == before and not hooks

    assert list(walk()) == [1, 2]
    assert nothing_left()
    stopped = walk()
    next(stopped)
    assert not nothing_left()
    stopped.close()
    assert nothing_left()
    with pytest.raises(KeyError), controlled(unet, *controls):
        raise KeyError
    assert nothing_left()


def test_nothing_to_control_is_an_error():
    plain = torch.nn.Sequential(torch.nn.Conv2d(4, 4, 3))
    with pytest.raises(RequestError, match="finds no attention layer"), controlled(plain, Watch()):
        pass
    with (
        pytest.raises(RequestError, match="no decoder"),
        controlled(plain, FeaturesFromSource(ALWAYS)),
    ):
        pass
    unet = sd1_unet()
    before = dict(unet.attn_processors)
    nowhere = SelfAttentionFromSource(ALWAYS, "query-key", where=lambda site: False)
    with pytest.raises(RequestError), controlled(unet, Watch(), nowhere):
        pass
    assert unet.attn_processors == before


def test_plug_and_play_takes_the_papers_layers_of_stable_diffusion_1():
    unet = sd1_unet()
    module = FeaturesFromSource(ALWAYS).module(unet)
    assert module is unet.up_blocks[1].resnets[1].conv2
    where = after_features(unet)
    taken = [site.name.split(".transformer")[0] for site in attention_sites(unet)]
    sites = [site for site in attention_sites(unet) if not site.cross and where(site)]
    expected = ["up_blocks.1.attentions.1", "up_blocks.1.attentions.2"]
    expected += [f"up_blocks.{block}.attentions.{i}" for block in (2, 3) for i in range(3)]
    assert [site.name.split(".transformer")[0] for site in sites] == expected
    assert set(expected) <= set(taken)


@pytest.mark.parametrize("parts", ["query-key", "key-value"])
def test_parts_that_reach_the_layers_are_the_sources(parts):
    unet = sd1_unet()

    class Probe(Watch):
        sees_maps = False

        def inputs(self, site, query, key, value):
            self.seen.append((site, query, key, value))
            return query, key, value

    control, probe = SelfAttentionFromSource(ALWAYS, parts, largest=64), Probe()
    control.rows = Rows(0, 1, ((0, 1),))
    with controlled(unet, control, probe):
        run(unet)
    reached = 0
    for site, query, key, value in probe.seen:
        taken = {"query-key": (query, key), "key-value": (key, value)}[parts]
        theirs = not site.cross and query.shape[2] <= 64
        assert all(torch.equal(part[0], part[1]) == theirs for part in taken)
        reached += theirs
    assert reached == 11


def test_the_row_without_a_prompt_takes_from_the_source_if_asked():
    parts = [torch.rand(3, 1, 4, 2) for _ in range(3)]
    for unguided, order in ((True, [0, 0, 0]), (False, [0, 1, 0])):
        control = SelfAttentionFromSource(ALWAYS, "query-key", unguided=unguided)
        control.rows = Rows(0, 2, ((0, 1), (0, 2)))
        query, key, value = control.inputs(attention_sites(sd1_unet())[0], *parts)
        assert torch.equal(query, parts[0][order])
        assert torch.equal(key, parts[1][order])
        assert value is parts[2]


def test_features_that_leave_the_layer_are_the_sources():
    unet = sd1_unet()
    control = FeaturesFromSource(range(1))
    control.rows = Rows(0, 1, ((0, 1),))
    given = []
    with controlled(unet, control):
        handle = control.module(unet).register_forward_hook(lambda m, i, out: given.append(out))
        run(unet)
        control.step = 1
        run(unet)
        handle.remove()
    assert torch.equal(given[0][0], given[0][1])
    assert not torch.equal(given[1][0], given[1][1])


def test_a_feature_control_must_say_what_it_changes():
    with pytest.raises(NotImplementedError):
        FeatureControl(ALWAYS).module(None)


def test_branches_in_one_batch_are_what_they_are_alone(model):
    torch.manual_seed(5)
    first, second, empty = (Conditioning(torch.randn(1, 24, 32)) for _ in range(3))
    x = torch.randn(2, 4, 16, 16)
    branches = [Branch(first, empty, 1.0), Branch(second, {300.0: empty}, 4.0)]
    with torch.no_grad():
        both = Branches(model, branches)
        together = both(x, 300.0)
        for i, branch in enumerate(branches):
            alone = Branches(model, [branch])(x[i : i + 1], 300.0)
            torch.testing.assert_close(together.x0[i : i + 1], alone.x0, rtol=1e-4, atol=1e-5)
    assert both.rows == Rows(0, 2, ((0, 1), (0, 2)))
    assert Branches(model, branches[1:]).rows == Rows(None, 1)
    assert Branches(model, [branches[1], branches[1]]).rows == Rows(1, 3, ((0, 2), (1, 3)))


def test_a_network_of_the_same_widths_is_told_apart_by_the_layers_word(model):
    unet = with_unet(model, model.unet).network
    kinds = [(site.name[-5:], site.cross) for site in attention_sites(unet)]
    assert set(kinds) == {("attn1", False), ("attn2", True)}
