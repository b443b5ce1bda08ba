import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.word_difference import Change, Span, compare_words, short_title, word_difference


def words(text: str, spans: list[Span]) -> list[str]:
    return [text[start : start + length] for start, length in spans]


@pytest.mark.parametrize(
    ("source", "target", "removed", "added"),
    [
        ("a red apple", "a green apple", ["red"], ["green"]),
        ("a cat", "a cat and a dog", [], ["and", "a", "dog"]),
        ("A Cat", "a cat", [], []),
        ("", "anything", [], []),
        ("빨간 사과", "초록 사과", ["빨간"], ["초록"]),
    ],
)
def test_words_that_go_and_come(source, target, removed, added) -> None:
    gone, new = word_difference(source, target)
    assert words(source, gone) == removed
    assert words(target, new) == added


@given(st.text("ab ,\n", max_size=30), st.text("ab ,\n", max_size=30))
def test_spans_lie_in_their_texts_and_what_is_left_is_equal(source: str, target: str) -> None:
    gone, new = word_difference(source, target)

    def rest(text: str, spans: list[Span]) -> str:
        for start, length in reversed(spans):
            assert 0 <= start < start + length <= len(text)
            text = text[:start] + " " + text[start + length :]
        return "".join(text.split())

    if "".join(source.split()) and "".join(target.split()):
        assert rest(source, gone) == rest(target, new)


@pytest.mark.parametrize(
    ("source", "target", "title"),
    [
        ("a red apple on a teal ground", "a green apple on a teal ground", "green apple"),
        ("an apple on a teal ground", "a pear on a teal ground", "pear"),
        ("an apple", "an apple and a dog", "+ dog"),
        ("", "a cat on a purple ground", "a cat on a"),
        ("", "", ""),
    ],
)
def test_titles_of_results(source: str, target: str, title: str) -> None:
    assert short_title(source, target) == title


def test_words_in_reading_order_what_goes_before_what_comes() -> None:
    compared = compare_words("a red apple", "a green apple and a dog")
    assert [(word.text, word.change.value) for word in compared] == [
        ("a", "kept"),
        ("red", "removed"),
        ("green", "added"),
        ("apple", "kept"),
        ("and", "added"),
        ("a", "added"),
        ("dog", "added"),
    ]


@given(st.text("ab ,", max_size=30), st.text("ab ,", max_size=30))
def test_what_is_not_removed_is_the_target(source: str, target: str) -> None:
    if target.strip(" "):
        left = [word for word in compare_words(source, target) if word.change is not Change.REMOVED]
        assert all(target[word.start :].startswith(word.text) for word in left)
        assert "".join(word.text for word in left) == target.replace(" ", "")
