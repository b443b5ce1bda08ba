"""What is said of an edit that can be made, but may not be what was meant."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.models.abilities import Abilities
from core.notices import notices
from core.request import EditRequest
from core.settings import (
    ConceptEdit,
    CycleDiffusionSettings,
    DDIBSettings,
    DDIMSwapSettings,
    EditFriendlySettings,
    LEditsPPSettings,
    PromptToPromptSettings,
    SDEditSettings,
    Settings,
)
from core.training.tokenizer import load_tokenizer

PICTURE = np.zeros((8, 8, 3), np.uint8)


@pytest.fixture
def model(tiny_folder):
    return SimpleNamespace(
        name="tiny",
        tokenizer=load_tokenizer(tiny_folder / "tokenizer"),
        abilities=Abilities("epsilon", words=True, decoder=True),
    )


def said(model: Any, settings: Settings, source: str, target: str, **more: Any) -> list[str]:
    wanted = EditRequest(settings, PICTURE, None, source, target, **more)
    return list(notices(wanted, model))


def test_an_ordinary_edit_is_not_remarked_on(model: Any) -> None:
    assert said(model, DDIMSwapSettings(), "a cat", "a dog") == []
    assert said(model, SDEditSettings(), "a cat", "a cat") == []


def test_words_that_are_not_read_are_named(model: Any) -> None:
    long = "7 " * 22 + "a cat, and more"
    (line,) = said(model, DDIMSwapSettings(), long, "a dog")
    assert line == (
        "tiny reads 22 tokens of a prompt, so these words are left out: “a cat , and more”; "
        "shorten the prompt."
    )
    (line,) = said(model, DDIMSwapSettings(), "a cat", "red " * 60)
    assert line.endswith("red” and 26 more; shorten the prompt.")
    edits = (ConceptEdit(prompt=long), ConceptEdit(prompt="a dog"))
    assert len(said(model, LEditsPPSettings(edits=edits), "a cat", "a dog")) == 1


@pytest.mark.parametrize(
    ("settings", "guidance", "expected"),
    [
        (DDIMSwapSettings(), 5.0, True),
        (DDIMSwapSettings(), 1.0, False),  # a reconstruction is asked for so
        (EditFriendlySettings(), 3.5, False),
        (EditFriendlySettings(), 1.0, True),
        (PromptToPromptSettings(weights={"cat": 2.0}), 5.0, False),
        (PromptToPromptSettings(), 5.0, True),
        (LEditsPPSettings(edits=(ConceptEdit(prompt="a dog"),)), 5.0, False),
        (LEditsPPSettings(), 5.0, True),
        (DDIBSettings(), 5.0, True),
        (DDIBSettings(target_model="other"), 5.0, False),  # what the other makes of it
        (CycleDiffusionSettings(target_model="other"), 5.0, False),
    ],
)
def test_equal_prompts(model: Any, settings: Settings, guidance: float, expected: bool) -> None:
    found = said(model, settings, "a  cat", " a cat", guidance_scale=guidance)
    assert [line.split(",")[0] for line in found] == (
        ["the target prompt is the source prompt"] if expected else []
    )
