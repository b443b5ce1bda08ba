"""The tokenizer: both languages and any byte, there and back, as CLIP's own algorithm has it."""

import json
import re
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer, CLIPTokenizer

from core.training.tokenizer import END, START, load_tokenizer, train_tokenizer

TEXTS = [
    "a red apple and a cat on a teal ground",
    "the cat's pear is left of a dog",
    "청록색 바탕 위의 빨간 사과와 고양이",
    "고양이 두 마리와 사과",
] * 5
LENGTH = 40
# No underscore: Python's \w holds it, CLIP's words do not.
alphabet = st.sampled_from("aeéñcatdogpl AB'.,!-7 3 고양이사과빨간위의 猫ß🦄🍎\u00a0\t")
texts = st.text(alphabet, max_size=12)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tokenizer")
    train_tokenizer(TEXTS, 640, LENGTH, out)
    return out


@pytest.fixture(scope="module")
def tokenizer(folder: Path) -> CLIPTokenizer:
    return load_tokenizer(folder)


def byte_letters() -> dict[int, str]:
    """GPT-2's printable stand-ins for the 256 bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    pairs = {byte: chr(byte) for byte in plain}
    return pairs | {byte: chr(256 + n) for n, byte in enumerate(others)}


class Plain:
    """CLIP's byte-pair encoding, written out: merge the best-ranked pair until none is left."""

    def __init__(self, folder: Path) -> None:
        self.vocab = json.loads((folder / "vocab.json").read_text("utf-8"))
        lines = (folder / "merges.txt").read_text("utf-8").splitlines()[1:]
        self.ranks = {tuple(line.split(" ")): rank for rank, line in enumerate(lines)}
        self.letters = byte_letters()

    def encode(self, text: str) -> list[int]:
        text = unicodedata.normalize("NFC", text).lower()
        words = re.findall(r"'s|'t|'re|'ve|'m|'ll|'d|[^\W\d_]+|\d|[^\s\w]+", text)
        tokens = [token for word in words for token in self.split(word)]
        return [self.vocab[START], *(self.vocab[t] for t in tokens), self.vocab[END]]

    def split(self, word: str) -> list[str]:
        parts = [self.letters[byte] for byte in word.encode()]
        parts[-1] += "</w>"
        while len(parts) > 1:
            pairs = [(self.ranks.get(pair, 1e9), n) for n, pair in enumerate(pairwise(parts))]
            rank, n = min(pairs)
            if rank == 1e9:
                break
            parts[n : n + 2] = [parts[n] + parts[n + 1]]
        return parts


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).lower().split())


@settings(max_examples=300, deadline=None)
@given(text=texts)
def test_it_encodes_as_clip_does(folder: Path, tokenizer: CLIPTokenizer, text: str) -> None:
    assert tokenizer(text)["input_ids"] == Plain(folder).encode(text)


@settings(max_examples=300, deadline=None)
@given(text=texts)
def test_every_text_comes_back(tokenizer: CLIPTokenizer, text: str) -> None:
    ids = tokenizer(text)["input_ids"]
    assert squeezed(tokenizer.decode(ids, skip_special_tokens=True)) == squeezed(text)


@pytest.mark.parametrize("text", ["a red apple", "빨간 사과와 고양이", "🦄 ☃", "\x07\x1b ÿ"])
def test_whole_words_of_both_languages_and_strange_signs_come_back(
    tokenizer: CLIPTokenizer, text: str
) -> None:
    ids = tokenizer(text)["input_ids"]
    assert tokenizer.decode(ids, skip_special_tokens=True).strip() == text
    assert ids.count(tokenizer.eos_token_id) == 1


def test_words_that_were_learnt_are_one_token(tokenizer: CLIPTokenizer) -> None:
    for word in ("apple", "cat", "고양이", "사과"):
        assert len(tokenizer(word)["input_ids"]) == 3, word


def test_decomposed_hangul_is_the_same_text(tokenizer: CLIPTokenizer) -> None:
    text = "빨간 사과"
    apart = unicodedata.normalize("NFD", text)
    assert apart != text
    assert tokenizer(apart)["input_ids"] == tokenizer(text)["input_ids"]


def test_transformers_loads_it_as_its_own(folder: Path, tokenizer: CLIPTokenizer) -> None:
    other = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    for text in TEXTS[:4]:
        assert other(text)["input_ids"] == tokenizer(text)["input_ids"]
    assert tokenizer.model_max_length == LENGTH


def test_the_end_mark_has_the_highest_number_and_pads(tokenizer: CLIPTokenizer) -> None:
    """CLIP pools at the highest number, its first place in the text."""
    ids = tokenizer("a cat", padding="max_length", max_length=LENGTH)["input_ids"]
    assert tokenizer.eos_token_id == len(tokenizer) - 1
    assert len(ids) == LENGTH
    assert ids[3:] == [tokenizer.eos_token_id] * (LENGTH - 3)


def test_the_vocabulary_is_512_byte_tokens_merges_and_two_marks(folder: Path) -> None:
    vocab = json.loads((folder / "vocab.json").read_text("utf-8"))
    assert sorted(vocab.values()) == list(range(len(vocab)))
    assert len(vocab) <= 640
    for letter in byte_letters().values():
        assert {letter, letter + "</w>"} <= set(vocab)
