"""The light that a scene stands in: one multiplication of the finished picture."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

LightKind = Literal["day", "evening", "night", "spot"]
LIGHT_KINDS: tuple[LightKind, ...] = get_args(LightKind)
LIGHT_ODDS = (0.7, 0.1, 0.1, 0.1)


@dataclass(frozen=True)
class _Light:
    """What each channel is multiplied with: at the lit side (or centre), and at the other."""

    near: tuple[float, float, float]
    far: tuple[float, float, float]


LIGHTS: dict[LightKind, _Light] = {
    "evening": _Light((1.04, 0.90, 0.70), (0.84, 0.62, 0.50)),
    "night": _Light((0.46, 0.53, 0.80), (0.28, 0.34, 0.60)),
    "spot": _Light((1.0, 0.98, 0.92), (0.24, 0.24, 0.27)),
}
REACH = 0.62
"""Where a spotlight ends, in frame heights from the centre."""


@lru_cache(maxsize=32)
def draw_light(kind: LightKind, height: int, width: int) -> NDArray[np.float32]:
    """[height, width, 3] float32, what a picture is multiplied with; read-only.

    Evening light comes from the left, night's from above, a spotlight falls on the middle.
    """
    y = ((np.arange(height) + 0.5) / height)[:, None]
    x = ((np.arange(width) + 0.5) / width)[None, :]
    if kind == "day":
        return _shared(np.ones((height, width, 3)))
    if kind == "spot":
        squared = ((x - 0.5) * width / height) ** 2 + (y - 0.5) ** 2
        away = np.clip(squared / REACH**2, 0.0, 1.0)
    else:
        away = np.broadcast_to(x if kind == "evening" else y, (height, width))
    # An S-curve: light ends softly.
    away = (away * away * (3 - 2 * away))[..., None]
    near, far = np.array(LIGHTS[kind].near), np.array(LIGHTS[kind].far)
    return _shared(near + (far - near) * away)


def _shared(light: NDArray[np.float64]) -> NDArray[np.float32]:
    result = np.ascontiguousarray(light, np.float32)
    result.flags.writeable = False
    return result
