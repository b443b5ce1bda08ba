"""How long selections take on a 24-megapixel photo. Prints figures, asserts none.

pytest -m benchmark -s tests/core/imaging/test_selection_benchmark.py
"""

import time
from collections.abc import Callable

import numpy as np
import pytest

from core.imaging.colour_wand import of_colour
from core.imaging.morphology import feather, fill_holes, grow, shrink
from core.imaging.object_box import in_box
from core.imaging.outline import ellipse, enclosed
from core.imaging.selection import How, combined

LARGE, SMALL = (4000, 6000), (1000, 1000)

pytestmark = pytest.mark.benchmark


def cost(action: Callable[[], object], times: int = 3) -> float:
    """Milliseconds of the processor, of the cheapest of several runs."""
    durations = []
    for _ in range(times):
        start = time.process_time()
        action()
        durations.append(time.process_time() - start)
    return 1000 * min(durations)


def scene(size: tuple[int, int]) -> np.ndarray:
    """A red disc of 400 px in the middle of a grainy, bluish ground."""
    height, width = size
    pixels = np.random.default_rng(0).integers(90, 120, (height, width, 3)).astype(np.uint8)
    y, x = np.ogrid[:height, :width]
    pixels[np.hypot(y - height / 2, x - width / 2) < 200] = (210, 60, 50)
    return pixels


def test_the_same_disc_in_a_large_and_in_a_small_picture() -> None:
    figures: dict[str, list[float]] = {}
    for size in (LARGE, SMALL):
        pixels, (y, x) = scene(size), (size[0] // 2, size[1] // 2)
        patch = enclosed(ellipse((x - 200, y - 200), (x + 200, y + 200)), size)
        mask = combined(np.zeros(size, np.uint8), patch, How.ADD)
        steps: dict[str, Callable[[], object]] = {
            "outline": lambda x=x, y=y, size=size: enclosed(
                ellipse((x - 200, y - 200), (x + 200, y + 200)), size
            ),
            "add": lambda mask=mask, patch=patch: combined(mask, patch, How.ADD),
            "grow 10": lambda mask=mask: grow(mask, 10),
            "shrink 10": lambda mask=mask: shrink(mask, 10),
            "feather 10": lambda mask=mask: feather(mask, 10),
            "fill holes": lambda mask=mask: fill_holes(mask),
            "object": lambda pixels=pixels, x=x, y=y: in_box(
                pixels, (x - 230, y - 240, x + 240, y + 230)
            ),
            "wand": lambda pixels=pixels, x=x, y=y: of_colour(pixels, y, x, 12.0),
        }
        for name, step in steps.items():
            figures.setdefault(name, []).append(cost(step))
    print()
    for name, (large, small) in figures.items():
        print(f"{name:>10}: {large:7.1f} ms at 24 MP, {small:7.1f} ms at 1 MP")
    total = [sum(values) for values in zip(*figures.values(), strict=True)]
    print(f"all: {total[0] / total[1]:.2f} x the small picture's, of 24 x the pixels")
