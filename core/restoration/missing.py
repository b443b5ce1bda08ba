"""Pixels that are gone: painted over, scattered at random, scratched."""

import numpy as np
import torch

from core.errors import RequestError
from core.restoration.operators import LinearOperator, Size


class MissingPixels(LinearOperator):
    """y = (1 - mask) x, in all channels alike.

    mask: [H, W], 1 = missing (as everywhere: what is to be made anew), 0 = seen; a soft value
    above 0 counts as missing. Raises RequestError if nothing is seen.
    """

    def __init__(self, mask: torch.Tensor) -> None:
        self.seen = (mask.detach().cpu() <= 0).double()
        if mask.ndim != 2 or not self.seen.any():
            raise RequestError("no pixel is left to restore from; leave some out of the mask.")
        self.input_size = self.output_size = (mask.shape[0], mask.shape[1])

    @property
    def keeps_values(self) -> bool:
        return True

    def measured(self, y: torch.Tensor) -> torch.Tensor:
        return self.seen.to(y) * y

    def solve(self, y: torch.Tensor, gram: float = 1.0, identity: float = 0.0) -> torch.Tensor:
        values = gram * self.seen + identity
        return torch.where(values > 0, 1.0 / values.clamp_min(1e-300), 0.0).to(y) * y

    def _forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.seen.to(x) * x

    def _adjoint(self, y: torch.Tensor) -> torch.Tensor:
        return self.seen.to(y) * y


def random_mask(size: Size, share: float, seed: int = 0) -> torch.Tensor:
    """[H, W] with `share` of all pixels missing, exactly, at places that `seed` draws."""
    if not 0.0 <= share < 1.0:
        raise RequestError(f"a share of {share} is missing; choose 0 up to, but not, 1.")
    count = size[0] * size[1]
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
    mask = torch.zeros(count)
    mask[order[: round(share * count)]] = 1.0
    return mask.reshape(size)


def scratch_mask(size: Size, count: int, width: int = 2, seed: int = 0) -> torch.Tensor:
    """[H, W] with `count` bent scratches of `width` pixels, from edge to edge."""
    import cv2

    if count < 1 or width < 1:
        raise RequestError(f"{count} scratches of {width} pixels are none; choose 1 or more.")
    height, across = size
    random = np.random.default_rng(seed)
    mask = np.zeros(size, np.uint8)
    for _ in range(count):
        start, end = random.uniform(0, across, 2)
        bend = random.uniform(-0.15, 0.15) * across
        along = np.linspace(0.0, 1.0, 33)
        x = start + (end - start) * along + bend * np.sin(np.pi * along)
        points = np.rint(np.stack([x, along * (height - 1)], axis=1)).astype(np.int32)
        cv2.polylines(mask, [points], False, 1, thickness=width)
    return torch.from_numpy(mask.astype(np.float32))
