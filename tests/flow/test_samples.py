"""The starter model does its main job on the shipped sample pictures: the figures of the sheet."""

import numpy as np
import pytest

from core.evaluation.clip_score import ClipScore
from core.evaluation.sample_pictures import composed_samples
from core.evaluation.sample_sheet import SampleResult, run_samples
from core.imaging.mask import blend_band
from core.models.library import ModelLibrary
from core.settings import MaskedFillSettings
from core.training.datasets.split import is_held_out


@pytest.fixture(scope="module")
def results() -> list[SampleResult]:
    """Every sample's edits on the shipped model, as the sheet shows them."""
    library = ModelLibrary()
    return list(run_samples(library.load("starter"), ClipScore(library.get("starter").folder)))


def test_there_are_five_scenes_and_a_photograph(results: list[SampleResult]) -> None:
    assert sum(bool(result.swaps) for result in results) == 5
    assert len(results) == 6


def test_training_never_composes_a_sample() -> None:
    for sample in composed_samples():
        assert is_held_out(sample.scene.object_ids, sample.scene.ground.colour)


def test_fill_changes_nothing_outside_mask_and_band(results: list[SampleResult]) -> None:
    for result in results:
        alpha = blend_band(result.mask, MaskedFillSettings().blend)
        differs = (result.fill.picture != result.picture).any(axis=2)
        assert not (differs & (alpha == 0)).any()
        assert result.fill.changed_outside == 0
        assert differs[result.mask == 1].mean() > 0.5


def test_clip_prefers_what_was_asked_for(results: list[SampleResult]) -> None:
    swaps = [result.swap_margin for result in results if result.swap_margin is not None]
    fills = [result.fill_margin for result in results if result.fill_margin is not None]
    assert len(swaps) == len(fills) == 5
    assert sum(margin > 0 for margin in swaps) >= 4, swaps
    assert sum(margin > 0 for margin in fills) >= 4, fills


def test_swap_at_0_is_the_picture_and_strength_frees_it(results: list[SampleResult]) -> None:
    moved: dict[float, list[float]] = {0.5: [], 1.0: []}
    for result in results:
        if not result.swaps:
            continue
        assert np.array_equal(result.swaps[0.0].picture, result.picture)
        for strength, found in moved.items():
            changed = np.abs(result.swaps[strength].picture.astype(float) - result.picture)
            found.append(float(changed.mean()))
    assert min(moved[0.5]) > 0.0
    assert sum(half < whole for half, whole in zip(*moved.values(), strict=True)) >= 4, moved


def test_swap_at_half_keeps_the_ground(results: list[SampleResult]) -> None:
    """The frame's border shows ground alone: it stays within 3 % of the range of values, in one of
    the five, whose yellow dulls, within 5 %."""
    borders = []
    for result in results:
        if result.swaps:
            difference = np.abs(result.swaps[0.5].picture.astype(float) - result.picture)
            edges = np.concatenate([difference[:8].reshape(-1), difference[-8:].reshape(-1)])
            borders.append(float(edges.mean()) / 255)
    assert sum(border < 0.03 for border in borders) >= 4, borders
    assert max(borders) < 0.05, borders
