"""What the window asks the engine besides edits: a picture degraded, projected, back-projected.

A question is small, immutable and can be pickled, and so is its answer. torch is imported only
where it is answered.
"""

import math
from dataclasses import dataclass
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from core.request import Mask, Pixels
from core.restoration.degradations import (
    Degradation,
    Downsampling,
    Enlarged,
    GaussianBlur,
    JpegCompression,
    KernelBlur,
    Missing,
    MotionBlur,
    NoiseOnly,
    OutsideFrame,
    Overexposure,
    Tomography,
)

Shown = NDArray[np.uint8]


class Question(Protocol):
    """Something that the engine answers without a model, in a moment."""

    def answer(self) -> object:
        """Called on the engine's thread. Raises SfumatoError."""
        ...


@dataclass(frozen=True, eq=False)
class Degrade:
    """What becomes of a picture under some degradations, as large as it is looked at.

    picture: RGB HxWx3, uint8 or uint16. noise: standard deviation on 0 to 1. mask: HxW, 1 =
    missing. longest: of the answer, in pixels; a larger picture is made smaller first, and so is
    what happens to it.
    """

    picture: Pixels
    degradations: tuple[Degradation, ...]
    noise: float = 0.0
    mask: Mask | None = None
    seed: int = 0
    longest: int = 1024

    def answer(self) -> Shown:
        """RGB uint8 in the picture's shape: what is smaller stands enlarged in its middle.

        Raises RequestError where a degradation does not fit the picture.
        """
        import torch

        from core.restoration.building import operator_for
        from core.restoration.residual import to_pixels, to_tensor

        share = min(1.0, self.longest / max(self.picture.shape[:2]))
        picture, mask = _smaller(self.picture, share), self.mask
        degradations = self.degradations
        if share < 1:
            degradations = tuple(one.scaled(share) for one in degradations)
            mask = None if mask is None else _smaller(mask, share)
        box = _that_fits(degradations, picture.shape[:2])
        mask = None if mask is None else mask[box]
        with torch.no_grad():
            operator = operator_for(degradations, picture[box].shape[:2], mask)
            generator = torch.Generator().manual_seed(self.seed)
            measured = operator.degrade(to_tensor(picture[box]), self.noise, generator)
        return _in_its_middle(picture.shape[:2], to_pixels(measured, np.dtype(np.uint8)))


@dataclass(frozen=True, eq=False)
class Projected:
    """sinogram: RGB uint16 [angles, detector, 3]. back_projection: float32 [n, n], about 0 to 1."""

    sinogram: NDArray[np.uint16]
    back_projection: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Project:
    """Projections of a square grey picture [n, n] on 0 to 1, and what they alone give back."""

    picture: NDArray[np.float32]
    tomography: Tomography
    noise: float = 0.0
    seed: int = 0

    def answer(self) -> Projected:
        """The filtered back projection is of the sinogram with its noise, as it is stored."""
        import torch

        from core.restoration.radon import Radon, even_angles
        from core.restoration.residual import to_pixels, to_tensor

        what = self.tomography
        radon = Radon(self.picture.shape, even_angles(what.angles, what.turn))
        grey = torch.from_numpy(self.picture)[None, None].expand(1, 3, -1, -1)
        generator = torch.Generator().manual_seed(self.seed)
        with torch.no_grad():
            measured = radon(grey)
            if self.noise > 0:  # one noise for the three channels: there is one detector
                drawn = torch.randn(measured.shape[-2:], generator=generator)
                measured = measured + self.noise * drawn
            sinogram = to_pixels(measured, np.dtype(np.uint16))
            back = radon.filtered_back_projection(to_tensor(sinogram)[:, :1], what.turn)
        return Projected(cast(Any, sinogram), back[0, 0].numpy())


@dataclass(frozen=True, eq=False)
class Examples:
    """Every kind of degradation done to one small picture, so that they can be chosen by sight."""

    picture: Pixels

    def answer(self) -> dict[str, Shown]:
        """RGB uint8 of the picture's shape, by the kinds' names."""
        return {
            one.kind: Degrade(
                self.picture, (one,), noise=0.15 if one.kind == "noise" else 0.0
            ).answer()
            for one in _EXAMPLES
        }


# Strong enough to be seen on a picture of about a hundred pixels.
_EXAMPLES: tuple[Degradation, ...] = (
    NoiseOnly(),
    GaussianBlur(sigma=3.0),
    MotionBlur(length=17, angle=30),
    KernelBlur(kernel=((1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),)),
    Downsampling(factor=8, filter="box"),
    Enlarged(factor=8),
    Missing(pattern="scratches", count=5, width=5),
    OutsideFrame(left=20, right=20, bottom=20, top=20),
    Tomography(angles=48),
    JpegCompression(quality=4),
    Overexposure(gain=2.2),
)


def _smaller(values: Any, share: float) -> Any:
    import cv2

    if share == 1.0:
        return values
    height, width = (max(1, round(side * share)) for side in values.shape[:2])
    return cv2.resize(values, (width, height), interpolation=cv2.INTER_AREA)


def _that_fits(degradations: tuple[Degradation, ...], size: tuple[int, int]) -> tuple[slice, slice]:
    """The largest box in the middle that projections (square) and scales (multiples) can take."""
    height, width = size
    if any(isinstance(one, Tomography) for one in degradations):
        height = width = min(size)
    factors = [one.factor for one in degradations if isinstance(one, Downsampling | Enlarged)]
    step = math.prod(factors)
    box = []
    for side, whole in ((height, size[0]), (width, size[1])):
        length = max(side // step * step, min(step, whole))
        start = (whole - length) // 2
        box.append(slice(start, start + length))
    return box[0], box[1]


def _in_its_middle(size: tuple[int, int], pixels: Any) -> Shown:
    """`pixels` as large as fits into (height, width) = `size`, on grey."""
    import cv2

    height, width = pixels.shape[:2]
    if (height, width) == size:
        return pixels
    scale = min(size[0] / height, size[1] / width)
    inner = max(1, round(height * scale)), max(1, round(width * scale))
    way = cv2.INTER_NEAREST if scale >= 1 else cv2.INTER_AREA
    large = cv2.resize(pixels, inner[::-1], interpolation=way)
    whole = np.full((*size, 3), 96, np.uint8)
    top, left = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    whole[top : top + inner[0], left : left + inner[1]] = large
    return whole
