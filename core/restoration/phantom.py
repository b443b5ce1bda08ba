"""The Shepp-Logan head, the picture that tomography is tried on, drawn from its ten ellipses."""

import numpy as np
from numpy.typing import NDArray

# value added, half axes, centre (x to the right, y up; the square is -1 to 1), turn in degrees.
# Shepp and Logan 1974, with the contrast of Toft 1996, table B.1, at which the eye sees it all.
ELLIPSES: tuple[tuple[float, float, float, float, float, float], ...] = (
    (1.0, 0.69, 0.92, 0.0, 0.0, 0.0),
    (-0.8, 0.6624, 0.874, 0.0, -0.0184, 0.0),
    (-0.2, 0.11, 0.31, 0.22, 0.0, -18.0),
    (-0.2, 0.16, 0.41, -0.22, 0.0, 18.0),
    (0.1, 0.21, 0.25, 0.0, 0.35, 0.0),
    (0.1, 0.046, 0.046, 0.0, 0.1, 0.0),
    (0.1, 0.046, 0.046, 0.0, -0.1, 0.0),
    (0.1, 0.046, 0.023, -0.08, -0.605, 0.0),
    (0.1, 0.023, 0.023, 0.0, -0.606, 0.0),
    (0.1, 0.023, 0.046, 0.06, -0.605, 0.0),
)
_FINER = 4


def shepp_logan(side: int) -> NDArray[np.float32]:
    """The phantom [side, side] on 0 to 1; each pixel is the mean over 4 x 4 places in it."""
    count = side * _FINER
    place = (np.arange(count) + 0.5) / count * 2 - 1
    x, y = place[None, :], -place[:, None]
    values = np.zeros((count, count))
    for value, across, up, right, above, degrees in ELLIPSES:
        turn = np.radians(degrees)
        along = (x - right) * np.cos(turn) + (y - above) * np.sin(turn)
        beside = (y - above) * np.cos(turn) - (x - right) * np.sin(turn)
        values[(along / across) ** 2 + (beside / up) ** 2 <= 1] += value
    means = values.reshape(side, _FINER, side, _FINER).mean(axis=(1, 3))
    return means.clip(0.0, 1.0).astype(np.float32)
