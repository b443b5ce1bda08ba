"""Masks for inpainting: of all kinds, never empty, and an object's covers the object."""

import numpy as np
import pytest

from core.training import masks
from core.training.datasets.objects import ObjectLibrary
from core.training.datasets.rendering import object_mask
from core.training.datasets.scenes import sample_scene
from tests.core.training.test_datasets import drawn_library


@pytest.fixture(scope="module")
def library() -> ObjectLibrary:
    return drawn_library()


def test_every_mask_marks_something_and_says_it_by_0_and_1(library: ObjectLibrary) -> None:
    shares = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        mask = masks.draw_mask(rng, sample_scene(rng, "train", library), library, 48)
        assert (mask.shape, mask.dtype) == ((48, 48), np.float32)
        assert set(np.unique(mask)) <= {0.0, 1.0}
        shares.append(mask.mean())
    assert min(shares) > 0
    assert np.mean(np.equal(shares, 1.0)) == pytest.approx(0.1, abs=0.06)
    assert 0.15 < np.mean(shares) < 0.5


def test_an_outline_covers_its_object_and_little_else(library: ObjectLibrary) -> None:
    rng = np.random.default_rng(1)
    scene = sample_scene(rng, "train", library)
    shape = object_mask(scene, 0, library, 64)
    mask = masks.outline(rng, shape)
    assert mask[shape > 0.02].min() == 1
    assert mask.mean() < (shape > 0.02).mean() + 0.4


def test_a_box_is_a_box_and_strokes_are_none() -> None:
    rng = np.random.default_rng(2)
    box, strokes = masks.box(rng, 64), masks.strokes(rng, 64)
    for mask, filled in ((box, True), (strokes, False)):
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        inside = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        assert bool(inside.all()) is filled
