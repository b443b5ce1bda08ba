"""Grounds with a horizon, simple enough for a small model: hills, sea, dunes, snow, a room.

The ground's colour is that of the sky, or of the room's wall; what lies below the horizon has the
colours of its place. Outlines are made of parabolas, so that every machine draws the same.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

LandscapeKind = Literal["meadow", "beach", "desert", "snow", "room"]
LANDSCAPE_KINDS: tuple[LandscapeKind, ...] = get_args(LandscapeKind)
Rgb = NDArray[np.float64]


@dataclass(frozen=True)
class _Band:
    """One layer, in front of those before it.

    top: y of its edge, as a fraction of the frame's height. swell: how far the edge moves up
    and down. waves: how many of these in the frame's height. near, far: RGB at the bottom of the
    frame and at the edge.
    """

    top: float
    swell: float
    waves: float
    near: tuple[int, int, int]
    far: tuple[int, int, int]


BANDS: dict[LandscapeKind, tuple[_Band, ...]] = {
    "meadow": (
        _Band(0.52, 0.035, 0.9, (112, 168, 92), (150, 196, 118)),
        _Band(0.60, 0.03, 0.6, (72, 136, 66), (122, 182, 88)),
    ),
    "beach": (
        _Band(0.50, 0.0, 0.0, (70, 166, 190), (40, 112, 170)),
        _Band(0.64, 0.012, 1.6, (226, 196, 140), (242, 222, 176)),
    ),
    "desert": (
        _Band(0.54, 0.03, 0.7, (206, 150, 92), (228, 182, 122)),
        _Band(0.66, 0.04, 0.5, (188, 126, 70), (224, 168, 102)),
    ),
    "snow": (
        _Band(0.50, 0.05, 0.8, (206, 220, 238), (186, 204, 228)),
        _Band(0.62, 0.03, 0.5, (244, 248, 252), (216, 228, 242)),
    ),
    "room": (
        _Band(0.60, 0.0, 0.0, (236, 232, 224), (236, 232, 224)),
        _Band(0.63, 0.0, 0.0, (140, 94, 60), (176, 124, 82)),
    ),
}
PLANKS, GROOVE = 6, 0.12
PALE = 0.38
"""How far the sky goes towards white at the horizon."""


def draw_landscape(
    kind: LandscapeKind, sky: Rgb, shape: int, height: int, width: int
) -> NDArray[np.float32]:
    """The place as [height, width, 3] float32 in 0-255.

    sky: RGB, 0-255. shape: 0 to 7, which part of the outlines is in sight.
    """
    y = ((np.arange(height) + 0.5) / height)[:, None]
    x = ((np.arange(width) + 0.5) / height)[None, :]
    bands = BANDS[kind]
    pale = 0.0 if kind == "room" else PALE
    depth = np.clip(y / bands[0].top, 0.0, 1.0)[..., None]
    picture = np.broadcast_to(sky + (255.0 - sky) * pale * depth, (height, width, 3)).copy()
    for number, band in enumerate(bands):
        edge = band.top + band.swell * _wave(x * band.waves + shape / 8 + 0.37 * number)
        cover = np.clip((y - edge) * height + 0.5, 0.0, 1.0)[..., None]
        depth = np.clip((y - band.top) / (1 - band.top), 0.0, 1.0)[..., None]
        far, near = np.array(band.far, np.float64), np.array(band.near, np.float64)
        picture += (far + (near - far) * depth - picture) * cover
    if kind == "room":
        picture *= _grooves(x, y, bands[-1].top, shape)[..., None]
    return picture.astype(np.float32)


def _wave(phase: Rgb) -> Rgb:
    """Smooth, from -1 to 1, once a unit: two parabolas that meet without a bend."""
    half = (phase % 1.0) * 2.0
    arch = 4.0 * (half % 1.0) * (1.0 - half % 1.0)
    return np.where(half < 1.0, arch, -arch)


def _grooves(x: Rgb, y: Rgb, top: float, shape: int) -> Rgb:
    """What the lines between floorboards, which run towards the viewer, take away."""
    centre = 0.5 * x.max()
    spread = (x - centre) / (0.35 + np.maximum(y - top, 0.0) * 2.0)
    inside = np.abs((spread * PLANKS / 2 + shape / 8) % 1.0 - 0.5)
    return np.where(y > top, 1.0 - GROOVE * np.clip(1.0 - inside * 12.0, 0.0, 1.0), 1.0)
