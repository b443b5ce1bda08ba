"""A network on a picture larger than it was trained at: in overlapping tiles, blended.

The tiles see one noisy latent, and what they find is one estimate; so one measurement guides all of
them, and there is no seam that each tile for itself would leave.
"""

from collections.abc import Callable
from itertools import product

import torch
from torch.utils.checkpoint import checkpoint

from core.sampling.denoiser import Denoised, Denoiser

Map = Callable[[torch.Tensor], torch.Tensor]

ONE_PIECE = 1.5
"""A side up to this many times a tile's is taken in one piece: a network holds a little more."""


def in_tiles(apply: Map, x: torch.Tensor, side: int, scale: float = 1.0) -> torch.Tensor:
    """`apply`, which makes pictures `scale` times larger, to x [N, C, H, W] in tiles of `side`.

    Neighbours share at least half a tile. A tile's outermost eighth counts for nothing there, and
    what lies farther in is blended linearly: where `apply` looks no farther than that eighth, the
    result is as if in one piece. When differentiated, a tile is computed twice rather than kept.
    """
    height, width = x.shape[-2:]
    rows, columns = _starts(height, side), _starts(width, side)
    if len(rows) == len(columns) == 1:
        return apply(x)
    tall, wide = (side if len(s) > 1 else n for s, n in ((rows, height), (columns, width)))
    down, across = _weights(rows, tall, scale), _weights(columns, wide, scale)
    whole: torch.Tensor | None = None
    for (i, top), (j, left) in product(enumerate(rows), enumerate(columns)):
        tile = x[..., top : top + tall, left : left + wide]
        again = torch.is_grad_enabled() and tile.requires_grad
        found = checkpoint(apply, tile, use_reentrant=False) if again else apply(tile)
        assert isinstance(found, torch.Tensor)
        if whole is None:
            size = round(height * scale), round(width * scale)
            whole = found.new_zeros(*found.shape[:2], *size)
        share = torch.outer(down[i], across[j]).to(found)
        y, z = round(top * scale), round(left * scale)
        whole[..., y : y + len(share), z : z + share.shape[1]] += share * found
    assert whole is not None
    return whole


def tiled(denoise: Denoiser, side: int) -> Denoiser:
    """A denoiser that takes noisy pictures or latents in tiles of `side`."""

    def denoise_in_tiles(x: torch.Tensor, t: float, label: float | None = None) -> Denoised:
        def both(tile: torch.Tensor) -> torch.Tensor:
            found = denoise(tile, t, label)
            return torch.cat([found.x0, found.eps], dim=1)

        x0, eps = in_tiles(both, x, side).chunk(2, dim=1)
        return Denoised(x0=x0, eps=eps)

    return denoise_in_tiles


def _starts(length: int, side: int) -> list[int]:
    """Where tiles begin: evenly spread, on multiples of an eighth of a tile but for the last."""
    if length <= ONE_PIECE * side:
        return [0]
    last, grid = length - side, max(1, side // 8)
    count = -(-last // (side // 2 // grid * grid or 1))
    return [*(last * k // count // grid * grid for k in range(count)), last]


def _weights(starts: list[int], side: int, scale: float) -> list[torch.Tensor]:
    """How much each tile counts at each of its places; the tiles' weights sum to one everywhere."""
    count, ends = round(side * scale), [round(start * scale) for start in starts]
    place = (torch.arange(count, dtype=torch.float64) + 0.5) / count
    windows = []
    for k in range(len(starts)):
        near = torch.ones(count, dtype=torch.float64)
        if k > 0:
            near = near.minimum((place - 0.125).clamp(min=0.0))
        if k < len(starts) - 1:
            near = near.minimum((0.875 - place).clamp(min=0.0))
        windows.append(near)
    total = torch.zeros(ends[-1] + count, dtype=torch.float64)
    for end, window in zip(ends, windows, strict=True):
        total[end : end + count] += window
    return [w / total[end : end + count] for end, w in zip(ends, windows, strict=True)]
