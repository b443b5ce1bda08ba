import json

import numpy as np

from core.request import EditRequest
from core.settings import DDIBSettings, PromptToPromptSettings
from core.words import without_words, word_fields, words_of


def test_what_a_user_said_is_found_wherever_it_stands() -> None:
    settings = PromptToPromptSettings(blend_words=("heron",), weights={"teal": 2.0})
    request = EditRequest(
        settings,
        picture=np.zeros((8, 8, 3), np.uint8),
        source_prompt="a red apple",
        target_prompt="a green apple",
    )
    assert set(words_of(request)) == {"a red apple", "a green apple", "heron", "teal"}


def test_names_of_models_and_choices_are_no_words() -> None:
    assert word_fields(DDIBSettings) == frozenset()


def test_a_recipe_without_words_keeps_its_numbers() -> None:
    recipe: dict[str, object] = {
        "method": "prompt-to-prompt",
        "settings": {"blend_words": ["heron"], "weights": {"teal": 2.0}, "cross_steps": 0.8},
        "source_prompt": "a red apple",
        "target_prompt": "a green apple",
        "seed": 7,
    }
    told = without_words(recipe)
    assert told["seed"] == 7
    assert told["settings"] == {"cross_steps": 0.8}
    text = json.dumps(told)
    assert not any(word in text for word in ("apple", "heron", "teal"))
    assert recipe["source_prompt"] == "a red apple"
