"""From what a user says was done to the picture to the operator that does it."""

from collections.abc import Callable
from typing import Any

import torch

from core.errors import RequestError
from core.request import Mask
from core.restoration.convolution import Convolution, motion_kernel
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
    Size,
    Tomography,
    size_before,
)
from core.restoration.missing import MissingPixels, random_mask, scratch_mask
from core.restoration.nonlinear import Exposure, Jpeg
from core.restoration.operators import Identity, Operator, compose
from core.restoration.radon import Radon, even_angles
from core.restoration.separable import (
    bicubic_downsampling,
    box_downsampling,
    enlarged,
    frame,
    gaussian_blur,
)


def operator_for(
    degradations: tuple[Degradation, ...], size: Size, mask: Mask | None = None
) -> Operator:
    """What takes a picture of (height, width) = `size` to its measurement.

    mask: [h, w], 1 = missing, of the picture's size at the degradation that asks for it. Raises
    RequestError where a degradation does not fit the size or the mask is absent.
    """
    parts: list[Operator] = []
    for degradation in degradations:
        part = _BUILDERS[type(degradation)](degradation, size, mask)
        parts.append(part)
        size = part.output_size
    return compose(*parts)


def operator_of_measurement(
    degradations: tuple[Degradation, ...], measured: Size, mask: Mask | None = None
) -> Operator:
    """The operator whose measurement has (height, width) = `measured`. Raises RequestError."""
    operator = operator_for(degradations, size_before(degradations, measured), mask)
    if operator.output_size != measured:
        height, width = operator.output_size
        raise RequestError(
            f"these degradations give {width} x {height} pixels and the picture has "
            f"{measured[1]} x {measured[0]}; set them as they were."
        )
    return operator


def _outside(what: OutsideFrame, size: Size) -> Operator:
    height = size[0] - what.top - what.bottom
    width = size[1] - what.left - what.right
    if min(height, width) < 1:
        raise RequestError(
            f"the margins leave nothing of {size[1]} x {size[0]} pixels; choose smaller ones."
        )
    return frame((height, width), what.top, what.right, what.bottom, what.left)


def _missing(what: Missing, size: Size, mask: Mask | None) -> Operator:
    if what.pattern == "random":
        return MissingPixels(random_mask(size, what.share, what.pattern_seed))
    if what.pattern == "scratches":
        return MissingPixels(scratch_mask(size, what.count, what.width, what.pattern_seed))
    if mask is None:
        raise RequestError("missing pixels need a mask; paint over them, or choose a pattern.")
    if mask.shape != size:
        raise RequestError(
            f"mask is {mask.shape[1]} x {mask.shape[0]} pixels and the picture "
            f"{size[1]} x {size[0]}; make them equal."
        )
    return MissingPixels(torch.tensor(mask))


def _tomography(what: Tomography, size: Size) -> Operator:
    if size[0] != size[1]:
        raise RequestError(
            f"projections need a square picture and this one has {size[1]} x {size[0]} pixels; "
            "crop it."
        )
    return Radon(size, even_angles(what.angles, what.turn))


def _smaller(what: Downsampling, size: Size) -> Operator:
    return (bicubic_downsampling if what.filter == "bicubic" else box_downsampling)(
        size, what.factor
    )


_BUILDERS: dict[type, Callable[[Any, Size, Mask | None], Operator]] = {
    NoiseOnly: lambda what, size, mask: Identity(size),
    GaussianBlur: lambda what, size, mask: gaussian_blur(size, what.sigma),
    MotionBlur: lambda what, size, mask: Convolution(size, motion_kernel(what.length, what.angle)),
    KernelBlur: lambda what, size, mask: Convolution(size, torch.tensor(what.kernel)),
    Downsampling: lambda what, size, mask: _smaller(what, size),
    Enlarged: lambda what, size, mask: enlarged(size, what.factor),
    Missing: _missing,
    OutsideFrame: lambda what, size, mask: _outside(what, size),
    Tomography: lambda what, size, mask: _tomography(what, size),
    JpegCompression: lambda what, size, mask: Jpeg(size, what.quality),
    Overexposure: lambda what, size, mask: Exposure(size, what.gain, what.gamma),
}
