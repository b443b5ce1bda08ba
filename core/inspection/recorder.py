"""`Recorder`: looks into an edit while it runs, and leaves it as it is to the last bit."""

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray

from core.attention.control import Site, Watcher, watched
from core.attention.store import map_size
from core.attention.word_alignment import cut
from core.imaging.frame import Frame
from core.inspection.recording import MapSize, Prompt, RecordedStep, Recording
from core.methods.task import Task
from core.sampling.path import Path
from core.sampling.solvers import State

MAX_BYTES = 32 * 2**20
LARGEST = 1536  # pixels of a map: 32 x 32, or 32 x 48 of a picture that is not square
CURVE = 101  # points of the path that are kept for drawing
TELLS_APART = 0.01  # two encodings of one prompt differ by less of their root mean square


class Recorder:
    """Records one edit: hand it to `run_edit`.

    recording: what was seen, once the edit has ended; None before, and after an error or a cancel.
    max_bytes: what the steps may take. When they are more, every second one is let go and only
    every second one is kept from then on.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self.max_bytes = max_bytes
        self.recording: Recording | None = None

    def watch(self, states: Iterator[State], task: Task, frame: Frame) -> Iterator[State]:
        """Yield a method's `states` as they come. Closing this closes them, then stops looking."""
        maps = _WordMaps(task)
        steps: list[RecordedStep] = []
        number, stride = 0, 1
        walk = cast("Generator[State, None, None]", states)
        with watched(task.model.network, maps), closing(walk):
            for number, state in enumerate(walk, start=1):
                seen = maps.take()
                if (number - 1) % stride == 0:
                    steps.append(_recorded(number, state, task, frame, seen))
                while len(steps) > 1 and sum(step.nbytes for step in steps) > self.max_bytes:
                    steps, stride = steps[::2], 2 * stride
                yield state
        labels = np.linspace(task.timesteps[0], task.model.path.clean, CURVE)
        alphas, sigmas = _curve(task.model.path, labels)
        self.recording = Recording(
            tuple(steps), number, maps.words, frame, _frozen(labels), alphas, sigmas
        )


class _WordMaps(Watcher):
    """Where the prompts' words look, at the last evaluation of each layer.

    Rows of a batch are known by what they are told: a prompt's are those with its text states. Of
    several, the source's is the first and the target's the last (`core.sampling.branches`).
    """

    def __init__(self, task: Task) -> None:
        height, width = task.clean.shape[-2:]
        self._latents: MapSize = (height, width)
        self.words: dict[Prompt, tuple[str, ...]] = {}
        self._tokens: dict[Prompt, torch.Tensor] = {}
        self._states: dict[Prompt, torch.Tensor] = {}
        self._told: torch.Tensor | None = None
        self._rows: dict[Prompt, int] = {}
        self._sizes: dict[int, MapSize | None] = {}
        self._seen: dict[tuple[Prompt, str], tuple[MapSize, torch.Tensor]] = {}
        prompts: tuple[tuple[Prompt, str, torch.Tensor], ...] = (
            ("source", task.source_prompt, task.source.hidden),
            ("target", task.target_prompt, task.target.hidden),
        )
        for prompt, text, hidden in prompts:
            words, tokens = word_tokens(task.model.tokenizer, text, hidden.shape[1])
            if words:
                self.words[prompt], self._states[prompt] = words, hidden
                self._tokens[prompt] = tokens.to(hidden.device)

    def rows(self, site: Site, pixels: int, states: torch.Tensor) -> list[int]:
        if self._size(pixels) is None:
            return []
        if self._told is not states:  # every layer of an evaluation is told the same
            self._told = states
            self._rows = {}
            for prompt, known in self._states.items():
                if rows := _rows_told(states, known):
                    self._rows[prompt] = rows[0] if prompt == "source" else rows[-1]
        return sorted(set(self._rows.values()))

    def see(self, site: Site, rows: list[int], maps: torch.Tensor) -> None:
        size = self._size(maps.shape[2])
        assert size is not None
        for prompt, row in self._rows.items():
            heat = maps[rows.index(row)].float().mean(dim=0) @ self._tokens[prompt]
            self._seen[prompt, site.name] = size, heat.T.unflatten(-1, size)

    def take(self) -> dict[Prompt, dict[MapSize, NDArray[np.float16]]]:
        """What was seen since the last time: float16 [words, h, w], layers of a size averaged."""
        layers: dict[Prompt, dict[MapSize, list[torch.Tensor]]] = {}
        for (prompt, _), (size, heat) in self._seen.items():
            layers.setdefault(prompt, {}).setdefault(size, []).append(heat)
        self._seen = {}
        return {
            prompt: {
                size: _frozen(torch.stack(heats).mean(dim=0).half().cpu().numpy())
                for size, heats in sizes.items()
            }
            for prompt, sizes in layers.items()
        }

    def _size(self, pixels: int) -> MapSize | None:
        """Of a map of so many pixels; None for one that is too large, or no map of the latents."""
        if pixels not in self._sizes:
            try:
                size = map_size(pixels, self._latents) if pixels <= LARGEST else None
            except ValueError:
                size = None
            self._sizes[pixels] = size
        return self._sizes[pixels]


def word_tokens(tokenizer: Any, prompt: str, length: int) -> tuple[tuple[str, ...], torch.Tensor]:
    """The words of a prompt, without signs, and float32 [length, words], 1 at a word's tokens.

    length: tokens of the encoded prompt; a word that lies beyond it is left out.
    """
    found = cut(tokenizer, prompt)
    words: list[str] = []
    columns: list[torch.Tensor] = []
    for word, tokens in zip(found.words, found.tokens, strict=True):
        if tokens and max(tokens) < length and word[0].isalnum():
            column = torch.zeros(length)
            column[list(tokens)] = 1.0
            words.append(word)
            columns.append(column)
    return tuple(words), torch.stack(columns, dim=1) if columns else torch.zeros(length, 0)


def _rows_told(states: torch.Tensor, known: torch.Tensor) -> list[int]:
    """The rows of states [rows, tokens, channels] that are `known` [1, tokens, channels]."""
    if states.shape[1:] != known.shape[1:]:
        return []
    wanted = known.to(states).float()
    apart = (states.detach().float() - wanted).square().mean(dim=(1, 2))
    near = apart <= TELLS_APART**2 * wanted.square().mean()
    return [row for row, is_near in enumerate(near.tolist()) if is_near]


def _recorded(
    number: int,
    state: State,
    task: Task,
    frame: Frame,
    maps: dict[Prompt, dict[MapSize, NDArray[np.float16]]],
) -> RecordedStep:
    model = task.model
    alpha, sigma = model.path.alpha(state.t), model.path.sigma(state.t)
    x0, eps = state.x0[:1].detach(), state.eps[:1].detach()
    height, width = (-(-side // model.factor) for side in frame.inner)
    pictures = model.preview(torch.cat([alpha * x0 + sigma * eps, x0, eps]))
    x, small_x0, small_eps = _frozen(pictures[:, :height, :width].numpy().copy())
    return RecordedStep(number, state.phase, state.t, alpha, sigma, x, small_x0, small_eps, maps)


def _curve(
    path: Path, labels: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """alpha and sigma at each label."""
    alphas = np.array([path.alpha(float(t)) for t in labels])
    sigmas = np.array([path.sigma(float(t)) for t in labels])
    return _frozen(alphas), _frozen(sigmas)


def _frozen(array: Any) -> Any:
    array.flags.writeable = False
    return array
