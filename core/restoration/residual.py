"""Degrade the result again, and compare with what was measured."""

import math

import numpy as np
import torch

from core.request import Pixels
from core.restoration.measurement import Measurement
from core.restoration.report import Residual


def rounding(dtype: np.dtype) -> float:
    """Standard deviation on 0 to 1 of the error that storing whole numbers of `dtype` makes."""
    return 1 / (np.iinfo(dtype).max * math.sqrt(12))


@torch.no_grad()
def residual_of(
    picture: torch.Tensor,
    measurement: Measurement,
    rounded: float = 0.0,
    inside: torch.Tensor | None = None,
) -> Residual:
    """How well one `picture` [1, C, H, W] on 0 to 1 explains the measurement.

    inside: [h, w], 0 where the measurement does not count. rounded: standard deviation of the
    rounding errors in picture and measurement, added to the noise. Without noise and rounding the
    residual is compared with rounding to 8 bits.
    """
    noise = math.hypot(measurement.noise, rounded) or rounding(np.dtype(np.uint8))
    residual = measurement.residual(picture) / noise
    if inside is None:
        count = measurement.operator.count(measurement.y)
    else:
        inside = measurement.operator.measured(inside.expand_as(residual).clone())
        count = int(inside.sum().item())
        residual = inside * residual
    ratio = math.sqrt(float(residual.double().square().sum()) / count)
    each = residual[0].square().mean(dim=0).sqrt()
    return Residual(ratio, count, noise, each.float().cpu().numpy())


def to_tensor(pixels: Pixels, device: torch.device | str = "cpu") -> torch.Tensor:
    """RGB HxWx3 of 8 or 16 bits -> float32 [1, 3, H, W] on 0 to 1."""
    scaled = pixels.astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max)
    return torch.from_numpy(scaled).permute(2, 0, 1)[None].to(device)


def to_pixels(picture: torch.Tensor, dtype: np.dtype) -> Pixels:
    """[1, 3, H, W] on 0 to 1, clipped -> RGB HxWx3 of `dtype`."""
    top = np.iinfo(dtype).max
    values = picture[0].clamp(0, 1).permute(1, 2, 0).double().cpu().numpy() * top
    return np.rint(values).astype(dtype)
