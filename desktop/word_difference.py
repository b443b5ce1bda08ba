"""Two prompts compared word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

_WORD = re.compile(r"[^\s,.;:!?]+|[,.;:!?]")

Span = tuple[int, int]
"""Where a word starts in its text, and its length, in characters."""


class Change(Enum):
    """What became of a word between source and target."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class ComparedWord:
    """One word of either prompt; start: its place in its own prompt, in characters."""

    text: str
    change: Change
    start: int

    @property
    def span(self) -> Span:
        return self.start, len(self.text)


def compare_words(source: str, target: str) -> list[ComparedWord]:
    """The words of both prompts in reading order; what goes stands before what comes in its place.

    Capitals are not counted as a difference. With one text empty nothing is different: there is
    nothing to compare yet, and the other's words count as kept.
    """
    ours, theirs = list(_WORD.finditer(source)), list(_WORD.finditer(target))
    if not ours or not theirs:
        return [ComparedWord(word[0], Change.KEPT, word.start()) for word in theirs or ours]
    matcher = SequenceMatcher(
        None, [w[0].casefold() for w in ours], [w[0].casefold() for w in theirs], autojunk=False
    )
    compared: list[ComparedWord] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            compared += [ComparedWord(w[0], Change.KEPT, w.start()) for w in theirs[c:d]]
            continue
        compared += [ComparedWord(w[0], Change.REMOVED, w.start()) for w in ours[a:b]]
        compared += [ComparedWord(w[0], Change.ADDED, w.start()) for w in theirs[c:d]]
    return compared


def word_difference(source: str, target: str) -> tuple[list[Span], list[Span]]:
    """Where the words of `source` are that `target` lacks, and those of `target` that are new."""
    words = compare_words(source, target)
    removed = [word.span for word in words if word.change is Change.REMOVED]
    return removed, [word.span for word in words if word.change is Change.ADDED]


def words_of(text: str) -> list[str]:
    """The words of a prompt without their capitals; marks of punctuation are none."""
    words = (word.casefold() for word in _WORD.findall(text))
    return [word for word in words if is_word(word)]


def is_word(text: str) -> bool:
    """Whether a part of a prompt is more than a mark of punctuation."""
    return any(letter.isalnum() for letter in text)


def short_title(source: str, target: str, words: int = 4) -> str:
    """A few words for a result: what is new in `target`, with the word that follows it.

    >>> short_title("a red apple on a teal ground", "a green apple on a teal ground")
    'green apple'
    >>> short_title("an apple", "an apple and a dog")
    '+ dog'
    """
    _, added = word_difference(source, target)
    found = list(_WORD.finditer(target))
    if not added:
        return " ".join(w[0] for w in found[:words])
    removed_some = len(_WORD.findall(source)) >= len(found)
    starts = {start for start, _ in added}
    new = [i for i, w in enumerate(found) if w.start() in starts and w[0].lower() not in _SMALL]
    if not new:
        new = [i for i, w in enumerate(found) if w.start() in starts]
    last = new[-1]
    follower = last + 1
    if (
        removed_some
        and follower < len(found)
        and found[follower][0].lower() not in _SMALL
        and len(new) < words
    ):
        new.append(follower)
    text = " ".join(found[i][0] for i in new[:words])
    return text if removed_some else f"+ {text}"


_SMALL = frozenset(
    ("a", "an", "the", "and", "or", "of", "on", "in", "at", "with", "to", "by", *",.;:!?")
)
