"""What kind of change two prompts ask for, told from their words alone; English and Korean.

No grammar is parsed. In both languages a describing word stands before what it describes, so words
that changed in front of a kept noun are adjectives; in Korean a particle shows that a changed word
is a noun itself. No torch.
"""

import re
from difflib import SequenceMatcher
from enum import StrEnum


class PromptChange(StrEnum):
    """The kinds; where several hold, the first of them counts."""

    SENTENCE = "whole sentence"
    REPLACED = "word replaced"
    ADDED = "words added"
    REMOVED = "words removed"
    ADJECTIVE = "adjective changed"


_WORD = re.compile(r"\w+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_PARTICLE = re.compile("와|과|랑|이랑|하고|을|를|이|가|은|는|의|에|에서|도|로|으로")
# 은 and 는 also end describing words (작은, 검은), so they tell nothing.
_NOUN = re.compile("(?:와|과|랑|하고|을|를|이|가|의|에|에서|도|로)$")
_ARTICLES = {"a", "an", "the", "some"}
_SMALL = {"a", "and", "or", "그리고", "및"}
_LINKS = {"of", "on", "in", "at", "with", "to", "by", "under", "over", "near", "from", "for"}
_LINKS |= {"위", "위의", "있는", "안의", "옆의"}


def prompt_change(source: str, target: str) -> PromptChange | None:
    """The kind of change from `source` to `target`; None where no word changes.

    Capitals, articles, punctuation and Korean particles are no change. It is a whole sentence when
    less than a third of the words stay and more than two change, or when the source is empty: then
    nothing can be aligned.
    """
    before = _words(source)
    after = [_as_before(word, before) for word in _words(target)]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    runs = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    old = [word for _, a, b, _, _ in runs for word in before[a:b] if _counts(word)]
    new = [word for _, _, _, c, d in runs for word in after[c:d] if _counts(word)]
    if not old and not new:
        return None
    size = max(len(_content(before)), len(_content(after)))
    kept = len(_content(before)) - len(_content(old))
    if not _content(before) or (3 * kept < size and max(len(old), len(new)) > 2):
        return PromptChange.SENTENCE
    found = {_of_run(before[a:b], after[c:d], before[b:]) for _, a, b, c, d in runs}
    if {PromptChange.ADDED, PromptChange.REMOVED} <= found:
        return PromptChange.REPLACED
    return next(kind for kind in PromptChange if kind in found)


def _of_run(old: list[str], new: list[str], then: list[str]) -> PromptChange | None:
    """The kind of one run of changed words. then: the kept words that follow it."""
    gone, come = [w for w in old if _counts(w)], [w for w in new if _counts(w)]
    if not gone and not come:
        return None
    if _describes(old, then) and _describes(new, then):
        return PromptChange.ADJECTIVE
    if gone and come:
        return PromptChange.REPLACED
    return PromptChange.ADDED if come else PromptChange.REMOVED


def _describes(run: list[str], then: list[str]) -> bool:
    """Whether a run of words (none will do) can describe the kept word behind it."""
    if not then or then[0] in _SMALL | _LINKS or then[0].endswith("ing"):
        return False
    if any(word in _SMALL for word in run):
        return False
    return not run or not (_HANGUL.search(run[-1]) and _NOUN.search(run[-1]))


def _words(prompt: str) -> list[str]:
    """The words in small letters, all articles as one."""
    words = (word.casefold() for word in _WORD.findall(prompt))
    return ["a" if word in _ARTICLES else word for word in words]


def _as_before(word: str, before: list[str]) -> str:
    """The source's form of a word that differs from it by a particle at most."""
    if word in before:
        return word
    return next((other for other in before if _same(word, other)), word)


def _same(one: str, other: str) -> bool:
    """Whether one is the other with a Korean particle behind it."""
    short, long = sorted((one, other), key=len)
    ending = long.removeprefix(short)
    return bool(_HANGUL.search(short) and long != ending and _PARTICLE.fullmatch(ending))


def _counts(word: str) -> bool:
    """Whether a change of this word is a change."""
    return word not in _SMALL


def _content(words: list[str]) -> list[str]:
    return [word for word in words if word not in _SMALL | _LINKS]
