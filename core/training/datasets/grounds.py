"""Grounds: the coloured surface, or the landscape, behind the objects, and how it is drawn."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from core.training.datasets.landscapes import LANDSCAPE_KINDS, LandscapeKind, draw_landscape

SurfaceKind = Literal["plain", "gradient", "stripes", "dots", "checks"]
GroundKind = SurfaceKind | LandscapeKind
GROUND_KINDS: tuple[SurfaceKind, ...] = get_args(SurfaceKind)
SHAPES = 8
KIND_ODDS = (0.45, 0.2, 0.12, 0.11, 0.12)
REPEATS = (4, 5, 6)
ANGLES = (0, 45, 90, 135)
TONES = (-1.0, -0.5, 0.0, 0.5, 1.0)
TONE_RANGE = 0.07
"""How far a tone of 1 or -1 goes towards white or black."""


@dataclass(frozen=True)
class Colour:
    """A ground colour: rgb 0-255, and its names."""

    rgb: tuple[int, int, int]
    name_en: str
    name_ko: str


COLOURS: dict[str, Colour] = {
    colour.name_en: colour
    for colour in (
        Colour((216, 78, 70), "red", "빨간색"),
        Colour((240, 148, 66), "orange", "주황색"),
        Colour((247, 211, 88), "yellow", "노란색"),
        Colour((106, 180, 104), "green", "초록색"),
        Colour((56, 160, 156), "teal", "청록색"),
        Colour((86, 142, 222), "blue", "파란색"),
        Colour((144, 110, 206), "purple", "보라색"),
        Colour((245, 168, 194), "pink", "분홍색"),
        Colour((152, 110, 82), "brown", "갈색"),
        Colour((160, 164, 170), "grey", "회색"),
        Colour((244, 243, 239), "white", "흰색"),
        Colour((44, 46, 54), "black", "검은색"),
    )
}


@dataclass(frozen=True)
class Ground:
    """What lies behind the objects.

    colour: a key of COLOURS; of a landscape, the colour of its sky or wall.
    tone: -1 (a little darker) to 1 (a little lighter).
    repeats: how often a pattern repeats over the frame's height.
    angle: of stripes, in degrees; 0 = upright.
    shape: of a landscape's outlines, 0 to SHAPES - 1.
    """

    kind: GroundKind
    colour: str
    tone: float = 0.0
    repeats: int = 5
    angle: int = 45
    shape: int = 0


def sample_ground(rng: np.random.Generator, colour: str) -> Ground:
    """A random ground of the given colour."""
    return Ground(
        kind=GROUND_KINDS[int(rng.choice(len(GROUND_KINDS), p=KIND_ODDS))],
        colour=colour,
        tone=TONES[int(rng.integers(len(TONES)))],
        repeats=REPEATS[int(rng.integers(len(REPEATS)))],
        angle=ANGLES[int(rng.integers(len(ANGLES)))],
    )


def sample_landscape(rng: np.random.Generator, colour: str) -> Ground:
    """A random landscape under a sky (or with a wall) of the given colour."""
    return Ground(
        kind=LANDSCAPE_KINDS[int(rng.integers(len(LANDSCAPE_KINDS)))],
        colour=colour,
        tone=TONES[int(rng.integers(len(TONES)))],
        shape=int(rng.integers(SHAPES)),
    )


@lru_cache(maxsize=512)
def draw_ground(ground: Ground, height: int, width: int) -> NDArray[np.float32]:
    """The ground as HxWx3 float32 in 0-255, read-only and shared between calls."""
    if ground.kind in LANDSCAPE_KINDS:
        picture = draw_landscape(ground.kind, _base(ground), ground.shape, height, width)
    else:
        first, second = _tones(ground)
        share = _coverage(ground, height, width)[..., None]
        picture = (first + (second - first) * share).astype(np.float32)
    picture = np.ascontiguousarray(np.broadcast_to(picture, (height, width, 3)))
    picture.flags.writeable = False
    return picture


def _base(ground: Ground) -> NDArray[np.float64]:
    """The ground's colour in its tone, as RGB in 0-255."""
    rgb = np.array(COLOURS[ground.colour].rgb, dtype=np.float64)
    return _towards(rgb, ground.tone * TONE_RANGE)


def _tones(ground: Ground) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The two colours that a ground runs or alternates between, as RGB in 0-255."""
    base = _base(ground)
    if ground.kind == "plain":
        return base, base
    if ground.kind == "gradient":
        return _towards(base, 0.42 if base.max() > 100 else 0.26), _towards(base, -0.18)
    bright = base.min() > 200
    return base, _towards(base, -0.10 if bright else 0.22)


def _towards(rgb: NDArray[np.float64], amount: float) -> NDArray[np.float64]:
    """Mixed with white (amount > 0) or black (amount < 0) by |amount|."""
    goal = 255.0 if amount > 0 else 0.0
    return rgb + (goal - rgb) * abs(amount)


def _coverage(ground: Ground, height: int, width: int) -> NDArray[np.float64]:
    """HxW, how much of the second colour each pixel has, 0 to 1; edges are anti-aliased."""
    if ground.kind == "plain":
        return np.zeros((1, 1))
    y = ((np.arange(height) + 0.5) / height)[:, None]
    if ground.kind == "gradient":
        return y * y * (3 - 2 * y) * 0.6 + y * 0.4
    x = ((np.arange(width) + 0.5) / height)[None, :]
    pixels = height / ground.repeats
    if ground.kind == "stripes":
        # Whole-number weights stand in for sine and cosine, so every machine agrees.
        across, down = {0: (1, 0), 45: (1, 1), 90: (0, 1), 135: (1, -1)}[ground.angle]
        slant = 1.4142135623730951 if across and down else 1.0
        phase = (x * across + y * down) / slant * ground.repeats
        return _soft(0.25 - np.abs(phase % 1.0 - 0.5), pixels)
    if ground.kind == "checks":
        cell_x = 0.25 - np.abs((x * ground.repeats / 2) % 1.0 - 0.5)
        cell_y = 0.25 - np.abs((y * ground.repeats / 2) % 1.0 - 0.5)
        in_x, in_y = _soft(cell_x, 2 * pixels), _soft(cell_y, 2 * pixels)
        return in_x + in_y - 2 * in_x * in_y
    return np.maximum(_dots(x, y, ground.repeats, 0.0), _dots(x, y, ground.repeats, 0.5))


def _dots(
    x: NDArray[np.float64], y: NDArray[np.float64], repeats: int, shift: float
) -> NDArray[np.float64]:
    off_x = (x * repeats + shift) % 1.0 - 0.5
    off_y = (y * repeats + shift) % 1.0 - 0.5
    return _soft(0.2 - np.sqrt(off_x * off_x + off_y * off_y), y.size / repeats)


def _soft(distance: NDArray[np.float64], pixels: float) -> NDArray[np.float64]:
    """0 outside, 1 inside, a one-pixel ramp between. distance: in periods of `pixels` pixels."""
    return np.clip(distance * pixels + 0.5, 0.0, 1.0)
