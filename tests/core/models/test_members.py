"""A model's family: what it cannot do itself, the member that was made for it does."""

from pathlib import Path

import pytest

from core.models.abilities import Abilities, Beside
from core.models.library import ModelInfo
from core.models.members import doer
from core.settings import (
    DDIMSwapSettings,
    FlowEditSettings,
    InpaintingSettings,
    PromptToPromptSettings,
    UpscaleSettings,
)


def info(name: str, beside: Beside = "", prompts: bool = True) -> ModelInfo:
    able = Abilities("v_prediction", words=prompts, decoder=prompts, beside=beside, prompts=prompts)
    family = "stable-diffusion" if prompts else "pixel-diffusion"
    return ModelInfo(name, Path(name), family, 1, name, "", able)


FOUND = [
    info("little-inpaint", "mask"),
    info("little"),
    info("little-upscale", "small-picture"),
    info("little-pixels", prompts=False),
    info("littler-inpaint", "mask"),
    info("other"),
]


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        (DDIMSwapSettings, "little", "little"),
        (InpaintingSettings, "little", "little-inpaint"),
        (UpscaleSettings, "little", "little-upscale"),
        (InpaintingSettings, "little-inpaint", "little-inpaint"),
        (InpaintingSettings, "other", "other"),
        (FlowEditSettings, "little", "little"),
        (PromptToPromptSettings, "little-pixels", "little-pixels"),
        (InpaintingSettings, "unheard-of", "unheard-of"),
    ],
)
def test_who_does_it(kind: type, name: str, expected: str) -> None:
    assert doer(kind, name, FOUND) == expected


def test_a_model_on_pixels_is_no_member_of_one_on_latents() -> None:
    of_words = info("flat", prompts=False)
    assert doer(PromptToPromptSettings, "flat", [of_words, info("flat-words")]) == "flat"
