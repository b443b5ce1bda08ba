"""Two prompts compared word by word."""

import re
from difflib import SequenceMatcher

_WORD = re.compile(r"[^\s,.;:!?]+|[,.;:!?]")

Span = tuple[int, int]
"""Where a word starts in its text, and its length, in characters."""


def word_difference(source: str, target: str) -> tuple[list[Span], list[Span]]:
    """The words of `source` that `target` lacks, and those of `target` that `source` lacks.

    Capitals are not counted as a difference. With one text empty nothing is different: there is
    nothing to compare yet.
    """
    ours, theirs = list(_WORD.finditer(source)), list(_WORD.finditer(target))
    if not ours or not theirs:
        return [], []
    removed: list[Span] = []
    added: list[Span] = []
    matcher = SequenceMatcher(
        None, [w[0].casefold() for w in ours], [w[0].casefold() for w in theirs], autojunk=False
    )
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            removed += [(w.start(), len(w[0])) for w in ours[a:b]]
            added += [(w.start(), len(w[0])) for w in theirs[c:d]]
    return removed, added


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
