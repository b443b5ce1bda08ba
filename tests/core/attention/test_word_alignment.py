"""Prompts side by side, in English and in Korean."""

import pytest
import torch

from core.attention.word_alignment import (
    align,
    cut,
    token_weights,
    tokens_in_each,
    tokens_of,
    unread,
)
from core.errors import RequestError
from core.training.tokenizer import load_tokenizer, train_tokenizer
from tests.tiny_model import CAPTIONS

LENGTH = 24


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokenizer")
    train_tokenizer(CAPTIONS * 4, 700, LENGTH, folder)
    return load_tokenizer(folder)


def taken_from(alignment, token):
    """{source token: share} of a target token, or None where it keeps its own map."""
    if alignment.taken[token] == 0:
        return None
    column = alignment.source_to_target[:, token]
    return {int(i): round(column[i].item(), 4) for i in column.nonzero().flatten()}


def test_words_know_their_tokens(tokenizer):
    words = cut(tokenizer, "a Cat, and  red zebras")
    assert words.words == ("a", "Cat", ",", "and", "red", "zebras")
    # what the tokenizer never saw is many tokens, and all are the word's
    ids = tokenizer("a Cat, and  red zebras")["input_ids"]
    assert [t for word in words.tokens for t in word] == list(range(1, len(ids) - 1))
    assert len(words.tokens[-1]) > 1
    assert words.end == len(ids) - 1


def test_korean_words_with_their_particles(tokenizer):
    words = cut(tokenizer, "청록색 바탕 위의 사과와 개")
    assert words.words == ("청록색", "바탕", "위의", "사과와", "개")
    assert words.find("사과") == words.tokens[3]
    assert words.find("개") == words.tokens[4]
    assert len(words.tokens[4]) > 1
    assert words.find("과") == ()


def test_words_are_whole_and_phrases_are_found(tokenizer):
    words = cut(tokenizer, "a red cat and a Red apple, category")
    assert words.find("cat") == words.tokens[2]
    assert words.find("RED") == words.tokens[1] + words.tokens[5]
    assert words.find("red apple") == words.tokens[5] + words.tokens[6]
    assert words.find("apple red") == ()
    assert words.find("") == ()


def test_a_swapped_word_takes_the_old_ones_place(tokenizer):
    source, target = cut(tokenizer, "a cat and a pear"), cut(tokenizer, "a dog and a pear")
    replaced = align(source, target, LENGTH, replace=True)
    assert torch.equal(replaced.source_to_target, torch.eye(LENGTH))
    assert torch.equal(replaced.taken, torch.ones(LENGTH))
    refined = align(source, target, LENGTH, replace=False)
    (dog,) = target.tokens[1]
    assert taken_from(refined, dog) is None
    assert refined.taken.sum() == LENGTH - 1


def test_a_word_of_other_length_shares(tokenizer):
    source, target = cut(tokenizer, "a cat and a pear"), cut(tokenizer, "a zebra and a pear")
    alignment = align(source, target, LENGTH, replace=True)
    (cat,) = source.tokens[1]
    zebra = target.tokens[1]
    assert len(zebra) > 1
    for token in zebra:
        assert taken_from(alignment, token) == {cat: round(1 / len(zebra), 4)}
    # what stands behind it moves along, to the end mark and the padding
    for old, new in zip(source.tokens[2:], target.tokens[2:], strict=True):
        assert [taken_from(alignment, t) for t in new] == [{t: 1.0} for t in old]
    shift = target.end - source.end
    assert taken_from(alignment, target.end) == {source.end: 1.0}
    assert taken_from(alignment, LENGTH - 1) == {LENGTH - 1 - shift: 1.0}


def test_added_and_removed_words(tokenizer):
    short, long = cut(tokenizer, "a cat"), cut(tokenizer, "a red cat")
    added = align(short, long, LENGTH, replace=True)
    assert [taken_from(added, t) for t in long.tokens[1]] == [None] * len(long.tokens[1])
    assert taken_from(added, long.tokens[2][0]) == {short.tokens[1][0]: 1.0}
    removed = align(long, short, LENGTH, replace=True)
    assert taken_from(removed, short.tokens[1][0]) == {long.tokens[2][0]: 1.0}
    # the target's padding is longer than the source's; what has no partner keeps its own map
    assert removed.taken[LENGTH - 1] == 0


def test_weights_and_unknown_words(tokenizer):
    target = cut(tokenizer, "a red cat")
    weights = token_weights(target, {"red": 2.5}, LENGTH)
    assert weights[list(target.tokens[1])].tolist() == [2.5] * len(target.tokens[1])
    assert weights.sum() == LENGTH + 1.5 * len(target.tokens[1])
    with pytest.raises(RequestError, match="“dog” is not in “a red cat”; choose a word"):
        tokens_of("dog", target)


def test_words_for_which_there_is_no_room(tokenizer):
    """24 places hold 22 tokens between the marks."""
    assert unread(tokenizer, "7 " * 22) == ()
    long = "7 " * 21 + "cat dog red"
    assert unread(tokenizer, long) == ("dog", "red")
    words = cut(tokenizer, long)
    assert words.prompt == ("7 " * 21 + "cat")
    assert words.words[-1] == "cat"
    assert words.end == LENGTH - 1
    assert words.find("dog") == ()
    # of a word that is read in part the rest is missing, so it does not count
    halved = "7 " * 21 + "zebra"
    assert len(tokenizer("zebra")["input_ids"]) > 3
    assert unread(tokenizer, halved) == ("zebra",)
    assert cut(tokenizer, halved).end == LENGTH - 2
    whole = cut(tokenizer, "9" * 40)
    assert (whole.prompt, whole.words, whole.end) == ("", (), 1)
    alignment = align(words, cut(tokenizer, "7 " * 30), LENGTH, replace=True)
    assert alignment.source_to_target.sum() == LENGTH


def test_the_tokens_of_words_in_each_prompt(tokenizer):
    source, target = cut(tokenizer, "a cat"), cut(tokenizer, "a red dog")
    found = tokens_in_each(("cat", "dog"), source, target)
    assert found == {"source": list(source.tokens[1]), "target": list(target.tokens[2])}
    with pytest.raises(RequestError, match="“pear” is not in “a cat” or “a red dog”"):
        tokens_in_each(("cat", "pear"), source, target)
