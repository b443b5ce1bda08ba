"""Recordings made by hand, for tests of what shows them."""

from collections.abc import Sequence

import numpy as np

from core.imaging.frame import Frame
from core.inspection.recording import MapSize, Prompt, RecordedStep, Recording

WORDS: dict[Prompt, tuple[str, ...]] = {
    "source": ("a", "red", "apple"),
    "target": ("a", "green", "apple"),
}


def map_of(place: int, heat: float = 1.0, size: MapSize = (4, 4)) -> np.ndarray:
    """A map that is `heat` at one of its places and 0 elsewhere."""
    flat = np.zeros(size[0] * size[1], np.float16)
    flat[place] = heat
    return flat.reshape(size)


def made_recording(
    *,
    source: tuple[str, ...] = WORDS["source"],
    target: tuple[str, ...] = WORDS["target"],
    prompts: Sequence[Prompt] = ("source", "target"),
    maps: Sequence[np.ndarray] | None = None,
    sizes: Sequence[MapSize] = ((4, 4),),
    steps: int = 4,
    inner: tuple[int, int] = (32, 48),
    padded: tuple[int, int] = (32, 48),
    top: int = 0,
    left: int = 0,
    height: int = 32,
    width: int = 48,
) -> Recording:
    """Half of the steps up, half down. Word i looks at place i of each map, unless `maps` are
    given: one for each step, the same for all words."""
    words: dict[Prompt, tuple[str, ...]] = {"source": source, "target": target}
    words = {prompt: words[prompt] for prompt in prompts}
    made = []
    count = steps if maps is None else len(maps)
    for index in range(count):
        found: dict[Prompt, dict[MapSize, np.ndarray]] = {}
        for prompt in prompts:
            found[prompt] = {
                size: np.stack(
                    [
                        map_of(word, size=size) if maps is None else maps[index]
                        for word in range(len(words[prompt]))
                    ]
                )
                for size in sizes
            }
        t = 1000.0 * (1 - (index + 1) / (count + 1))
        small = np.full((4, 6, 3), 40 * index % 256, np.uint8)
        made.append(
            RecordedStep(
                index + 1,
                "invert" if maps is None and index < count // 2 else "sample",
                t,
                1 - t / 1000,
                t / 1000,
                small,
                small + np.uint8(1),
                small + np.uint8(2),
                found,
            )
        )
    labels = np.linspace(1000, 0, 11)
    frame = Frame(top, left, height, width, inner, padded, 16)
    sigmas = labels / 1000
    return Recording(tuple(made), count, words, frame, labels, 1 - sigmas, sigmas)
