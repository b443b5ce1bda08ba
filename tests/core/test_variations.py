"""Variations and blends: each result replays alone, and its noise is what it says."""

import math
from typing import Any

import numpy as np
import pytest
import torch

from core.errors import RequestError
from core.events import Finished, Progress
from core.models.stable_diffusion import StableDiffusion
from core.recipe import to_request
from core.request import EditRequest
from core.run import run_edit
from core.sampling.noise import Noise, fresh_noise
from core.settings import (
    DDIMSwapSettings,
    EditFriendlySettings,
    GenerationSettings,
    MaskedFillSettings,
    SDEditSettings,
    Settings,
)

METHODS: list[Settings] = [
    MaskedFillSettings(),
    SDEditSettings(eta=1.0),
    GenerationSettings(),
    EditFriendlySettings(),
]


def wanted(settings: Settings, **changes: Any) -> EditRequest:
    pixels: Any = np.random.default_rng(0).integers(0, 65536, (48, 40, 3), np.uint16)
    mask = np.zeros((48, 40), np.float32)
    mask[10:30, 12:30] = 1
    options: dict[str, Any] = {"picture": pixels, "mask": mask, "source_prompt": "a cat"}
    if isinstance(settings, GenerationSettings):
        options = {"size": (48, 40)}
    options |= {"target_prompt": "a dog", "steps": 3, "seed": 7}
    return EditRequest(settings, **{**options, **changes})


def results(request: EditRequest, model: Any) -> list[Finished]:
    return [event for event in run_edit(request, model) if isinstance(event, Finished)]


@pytest.mark.parametrize("settings", METHODS, ids=lambda one: one.name)
def test_each_variation_replays_alone(tiny_model: StableDiffusion, settings: Settings) -> None:
    """To the rounding of batched kernels: 1 level of 8 bits, 16 of 16."""
    request = wanted(settings, variations=3)
    together = results(request, tiny_model)
    assert [one.request.seed for one in together] == [7, 8, 9]
    assert {one.request.variations for one in together} == {1}
    for one in together:
        again = to_request(one.recipe, request.picture)
        (alone,) = results(again, tiny_model)
        level = 1 if one.picture.dtype == np.uint8 else 16
        assert np.abs(one.picture.astype(int) - alone.picture).max() <= level
        assert one.network_evaluations == alone.network_evaluations
    assert not np.array_equal(together[0].picture, together[1].picture)


def test_progress_counts_the_steps_of_all(tiny_model: StableDiffusion) -> None:
    for settings, whole in ((MaskedFillSettings(), 3), (DDIMSwapSettings(), 3 * 3)):
        request = wanted(settings, variations=3)
        progress = [one for one in run_edit(request, tiny_model) if isinstance(one, Progress)]
        assert (progress[0].step, progress[-1].step) == (0, progress[-1].steps)
        assert progress[-1].steps <= whole
        steps = [one.step for one in progress]
        assert steps == sorted(steps)


def test_a_row_of_a_batch_has_the_noise_that_it_has_alone() -> None:
    both = Noise([{3: 1.0}, {4: 1.0}])
    like = torch.zeros(2, 4, 5, 6)
    first, second = fresh_noise(like, both), fresh_noise(like, both)
    for row, seed in enumerate((3, 4)):
        alone = torch.Generator().manual_seed(seed)
        for draw in (first, second):
            assert torch.equal(draw[row], fresh_noise(like[:1], alone)[0])


def test_a_fork_draws_the_same_and_leaves_the_source_with_other_noise() -> None:
    source, plain = Noise([{3: 0.6, 5: 0.8}]), Noise([{3: 0.6, 5: 0.8}])
    twin = source.forked()
    shape = (1, 1, 8, 8)
    expected = plain.draw(shape)
    assert torch.equal(twin.draw(shape), expected)
    assert not torch.equal(source.draw(shape), expected)


class TestBlending:
    def test_the_ends_are_the_two_and_the_middle_is_half_way(self) -> None:
        one = wanted(MaskedFillSettings())
        assert one.blended_with(11, 0.0).noise_weights[7] == pytest.approx(1.0)
        far = one.blended_with(11, 1.0).noise_weights
        assert far[11] == pytest.approx(1.0)
        assert far[7] == pytest.approx(0.0, abs=1e-6)
        assert one.blended_with(11, 0.5).noise_weights == pytest.approx(
            {7: math.sqrt(0.5), 11: math.sqrt(0.5)}
        )
        assert one.blended_with(7, 0.5) is one

    def test_blends_of_blends_stay_unit_noise(self) -> None:
        one = wanted(MaskedFillSettings()).blended_with(11, 0.2).blended_with(12, 0.2)
        other = wanted(MaskedFillSettings(), seed=12).blended_with(13, 0.4)
        mixed = one.blended_with(other, 0.5)
        weights = mixed.noise_weights
        assert set(weights) == {7, 11, 12, 13}
        assert sum(weight**2 for weight in weights.values()) == pytest.approx(1.0)
        draw = Noise([weights]).draw((1, 4, 64, 64))
        assert draw.std().item() == pytest.approx(1.0, abs=0.03)
        own = [Noise([r.noise_weights]).draw((1, 4, 64, 64)).flatten() for r in (one, other)]
        to_each = [torch.dot(draw.flatten(), part).item() / 16384 for part in own]
        assert to_each[0] == pytest.approx(to_each[1], abs=0.05)

    def test_variations_of_a_blend_count_the_other_seed_up(self) -> None:
        near = wanted(MaskedFillSettings()).blended_with(11, 0.2).with_(variations=3)
        parts = [near.variation(i) for i in range(3)]
        assert [part.seed for part in parts] == [7, 7, 7]
        assert [part.blend_with[0][0] for part in parts] == [11, 12, 13]

    def test_a_blend_is_replayed_from_its_recipe(self, tiny_model: StableDiffusion) -> None:
        request = wanted(MaskedFillSettings()).blended_with(11, 0.3)
        (finished,) = results(request, tiny_model)
        again = to_request(finished.recipe, request.picture)
        assert again.blend_with == request.blend_with
        (second,) = results(again, tiny_model)
        assert np.array_equal(second.picture, finished.picture)
        (plain,) = results(wanted(MaskedFillSettings()), tiny_model)
        assert not np.array_equal(plain.picture, finished.picture)

    def test_a_recipe_from_before_there_were_blends_still_reads(
        self, tiny_model: StableDiffusion
    ) -> None:
        request = wanted(MaskedFillSettings())
        (finished,) = results(request, tiny_model)
        old = {name: part for name, part in finished.recipe.items() if name != "blend_with"}
        assert to_request(old, request.picture).blend_with == ()

    @pytest.mark.parametrize(
        "changes",
        [
            {"variations": 0},
            {"variations": 17},
            {"blend_with": ((1, 0.0),)},
            {"blend_with": ((-1, 0.5),)},
            {"blend_with": ((1, 0.9), (2, 0.9))},
            {"seed": 2**63 - 1, "variations": 2},
        ],
    )
    def test_what_cannot_be_is_said(self, changes: dict[str, Any]) -> None:
        with pytest.raises(RequestError):
            wanted(MaskedFillSettings(), **changes)
