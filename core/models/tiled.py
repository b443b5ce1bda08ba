"""A model whose latents may be larger than what it was trained at: asked in overlapping tiles.

MultiDiffusion (Bar-Tal et al. 2023), eq. 5: at every step each tile is predicted on its own, and
where tiles overlap the prediction is their weighted mean, so that one latent canvas walks down as a
whole and no tile has a border. Where a single tile lies, the prediction is the model's own.
"""

from collections.abc import Iterator, Sequence
from typing import Any, cast

import torch

from core.models.latent_model import Conditioning, LatentModel

OVERLAP = 0.25
"""Share of a tile's side that it has in common with its neighbour, at least."""
_AT_ONCE = 4

Window = tuple[slice, slice]


def tiled(model: LatentModel, mask: torch.Tensor | None = None) -> LatentModel:
    """The model in tiles of its native size. Tiles without any of `mask` [1, 1, h, w] are not
    asked: what is predicted there is 0, and the caller holds what it knows."""
    return cast(LatentModel, _Tiled(model, mask))


class _Tiled:
    """Everything but `predict` is the model's own."""

    def __init__(self, model: LatentModel, mask: torch.Tensor | None) -> None:
        self._model, self._mask = model, mask

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def predict(self, x: torch.Tensor, t: float, conditioning: Conditioning) -> torch.Tensor:
        side = self._model.native_size // self._model.factor
        windows = [w for w in all_windows(x.shape[-2:], side) if self._is_asked(w)]
        total = torch.zeros_like(x)
        weights = torch.zeros((1, 1, *x.shape[-2:]), device=x.device)
        for chunk in _chunks(windows, max(1, _AT_ONCE // len(x))):
            rows = torch.cat([x[(..., *window)] for window in chunk])
            told = conditioning.rows(len(x)).in_windows(chunk)
            found = self._model.predict(rows, t, told).to(x.dtype).split(len(x))
            for window, part in zip(chunk, found, strict=True):
                weight = _weight(*part.shape[-2:]).to(x.device)
                total[(..., *window)] += weight * part
                weights[(..., *window)] += weight
        return total / weights.clamp(min=1e-12)

    def _is_asked(self, window: Window) -> bool:
        return self._mask is None or bool((self._mask[(..., *window)] > 0).any())


def all_windows(size: Sequence[int], side: int) -> list[Window]:
    """Windows of `side` x `side` (less where there is less) that cover (height, width) = `size`."""
    rows, columns = (_spans(length, side) for length in size)
    return [(row, column) for row in rows for column in columns]


def _spans(length: int, side: int) -> list[slice]:
    """As few as overlap by `OVERLAP`, evenly apart."""
    side = min(side, length)
    step = max(1, round(side * (1 - OVERLAP)))
    count = -(-(length - side) // step) + 1
    if count == 1:
        return [slice(0, side)]
    starts = [round(i * (length - side) / (count - 1)) for i in range(count)]
    return [slice(start, start + side) for start in starts]


def _weight(height: int, width: int) -> torch.Tensor:
    """[1, 1, h, w], rising from the tile's border over the overlap, above 0 everywhere."""
    sides = []
    for length in (height, width):
        place = torch.arange(length) + 0.5
        ramp = max(1.0, length * OVERLAP)
        sides.append((torch.minimum(place, length - place) / ramp).clamp(max=1.0))
    return (sides[0][:, None] * sides[1][None, :])[None, None]


def _chunks(windows: Sequence[Window], size: int) -> Iterator[Sequence[Window]]:
    for start in range(0, len(windows), size):
        yield windows[start : start + size]
