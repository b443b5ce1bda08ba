"""Directional CLIP similarity on embeddings that are known."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from core.errors import RequestError
from core.evaluation.directional_clip import ranked, similarities, tower_of


class Tower:
    """Pictures of one colour are the directions of their colour; texts have numbers."""

    def pictures(self, pictures):
        colours = torch.tensor(np.stack([picture[0, 0] for picture in pictures])).float()
        return torch.nn.functional.normalize(colours, dim=-1)

    def texts(self, texts):
        return torch.stack([torch.eye(3)["rgb".index(text)] for text in texts])


def colour(*values):
    return np.full((2, 2, 3), values, np.uint8)


RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)


def test_it_is_the_cosine_of_the_two_changes():
    after = [colour(*c) for c in (GREEN, YELLOW, BLUE, RED)]
    found = similarities(Tower(), colour(*RED), after, "r", "g")
    # towards green: all the way; half the way, the same way; off by 60 degrees; not at all
    half = np.sqrt(0.5)
    yellow = np.array([half - 1, half]) @ [-half, half] / np.hypot(half - 1, half)
    assert found == pytest.approx([1.0, yellow, 0.5, 0.0])


def test_the_other_way_is_worse_than_none():
    assert similarities(Tower(), colour(*GREEN), [colour(*RED)], "r", "g") == pytest.approx([-1.0])


def test_best_first_and_equals_in_their_order():
    after = [colour(*c) for c in (RED, BLUE, GREEN, RED)]
    order = ranked(Tower(), colour(*RED), after, "r", "g")
    assert [number for number, _ in order] == [2, 1, 0, 3]
    assert order[0][1] == pytest.approx(1.0)
    same = ranked(Tower(), colour(*RED), after, "g", "g")
    assert same == [(number, 0.0) for number in range(4)]


def test_a_model_without_a_tower(tmp_path):
    for folder in (None, tmp_path):
        model = SimpleNamespace(name="bare", folder=folder)
        with pytest.raises(RequestError, match=r"bare has no CLIP tower .* set draws to 1"):
            tower_of(model)
