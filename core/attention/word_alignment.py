"""Two prompts side by side: which words stayed, and which tokens carry each of them.

Words are runs of letters and digits, in any language; a tokenizer tells which token stands where in
the text, so that a word may be one token or, as Korean often is, many.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import torch

from core.errors import RequestError

_WORD = re.compile(r"\w+|[^\w\s]")
_HANGUL = re.compile(r"[\u1100-\u11ff\uac00-\ud7a3]")


@dataclass(frozen=True)
class Words:
    """A prompt, as much of it as the encoder reads, cut into words.

    tokens: for each word the places of its tokens in the encoded prompt; end: the place after the
    last of them, from which on the end mark and padding stand.
    """

    prompt: str
    words: tuple[str, ...]
    tokens: tuple[tuple[int, ...], ...]
    end: int

    def find(self, phrase: str) -> tuple[int, ...]:
        """The tokens of every occurrence of a word or phrase; empty if there is none.

        A Korean word is also found with a particle behind it.
        """
        wanted = [word.casefold() for word in _WORD.findall(phrase)]
        here = [word.casefold() for word in self.words]
        found: list[int] = []
        for start in range(len(here) - len(wanted) + 1 if wanted else 0):
            part = here[start : start + len(wanted)]
            if part[:-1] == wanted[:-1] and _is_word(part[-1], wanted[-1]):
                found += [t for word in self.tokens[start : start + len(wanted)] for t in word]
        return tuple(found)


@dataclass(frozen=True, eq=False)
class Alignment:
    """How the source's maps become the target's.

    source_to_target: float32 [source tokens, target tokens]; a target token's map is the sum of the
    source's maps by its column. taken: float32 [target tokens], 1 where that sum is used, 0 where
    the token keeps its own map.
    """

    source_to_target: torch.Tensor
    taken: torch.Tensor

    def to(self, device: torch.device) -> "Alignment":
        """The same on another device."""
        return Alignment(self.source_to_target.to(device), self.taken.to(device))


def cut(tokenizer: Any, prompt: str) -> Words:
    """The words of a prompt and their tokens, marks at both ends counted.

    Words that the encoder does not read, or not to their end, are left out: see `unread`.
    """
    spans, tokens = _placed(tokenizer, prompt)
    count = len(spans) - len(unread(tokenizer, prompt))
    if count < len(spans):
        prompt = prompt[: spans[count - 1][1]] if count else ""
    words = tuple(prompt[start:stop] for start, stop in spans[:count])
    end = max((place for word in tokens[:count] for place in word), default=0) + 1
    return Words(prompt, words, tokens[:count], end)


def unread(tokenizer: Any, prompt: str) -> tuple[str, ...]:
    """The words at the end of a prompt that its encoder has no room for, wholly or in part."""
    spans, tokens = _placed(tokenizer, prompt)
    end_mark = tokenizer.model_max_length - 1  # its last place, whatever stands before
    for number, word in enumerate(tokens):
        if word and word[-1] >= end_mark:
            return tuple(prompt[start:stop] for start, stop in spans[number:])
    return ()


def tokens_in_each(words: Sequence[str], source: Words, target: Words) -> dict[str, list[int]]:
    """The tokens of all `words` in "source" and in "target".

    Raises RequestError on a word that is in neither.
    """
    for word in words:
        tokens_of(word, source, target)
    return {
        name: [token for word in words for token in prompt.find(word)]
        for name, prompt in (("source", source), ("target", target))
    }


def align(source: Words, target: Words, length: int, *, replace: bool) -> Alignment:
    """Match two prompts of `length` encoded tokens word by word.

    Kept words take the source's maps. Words that stand in others' place take theirs (`replace`:
    Hertz et al. 2022, section 3.2, word swap) or keep their own (refinement), as added words do.
    """
    matrix, taken = torch.zeros(length, length), torch.zeros(length)
    matrix[0, 0] = taken[0] = 1.0
    before, after = _folded(source), _folded(target)
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs = [(source.tokens[a + i], target.tokens[c + i]) for i in range(b - a)]
        elif tag == "replace" and replace:
            old = tuple(t for word in source.tokens[a:b] for t in word)
            new = tuple(t for word in target.tokens[c:d] for t in word)
            pairs = list(zip(source.tokens[a:b], target.tokens[c:d], strict=False))
            pairs = pairs if b - a == d - c else [(old, new)]
        else:
            continue
        for old, new in pairs:
            _spread(matrix, taken, old, new)
    tail = min(length - source.end, length - target.end)
    for place in range(tail):
        matrix[source.end + place, target.end + place] = taken[target.end + place] = 1.0
    return Alignment(matrix, taken)


def token_weights(target: Words, weights: dict[str, float], length: int) -> torch.Tensor:
    """float32 [length]: the factor of each token's map. Raises RequestError on an unknown word."""
    factors = torch.ones(length)
    for word, weight in weights.items():
        factors[list(tokens_of(word, target))] = weight
    return factors


def tokens_of(word: str, *prompts: Words) -> tuple[int, ...]:
    """The tokens of `word` in the first prompt that has it. Raises RequestError if none does."""
    for prompt in prompts:
        found = prompt.find(word)
        if found:
            return found
    where = " or ".join(f"“{prompt.prompt}”" for prompt in prompts)
    raise RequestError(f"the word “{word}” is not in {where}; choose a word of the prompt.")


def _placed(
    tokenizer: Any, prompt: str
) -> tuple[list[tuple[int, int]], tuple[tuple[int, ...], ...]]:
    """Where each word stands in the text, and where its tokens stand in the encoded prompt."""
    spans = [match.span() for match in _WORD.finditer(prompt)]
    tokens: list[list[int]] = [[] for _ in spans]
    encoded = tokenizer(prompt, return_offsets_mapping=True, verbose=False)["offset_mapping"]
    for place, (start, stop) in enumerate(encoded):
        for word, (first, last) in zip(tokens, spans, strict=True):
            if start < stop and start < last and stop > first:
                word.append(place)
    return spans, tuple(tuple(word) for word in tokens)


def _spread(
    matrix: torch.Tensor, taken: torch.Tensor, old: tuple[int, ...], new: tuple[int, ...]
) -> None:
    """Token for token where they are as many, else each new one an equal share of all old ones."""
    if len(old) == len(new):
        matrix[list(old), list(new)] = 1.0
    else:
        for token in new:
            matrix[list(old), token] = 1.0 / len(new)
    taken[list(new)] = 1.0


def _folded(prompt: Words) -> list[str]:
    return [word.casefold() for word in prompt.words]


def _is_word(word: str, wanted: str) -> bool:
    return word == wanted or bool(_HANGUL.match(wanted) and word.startswith(wanted))
