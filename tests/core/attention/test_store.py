"""The maps that are kept, and the place of a word."""

import pytest
import torch

from core.attention.control import Site
from core.attention.store import AttentionStore, map_size, word_map
from core.attention.words import WordPlace
from core.sampling.branches import Rows

SITE = Site("up", None, True, "up", 0, 1)


def store_with(*steps, **options):
    """A store that saw one list of maps per step; each [rows, heads, pixels, tokens]."""
    store = AttentionStore(range(100), (8, 8), **options)
    store.rows = Rows(0, 1)
    for index, maps in enumerate(steps):
        store.step = index
        for one in maps:
            if store.acts(SITE, one.shape[2]):
                assert store.maps(SITE, one) is one
    return store


def test_maps_are_averaged_over_heads_layers_and_steps():
    maps = torch.rand(2, 2, 2, 3, 16, 5).unbind(0)
    store = store_with(*(list(step) for step in maps))
    expected = torch.stack(maps).mean(dim=(0, 1, 3))
    for row, name in enumerate(("source", "target")):
        got = store.average()[name]
        assert got.shape == (5, 4, 4)
        torch.testing.assert_close(got, expected[row].T.reshape(5, 4, 4))
    torch.testing.assert_close(store.now().flatten(2), maps[-1].mean(dim=(0, 2)).transpose(1, 2))


def test_the_finest_maps_that_are_small_enough_are_kept():
    fine, middle, coarse = (torch.rand(2, 1, pixels, 5) for pixels in (64, 16, 4))
    assert store_with([fine, coarse, middle], largest=32).average()["target"].shape == (5, 4, 4)
    assert store_with([fine, coarse, middle], largest=2).average()["target"].shape == (5, 2, 2)
    assert store_with([coarse, middle, fine]).average()["target"].shape == (5, 8, 8)


def test_the_source_may_leave():
    store = store_with([torch.ones(2, 1, 16, 5)])
    store.rows, store.step = Rows(None, 0), 1
    store.maps(SITE, torch.zeros(1, 1, 16, 5))
    assert store.average()["source"].unique().tolist() == [1.0]
    assert store.average()["target"].unique().tolist() == [0.5]


def test_nothing_seen_yet():
    with pytest.raises(ValueError, match="no attention map"):
        AttentionStore(range(1), (8, 8)).now()
    assert AttentionStore(range(1), (8, 8)).average() == {}


def test_map_sizes_of_pictures_that_are_not_square():
    assert map_size(24 * 16, (96, 64)) == (24, 16)
    assert map_size(5 * 3, (9, 5)) == (5, 3)
    with pytest.raises(ValueError, match="no map of latents"):
        map_size(7, (8, 8))


def test_the_place_of_a_word_is_where_it_looks_in_either_prompt():
    maps = torch.zeros(2, 1, 16, 5)
    maps[0, 0, 0, 2] = 1.0  # the source's word, top left
    maps[1, 0, 15, 3] = 1.0  # the target's, bottom right
    store = store_with([maps])
    place = WordPlace(store, {"source": [2], "target": [3]}, 0.3, 1)
    assert place.mask(0) is None
    mask = place.mask(1)
    assert mask is not None
    assert mask.shape == (1, 1, 8, 8)
    assert mask.unique().tolist() == [0.0, 1.0]
    assert mask[0, 0, 0, 0] == mask[0, 0, 7, 7] == 1
    assert mask[0, 0, 0, 7] == mask[0, 0, 7, 0] == 0
    assert torch.equal(word_map(store.average()["source"], [2]), maps[0, 0, :, 2].view(4, 4))
