"""The kind of change between two prompts: a pure function of their words."""

import pytest

from core.attention.prompt_change import PromptChange, prompt_change

SCENE = "a cat and a red apple on a teal ground"
KOREAN = "청록색 바탕 위의 고양이와 빨간 사과"


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("a dog and a red apple on a teal ground", PromptChange.REPLACED),
        ("A dog, and a red apple on the teal ground!", PromptChange.REPLACED),
        ("a cat and an orange on a teal ground", PromptChange.REPLACED),
        ("a cat and a green apple on a teal ground", PromptChange.ADJECTIVE),
        ("a cat and a red apple on a blue striped ground", PromptChange.ADJECTIVE),
        ("a black cat and a red apple on a teal ground", PromptChange.ADJECTIVE),
        ("a cat and an apple on a teal ground", PromptChange.ADJECTIVE),
        ("a cat, a red apple and a pear on a teal ground", PromptChange.ADDED),
        ("a cat, a red apple, a pear and a crown on a teal ground", PromptChange.ADDED),
        ("a dog and a cat and a red apple on a teal ground", PromptChange.ADDED),
        ("a cat on a teal ground", PromptChange.REMOVED),
        ("a red apple on a teal ground", PromptChange.REMOVED),
        ("a dog and a red apple on a blue ground", PromptChange.REPLACED),
        ("two boats in the evening sun by the sea", PromptChange.SENTENCE),
    ],
)
def test_english(target: str, kind: PromptChange) -> None:
    assert prompt_change(SCENE, target) is kind


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("청록색 바탕 위의 개와 빨간 사과", PromptChange.REPLACED),
        ("청록색 바탕 위의 고양이와 배", PromptChange.REPLACED),
        ("청록색 바탕 위의 고양이와 초록 사과", PromptChange.ADJECTIVE),
        ("파란색 줄무늬 바탕 위의 고양이와 빨간 사과", PromptChange.ADJECTIVE),
        ("청록색 바탕 위의 검은 고양이와 빨간 사과", PromptChange.ADJECTIVE),
        ("청록색 바탕 위의 개와 고양이, 그리고 빨간 사과", PromptChange.ADDED),
        ("청록색 바탕 위의 고양이와 빨간 사과, 그리고 배", PromptChange.ADDED),
        ("청록색 바탕 위의 고양이", PromptChange.REMOVED),
        ("저녁 바다에 떠 있는 배 두 척과 등대", PromptChange.SENTENCE),
    ],
)
def test_korean(target: str, kind: PromptChange) -> None:
    assert prompt_change(KOREAN, target) is kind


def test_an_object_added_to_a_single_one_takes_a_particle_and_stays() -> None:
    before, after = "노란색 바탕 위의 고양이", "노란색 바탕 위의 고양이와 개"
    assert prompt_change(before, after) is PromptChange.ADDED
    assert prompt_change(after, before) is PromptChange.REMOVED


def test_short_prompts_are_not_whole_sentences() -> None:
    assert prompt_change("a cat", "a dog") is PromptChange.REPLACED
    assert prompt_change("a red apple", "a green pear") is PromptChange.REPLACED
    assert prompt_change("a cat sitting", "a dog sitting") is PromptChange.REPLACED


def test_an_empty_source_leaves_nothing_to_align() -> None:
    assert prompt_change("", SCENE) is PromptChange.SENTENCE
    assert prompt_change(" , ", SCENE) is PromptChange.SENTENCE


@pytest.mark.parametrize(
    "target", [SCENE, SCENE.upper() + ".", "the cat, a red apple on teal ground"]
)
def test_the_same_words_are_no_change(target: str) -> None:
    assert prompt_change(SCENE, target) is None
