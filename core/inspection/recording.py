"""`Recording`: what an edit looked like from inside, step by step. Numpy only, and never changed.

It travels with the result that it belongs to, so that every result can be looked into.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.events import Phase
from core.imaging.frame import Frame

Prompt = Literal["source", "target"]
MapSize = tuple[int, int]
"""(height, width) of an attention map."""

Heat = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class RecordedStep:
    """What the network was given and what it believed, x = alpha x0 + sigma eps at label `t`.

    number: of the whole edit's steps, from 1. phase: "invert" towards noise, "sample" away from it.
    x, x0, eps: small pictures, RGB uint8 [h, w, 3], one pixel per latent pixel of the frame.
    maps: for each prompt and each size of map, where its words look: float16 [words, h, w],
    averaged over heads and layers, summed over a word's tokens. A prompt that was not asked at this
    step is missing.
    """

    number: int
    phase: Phase
    t: float
    alpha: float
    sigma: float
    x: NDArray[np.uint8]
    x0: NDArray[np.uint8]
    eps: NDArray[np.uint8]
    maps: Mapping[Prompt, Mapping[MapSize, NDArray[np.float16]]]

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        sizes = [maps.nbytes for of_prompt in self.maps.values() for maps in of_prompt.values()]
        return self.x.nbytes + self.x0.nbytes + self.eps.nbytes + sum(sizes)


@dataclass(frozen=True, eq=False)
class Recording:
    """A whole edit.

    steps: in the order in which they ran; `total` of them, unless a long edit was thinned out.
    words: of each prompt that has any and is told apart from the other by the network's input.
    frame: which box of the picture the model worked on; maps and pictures cover that box.
    labels, alphas, sigmas: the model's path from the noisiest label to the clean end, float64 [n].
    """

    steps: tuple[RecordedStep, ...]
    total: int
    words: Mapping[Prompt, tuple[str, ...]]
    frame: Frame
    labels: NDArray[np.float64]
    alphas: NDArray[np.float64]
    sigmas: NDArray[np.float64]

    @property
    def nbytes(self) -> int:
        """Bytes of all steps."""
        return sum(step.nbytes for step in self.steps)

    @property
    def sizes(self) -> tuple[MapSize, ...]:
        """The sizes of map that there are, finest first."""
        found = {size for step in self.steps for maps in step.maps.values() for size in maps}
        return tuple(sorted(found, reverse=True))

    def heat_map(
        self,
        prompt: Prompt,
        word: int,
        steps: range | None = None,
        size: MapSize | None = None,
    ) -> Heat | None:
        """Where a word looks: float32 [h, w] at the model's scale of the frame, 0 to 1.

        The mean over `steps` (places in `self.steps`; None = all) and over maps of one size (None =
        of all sizes, each counting the same), stretched so that its least value is 0 and its
        greatest 1. All 0 where the word looks everywhere alike; None where nothing was recorded.
        """
        chosen = self.steps if steps is None else [self.steps[i] for i in steps]
        found: dict[MapSize, list[NDArray[np.float16]]] = {}
        for step in chosen:
            for each, maps in step.maps.get(prompt, {}).items():
                if size is None or each == size:
                    found.setdefault(each, []).append(maps[word])
        if not found:
            return None
        return stretched(_mean([self._enlarged(_mean(maps)) for maps in found.values()]))

    def counterpart(self, prompt: Prompt, word: int) -> tuple[Prompt, int] | None:
        """The word of the other prompt that is the same one, or that stands in its place."""
        other: Prompt = "target" if prompt == "source" else "source"
        ours, theirs = self.words.get(prompt, ()), self.words.get(other, ())
        matcher = SequenceMatcher(None, _folded(ours), _folded(theirs), autojunk=False)
        for kind, a, b, c, d in matcher.get_opcodes():
            if a <= word < b and kind in ("equal", "replace") and b - a == d - c:
                return other, c + word - a
        return None

    def in_picture(self, heat: Heat, size: tuple[int, int]) -> Heat:
        """A heat map at the size (height, width) of the whole picture; 0 outside the frame."""
        import cv2

        frame = self.frame
        whole = np.zeros(size, np.float32)
        box = cv2.resize(heat, (frame.width, frame.height), interpolation=cv2.INTER_LINEAR)
        whole[frame.rows, frame.columns] = box
        return whole

    def _enlarged(self, heat: NDArray[np.float32]) -> NDArray[np.float32]:
        """A map over the frame's padded box as one over the box itself, at the model's scale."""
        import cv2

        height, width = self.frame.padded
        large = cv2.resize(heat, (width, height), interpolation=cv2.INTER_CUBIC)
        return np.asarray(large[: self.frame.inner[0], : self.frame.inner[1]], np.float32)


def stretched(heat: NDArray[np.float32]) -> Heat:
    """Values moved and scaled to reach from 0 to 1; all 0 if they are all alike."""
    low, high = float(heat.min()), float(heat.max())
    if high - low <= 1e-6 * max(abs(high), abs(low)):
        return np.zeros_like(heat)
    return (heat - np.float32(low)) / np.float32(high - low)


def _mean(maps: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
    return np.asarray(np.mean(maps, axis=0, dtype=np.float32), np.float32)


def _folded(words: Sequence[str]) -> list[str]:
    return [word.casefold() for word in words]
