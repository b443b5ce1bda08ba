"""The check before an edit: its figure in closed form, and ways back that lead back."""

import math

import numpy as np
import pytest
import torch

from core.errors import RequestError
from core.methods import method_for, settings_types
from core.reconstruction import POOR_DB, measure, rebuilding
from core.request import EditRequest
from core.settings import (
    ConceptEdit,
    CycleDiffusionSettings,
    DDIMSwapSettings,
    EditFriendlySettings,
    FlowEditSettings,
    Job,
    LEditsPPSettings,
    NullTextSettings,
    PromptToPromptSettings,
    SwapSettings,
)
from tests.core.edits import SOURCE, last, task, tiny

SWAPS = [kind for kind in settings_types().values() if kind.job is Job.SWAP]


@pytest.mark.parametrize(("dtype", "level"), [(np.uint8, 1), (np.uint16, 257)])
@pytest.mark.parametrize("levels", [1, 14, 100])
def test_the_figure_is_that_of_an_even_error(dtype, level, levels) -> None:
    picture = np.full((300, 20, 3), 100 * level, dtype)
    found = measure(picture, picture + dtype(levels * level))
    assert found.psnr == pytest.approx(20 * math.log10(255 / levels), abs=1e-4)
    assert (found.difference == levels).all()
    assert found.is_poor == (20 * math.log10(255 / levels) < POOR_DB)


def test_equal_pictures_are_rebuilt_exactly() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (8, 9, 3), dtype=np.uint8)
    found = measure(picture, picture.copy())
    assert math.isinf(found.psnr)
    assert not found.is_poor
    assert not found.difference.any()


def test_what_the_mask_keeps_does_not_count() -> None:
    picture = np.zeros((10, 10, 3), np.uint8)
    rebuilt = picture.copy()
    rebuilt[:, :5] = 10
    mask = np.zeros((10, 10), np.float32)
    mask[:, :5] = 0.5
    assert measure(picture, rebuilt, mask).psnr == pytest.approx(20 * math.log10(25.5))
    assert math.isinf(measure(picture, rebuilt, 1 - 2 * mask).psnr)


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return {kind: tiny(folder, kind) for kind in ("epsilon", "flow")}


@pytest.mark.parametrize(
    "settings",
    [
        CycleDiffusionSettings(attention=True, weights={"cat": 3.0}, blend_words=("cat",)),
        EditFriendlySettings(),
        LEditsPPSettings(edits=(ConceptEdit(prompt="a dog"),), source_guidance_scale=1.0),
        FlowEditSettings(),
    ],
    ids=lambda settings: settings.name,
)
def test_the_way_back_of_an_exact_code_is_exact(settings: SwapSettings, models) -> None:
    model = models["flow" if isinstance(settings, FlowEditSettings) else "epsilon"]
    plain, guidance_scale = rebuilding(settings, 7.0)
    source = "" if isinstance(settings, LEditsPPSettings) else SOURCE
    back = task(model, plain, source=source, target=source, guidance_scale=guidance_scale)
    found = last(method_for(plain)(back)).x
    assert torch.allclose(found, back.clean, atol=1e-3)


def test_the_guidance_is_the_one_that_the_source_walks_under() -> None:
    assert rebuilding(DDIMSwapSettings(), 7.0)[1] == 1.0
    assert rebuilding(EditFriendlySettings(source_guidance_scale=2.0), 7.0)[1] == 2.0
    assert rebuilding(NullTextSettings(), 7.0)[1] == 7.0


@pytest.mark.parametrize("kind", SWAPS, ids=lambda kind: kind.name)
def test_every_swap_method_has_a_way_back_at_its_own_strength(kind: type[SwapSettings]) -> None:
    settings, _ = rebuilding(kind(inversion_strength=0.3), 5.0)
    assert type(settings) is kind
    assert settings == kind.model_validate(settings.model_dump())
    assert settings.inversion_strength == 0.3


def test_words_are_not_weighed_on_the_way_back() -> None:
    settings = PromptToPromptSettings(weights={"red": 2.0}, blend_words=("red",), cross_steps=0.5)
    plain = PromptToPromptSettings(cross_steps=0.5, guided_steps=1.0)
    assert rebuilding(settings, 5.0)[0] == plain


def test_no_words_to_no_words_is_a_swap_only_as_a_reconstruction() -> None:
    picture = np.zeros((8, 8, 3), np.uint8)
    request = EditRequest(settings=DDIMSwapSettings(), picture=picture, guidance_scale=1.0)
    assert request.target_prompt == ""
    with pytest.raises(RequestError, match="target prompt"):
        request.with_(guidance_scale=5.0)
    with pytest.raises(RequestError, match="target prompt"):
        request.with_(source_prompt="a red apple")
