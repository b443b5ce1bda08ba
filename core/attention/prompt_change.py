"""What kind of change two prompts ask for, told from their words alone; English and Korean.

No grammar is parsed. In both languages a describing word stands before what it describes, so words
that changed in front of a kept noun are adjectives; in Korean a particle shows that a changed word
is a noun itself. No torch.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum


class PromptChange(StrEnum):
    """The kinds; where several hold, the first of them counts."""

    SENTENCE = "whole sentence"
    REPLACED = "word replaced"
    ADDED = "words added"
    REMOVED = "words removed"
    ADJECTIVE = "adjective changed"


_WORD = re.compile(r"\w+|[^\w\s]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_PARTICLE = re.compile("와|과|랑|이랑|하고|을|를|이|가|은|는|의|에|에서|도|로|으로")
# 은 and 는 also end describing words (작은, 검은), so they tell nothing.
_NOUN = re.compile("(?:와|과|랑|하고|을|를|이|가|의|에|에서|도|로)$")
_SMALL = {"a", "an", "the", "some", "and", "or", "그리고", "및"}
_LINKS = {"of", "on", "in", "at", "with", "to", "by", "under", "over", "near", "from", "for"}
_LINKS |= {"위", "위의", "있는", "안의", "옆의"}


@dataclass(frozen=True)
class _Word:
    """A word, in small letters. opens: an article, a conjunction or a mark stands before it."""

    text: str
    opens: bool


def prompt_change(source: str, target: str) -> PromptChange | None:
    """The kind of change from `source` to `target`; None where no word changes.

    Capitals, articles, conjunctions, punctuation and Korean particles are no change. It is a whole
    sentence when less than a third of the words stay and more than two change, or when the source
    is empty: then nothing can be aligned.
    """
    before, after = _words(source), _words(target)
    texts = [word.text for word in before]
    aligned = [_as_before(word.text, texts) for word in after]
    matcher = SequenceMatcher(None, texts, aligned, autojunk=False)
    runs = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    if not runs:
        return None
    old, new = sum(b - a for _, a, b, _, _ in runs), sum(d - c for _, _, _, c, d in runs)
    gone = sum(_content(before[a:b]) for _, a, b, _, _ in runs)
    kept = _content(before) - gone
    if not before or (3 * kept < max(_content(before), _content(after)) and max(old, new) > 2):
        return PromptChange.SENTENCE
    found = {_of_run(before, (a, b), after, (c, d)) for _, a, b, c, d in runs}
    if {PromptChange.ADDED, PromptChange.REMOVED} <= found:
        return PromptChange.REPLACED
    return next(kind for kind in PromptChange if kind in found)


def _of_run(
    before: Sequence[_Word],
    old: tuple[int, int],
    after: Sequence[_Word],
    new: tuple[int, int],
) -> PromptChange:
    """The kind of one run of changed words, from its first place to before its last."""
    if _describes(before, *old) and _describes(after, *new):
        return PromptChange.ADJECTIVE
    if old[0] == old[1]:
        return PromptChange.ADDED
    return PromptChange.REMOVED if new[0] == new[1] else PromptChange.REPLACED


def _describes(words: Sequence[_Word], start: int, end: int) -> bool:
    """Whether a run of words (none will do) can describe the word behind it."""
    if end == len(words):
        return False
    noun, run = words[end], words[start:end]
    if noun.text in _LINKS or noun.text.endswith("ing"):
        return False
    if not run:
        return True
    if noun.opens or any(word.opens for word in run[1:]):
        return False
    return not (_HANGUL.search(run[-1].text) and _NOUN.search(run[-1].text))


def _words(prompt: str) -> list[_Word]:
    """The words of a prompt without the small ones."""
    found: list[_Word] = []
    opens = True
    for word in _WORD.findall(prompt.casefold()):
        if word in _SMALL or not word[0].isalnum():
            opens = True
        else:
            found.append(_Word(word, opens))
            opens = False
    return found


def _as_before(word: str, before: Sequence[str]) -> str:
    """The source's form of a word that differs from it by a particle at most."""
    if word in before:
        return word
    return next((other for other in before if _same(word, other)), word)


def _same(one: str, other: str) -> bool:
    """Whether one is the other with a Korean particle behind it."""
    short, long = sorted((one, other), key=len)
    ending = long.removeprefix(short)
    return bool(_HANGUL.search(short) and long != ending and _PARTICLE.fullmatch(ending))


def _content(words: Sequence[_Word]) -> int:
    """How many of them name or describe something."""
    return sum(word.text not in _LINKS for word in words)
