"""Hues: turned without touching brightness, and called by the names that the captions use."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.training.datasets.grounds import COLOURS

_LUMA = np.array([0.299, 0.587, 0.114])
_ACROSS = np.array([[1.0, -0.5, -0.5], [0.0, math.sqrt(3) / 2, -math.sqrt(3) / 2]])
"""From RGB to the plane at right angles to the grey axis; red lies at 0 degrees."""
TINTS = ("red", "orange", "yellow", "green", "teal", "blue", "purple", "pink")
"""The ground colours that are a hue: an object can be made to have them."""
LEAST_CHROMA = 45.0
"""A picture of less chroma, of 255, has no hue to speak of."""
LEAST_AGREEMENT = 0.9
"""How far the hues of one picture may differ: 1 = one hue, 0 = all around the circle."""


def turn_matrix(degrees: float) -> NDArray[np.float64]:
    """[3, 3]: turns all hues by one angle and keeps the brightness (Rec. 601 luma) of each."""
    if degrees == 0:
        return np.eye(3)
    angle = math.radians(degrees)
    grey = np.tile(_LUMA, (3, 1))
    across = (np.roll(np.eye(3), 1, 0) - np.roll(np.eye(3), -1, 0)) / math.sqrt(3)
    keep = np.eye(3) - np.full((3, 3), 1 / 3)
    turned = math.cos(angle) * keep + math.sin(angle) * across
    # What a turn around the grey axis does to the brightness is taken back.
    return turned + grey - grey @ turned


def turn_hues(picture: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    """All hues of a picture [..., 3] turned by one angle. Values that leave 0 to 255 are cut."""
    matrix = turn_matrix(degrees).astype(np.float32)
    result = picture.astype(np.float32) @ matrix.T
    return np.clip(np.rint(result), 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Hues:
    """What colours a picture has.

    angle: its hue in degrees, by the mean of its chroma; None where it has none, or several.
    tints: the names of TINTS that a person would call it by once its hue is turned there.
    """

    angle: float | None
    tints: tuple[str, ...]


def sprite_hues(pixels: NDArray[np.uint8]) -> Hues:
    """Reads the hues of a picture [H, W, 4], colour premultiplied, where it covers its ground."""
    seen = pixels[pixels[..., 3] >= 128].astype(np.float64)
    weights = seen[:, 3] / 255
    colours = np.minimum(seen[:, :3] / weights[:, None], 255.0)
    chroma = colours @ _ACROSS.T
    strength = np.hypot(chroma[:, 0], chroma[:, 1])
    mean = (chroma * weights[:, None]).sum(0) / weights.sum()
    typical = (strength * weights).sum() / weights.sum()
    if typical < LEAST_CHROMA or np.hypot(*mean) < LEAST_AGREEMENT * typical:
        return Hues(None, ())
    angle = math.degrees(math.atan2(mean[1], mean[0]))
    shares = weights / weights.sum()
    tints = []
    for tint in TINTS:
        turned = np.clip(colours @ turn_matrix(hue_of(tint) - angle).T, 0, 255)
        if name_of(shares @ turned) == tint:
            tints.append(tint)
    return Hues(angle, tuple(tints))


def hue_of(tint: str) -> float:
    """The hue of a named colour, in degrees."""
    first, second = _ACROSS @ np.array(COLOURS[tint].rgb, np.float64)
    return math.degrees(math.atan2(second, first))


def name_of(rgb: NDArray[np.floating]) -> str:
    """The name of COLOURS that is nearest to a colour (3 values, 0 to 255) in CIE L*a*b*."""
    names = list(COLOURS)
    known = np.array([COLOURS[name].rgb for name in names])
    lab = cv2.cvtColor(np.vstack([rgb, known])[None].astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    distances = np.linalg.norm(lab[0, 1:] - lab[0, :1], axis=1)
    return names[int(distances.argmin())]
