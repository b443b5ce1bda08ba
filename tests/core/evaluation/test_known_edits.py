"""Edits with known answers: what they ask for is what their pictures show."""

import numpy as np
import pytest

from core.attention.prompt_change import PromptChange, prompt_change
from core.evaluation.known_edits import KINDS, Kind, KnownEdit, colour_variants, known_edit
from core.training.choices import World
from core.training.datasets.objects import ObjectLibrary, catalogue
from core.training.datasets.worlds import WORLDS
from tests.drawn_objects import drawn_objects

SIDE = 96


@pytest.fixture(scope="module")
def library() -> ObjectLibrary:
    return drawn_objects()


@pytest.fixture(scope="module", params=WORLDS)
def world(request) -> World:
    return request.param


@pytest.fixture(scope="module")
def edits(library: ObjectLibrary, world: World) -> list[KnownEdit]:
    """Six of each kind."""
    return [known_edit(0, index, library, SIDE, world) for index in range(6 * len(KINDS))]


def test_the_kinds_take_turns_and_speak_both_languages(edits):
    assert [edit.kind for edit in edits[: len(KINDS)]] == list(KINDS)
    for kind in KINDS:
        languages = [edit.language for edit in edits if edit.kind is kind]
        assert languages == ["en", "en", "en", "ko", "en", "en"]


def test_an_edit_depends_on_the_seed_and_its_number_alone(edits, library, world):
    again, other = (known_edit(seed, 9, library, SIDE, world) for seed in (0, 1))
    assert np.array_equal(again.answer, edits[9].answer)
    assert again.target_prompt == edits[9].target_prompt
    assert not np.array_equal(other.picture, edits[9].picture)


def test_the_two_pictures_differ_and_the_kept_region_in_nothing(edits, world):
    for edit in edits:
        # Another light changes all there is.
        assert 0 < edit.changed.mean() < 1 or (world, edit.kind) == ("rich", Kind.RESTYLE)
        if edit.kept is not None:
            difference = edit.picture[edit.kept].astype(int) - edit.answer[edit.kept].astype(int)
            assert np.abs(difference).max() <= 2
            assert not (edit.kept & edit.changed).any()
    assert sum(edit.kept is not None for edit in edits) > 0.8 * len(edits)


def test_the_box_is_a_square_in_the_frame_that_holds_the_change(edits):
    for edit in edits:
        rows, columns = edit.box
        assert rows.stop - rows.start == columns.stop - columns.start >= SIDE // 2
        assert 0 <= rows.start < rows.stop <= SIDE
        assert 0 <= columns.start < columns.stop <= SIDE
        assert edit.changed[edit.box].sum() == edit.changed.sum()


def test_prompts_say_what_changes(edits, world):
    expected = {
        Kind.SWAP: {PromptChange.REPLACED},
        # "a cat" and "a black cat", "검은 고양이"
        Kind.COLOUR: {PromptChange.ADJECTIVE},
        Kind.GROUND: {PromptChange.ADJECTIVE},
        Kind.ADD: {PromptChange.ADDED},
        Kind.REMOVE: {PromptChange.REMOVED},
        Kind.RESTYLE: {PromptChange.ADJECTIVE},
        Kind.UNSAID: {PromptChange.SENTENCE},
    }
    if world == "rich":
        # "on a red ground" and "in the snow", "... at night", "in a spotlight".
        light = {PromptChange.ADDED, PromptChange.REMOVED, PromptChange.REPLACED}
        expected[Kind.RESTYLE] |= light
        expected[Kind.GROUND] |= {PromptChange.REPLACED}
    for edit in edits:
        assert edit.source_caption != edit.target_prompt
        change = prompt_change(edit.source_prompt, edit.target_prompt)
        # Names of two words share one at times: from a polar bear to a bear.
        assert change in expected[edit.kind] | (
            {PromptChange.ADJECTIVE} if edit.kind is Kind.SWAP else set()
        ), (edit.source_prompt, edit.target_prompt)


def test_around_the_edit_only_what_is_new_is_named(edits):
    for edit in edits:
        english = edit.language == "en"
        if edit.kind is Kind.REMOVE and english:
            assert edit.here.startswith(("a ", "an ", "the snow"))
            assert "and" not in edit.here.split()
        if edit.kind in (Kind.GROUND, Kind.RESTYLE):
            assert edit.here == edit.target_prompt


def test_colours_are_those_that_the_names_tell():
    assert colour_variants("red_apple", catalogue()) == ["green_apple"]
    assert colour_variants("black_cat", catalogue()) == ["cat"]
    assert colour_variants("polar_bear", catalogue()) == []
