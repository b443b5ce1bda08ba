"""Heat maps as images: a colour map whose lightness rises evenly, from indigo to yellow."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from desktop.qimage import as_array, blank

# Where the colours go, from cold to hot: OKLab lightness, chroma, hue in degrees.
_LIGHTNESS = (0.24, 0.93)
_CHROMA = (0.10, 0.17, 0.18, 0.17, 0.15)
_HUE = (280.0, 320.0, 370.0, 420.0, 465.0)


def heat_image(heat: NDArray[np.float32], cold: float = 1.0, hot: float = 1.0) -> QImage:
    """A heat map [h, w] in [0, 1] in colours; cold, hot: the opacity at its two ends."""
    height, width = heat.shape
    image = blank(width, height)
    place = np.rint(np.clip(heat, 0.0, 1.0) * 255).astype(np.uint8)
    opacity = np.linspace(cold, hot, 256)[:, None]
    blue_green_red = heat_colours()[:, ::-1] * opacity
    table = np.concatenate([blue_green_red, 255 * opacity], axis=1)
    as_array(image)[:] = np.rint(table).astype(np.uint8)[place]
    return image


@cache
def heat_colours() -> NDArray[np.uint8]:
    """256 colours, RGB [256, 3], of evenly rising lightness in OKLab (Ottosson 2020)."""
    at = np.linspace(0.0, 1.0, 256)
    lightness = np.linspace(*_LIGHTNESS, 256)
    knots = np.linspace(0.0, 1.0, len(_HUE))
    chroma, hue = np.interp(at, knots, _CHROMA), np.radians(np.interp(at, knots, _HUE))
    lab = np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)], axis=1)
    to_cones = [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
    to_linear = [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
    linear = ((lab @ np.transpose(to_cones)) ** 3 @ np.transpose(to_linear)).clip(0.0, 1.0)
    gamma = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.rint(gamma * 255).astype(np.uint8)
