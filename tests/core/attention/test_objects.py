"""MasaCtrl's mask-guided form: its equations written out, and where its masks come from."""

import pytest
import torch
import torch.nn.functional as F

from core.attention.control import AttentionControl, Site, controlled
from core.attention.objects import ObjectFromSource
from core.attention.store import AttentionStore
from core.sampling.branches import Rows
from tests.core.edits import sd1_unet

CROSS = Site("up", None, True, "up", 0, 1)
SELF = Site("up", None, False, "up", 0, 1)
ROWS = Rows(1, 3, ((0, 2), (1, 3)))
SOURCE = torch.tensor([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]).bool()
TARGET = SOURCE.flip(1)


def watched(source, target, *, tokens=5):
    """A store that saw token 2 of the source, token 3 of the target, at these places."""
    store = AttentionStore(range(9), (4, 4))
    store.rows = ROWS
    maps = torch.zeros(4, 1, 16, tokens)
    maps[1, 0, :, 2], maps[3, 0, :, 3] = source.flatten().float(), target.flatten().float()
    store.maps(CROSS, maps)
    store.step = 1
    store.maps(CROSS, torch.rand(4, 1, 16, tokens))  # of the step that is being made
    return store


def control(store):
    one = ObjectFromSource(range(9), lambda site: True, store, {"source": [2], "target": [3]}, 0.1)
    one.rows, one.step = ROWS, 1
    return one


def random_maps(places):
    return torch.rand(4, 2, places, places, generator=torch.Generator().manual_seed(1)).softmax(-1)


def test_it_is_the_papers_equation():
    generator = torch.Generator().manual_seed(0)
    query, key, value = torch.randn(3, 4, 2, 16, 8, generator=generator)
    one = control(watched(SOURCE, TARGET))
    query, key, value = one.inputs(SELF, query, key, value)
    maps = (query @ key.transpose(-1, -2) * 8**-0.5).softmax(dim=-1)
    given = one.maps(SELF, maps) @ value
    inside, there = TARGET.flatten()[:, None], SOURCE.flatten()
    for source, target in ROWS.pairs:
        assert torch.equal(key[target], key[source])
        of_thing = F.scaled_dot_product_attention(query[target], key[source], value[source], there)
        of_rest = F.scaled_dot_product_attention(query[target], key[source], value[source], ~there)
        expected = torch.where(inside, of_thing, of_rest)
        torch.testing.assert_close(given[target], expected)
        torch.testing.assert_close(given[source], (maps @ value)[source])


def test_masks_follow_the_layers_size():
    maps = random_maps(4)
    given = control(watched(SOURCE, TARGET)).maps(SELF, maps)
    # of 2 x 2 places the thing has the first in the source and the second in the target
    assert (given[3, :, 1, 0] == 1).all()
    assert (given[3, :, [0, 2, 3], 0] == 0).all()
    torch.testing.assert_close(given[2:].sum(-1), torch.ones(2, 2, 4))


@pytest.mark.parametrize("source", [torch.ones(4, 4), torch.zeros(4, 4)])
def test_without_an_inside_or_an_outside_all_draws_on_all(source):
    store = watched(source, TARGET)
    maps = random_maps(16)
    assert torch.equal(control(store).maps(SELF, maps), maps)


def test_before_any_map_was_seen_all_draws_on_all():
    store = AttentionStore(range(9), (4, 4))
    maps = random_maps(16)
    assert torch.equal(control(store).maps(SELF, maps), maps)


def test_weight_lost_to_rounding_is_no_division_by_zero():
    maps = torch.zeros(4, 1, 16, 16)
    maps[..., 15] = 1.0  # all look at one place outside the thing
    given = control(watched(SOURCE, TARGET)).maps(SELF, maps)
    assert torch.equal(given, maps)


def test_the_step_that_is_being_made_does_not_count():
    store = watched(SOURCE, TARGET)
    before = store.average(within_step=True)["source"][2]
    assert torch.equal(before, SOURCE.float())
    assert torch.equal(store.average(within_step=True)["source"][2], before)
    assert not torch.equal(store.average()["source"][2], before)


class Probe(AttentionControl):
    """The maps that the layers use in the end."""

    sees_maps = True

    def __init__(self):
        super().__init__(range(9))
        self.seen = []

    def reaches(self, site):
        return not site.cross

    def maps(self, site, maps):
        self.seen.append((site.order, maps))
        return maps


@torch.no_grad()
def test_inside_a_network_the_thing_draws_on_the_thing():
    unet, store = sd1_unet(), AttentionStore(range(9), (16, 16))
    one = ObjectFromSource(
        range(1, 9), lambda site: site.order >= 10, store, {"source": [2], "target": [3]}, 0.5
    )
    probe = Probe()
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(4, 4, 16, 16, generator=generator)
    states = torch.randn(4, 24, 32, generator=generator)
    with controlled(unet, store, one, probe):
        for step in range(2):
            for each in (store, one, probe):
                each.step, each.rows = step, ROWS
            unet(x, 500, states)
            if step == 0:
                assert not any((maps == 0).any() for _, maps in probe.seen)
                probe.seen.clear()
    apart = [order for order, maps in probe.seen if (maps[2:] == 0).any()]
    assert apart
    assert min(apart) >= 10
    assert not any((maps[:2] == 0).any() for _, maps in probe.seen)
