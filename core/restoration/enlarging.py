"""Enlarges a picture by a network that was trained for it, in overlapping tiles without seams.

Fast, and unlike posterior sampling it does not ask whether the result explains the picture; so the
residual says afterwards whether it does: the result, made as small again, against the picture.
"""

import time
from collections.abc import Generator, Iterator
from typing import cast

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from core.decoded import checked_decoded
from core.errors import RequestError
from core.events import EditEvent, Finished, Preview, Progress
from core.models.latent_model import LatentModel
from core.models.upscalers import Upscaler, load_upscaler
from core.recipe import make_recipe
from core.request import EditRequest
from core.restoration.measurement import Measurement
from core.restoration.report import Restoration, mean_and_spread
from core.restoration.residual import residual_of, rounding, to_pixels, to_tensor
from core.restoration.separable import bicubic_downsampling
from core.settings import EnlargeSettings

OVERLAP = 32
"""Pixels that neighbouring tiles share; they fade into each other in the middle half."""
LONGEST_PREVIEW = 512


@torch.no_grad()
def run_enlarging(request: EditRequest, model: LatentModel) -> Generator[EditEvent, None, None]:
    """Yield Progress and Preview events, one for each tile, and at last one Finished.

    model: stands in the recipe and names the device; it is not asked. Closing the generator
    cancels between two tiles. Raises RequestError, ModelError for an
    upscaler that cannot be had, SamplingError when the numbers go wrong.
    """
    start = time.monotonic()
    settings = cast(EnlargeSettings, request.settings)
    picture, device = request.picture, model.device
    assert picture is not None
    if request.mask is not None:
        raise RequestError("Enlarging takes the whole picture; leave the mask out.")
    yield Progress(0, 1, "encode")
    upscaler = load_upscaler(settings.upscaler, device)
    if settings.factor > upscaler.factor:
        raise RequestError(
            f"{upscaler.name} enlarges {upscaler.factor} times at most; choose a smaller factor."
        )
    small = to_tensor(picture, device)
    result, tiles = small, 0
    for done, tiles, result in enlarge(upscaler, small, settings.tile):
        left = (time.monotonic() - start) / done * (tiles - done)
        yield Progress(done, tiles, "sample", left)
        yield Preview(_preview(result), done, tiles)
    size = [side * settings.factor for side in picture.shape[:2]]
    if settings.factor < upscaler.factor:
        result = F.interpolate(result, size, mode="bicubic", antialias=True)
    checked_decoded(2 * result - 1, 2 * small - 1, f"{upscaler.name} broke: choose another network")
    enlarged = to_pixels(result, picture.dtype)
    mean, spread = mean_and_spread((enlarged,))
    again = bicubic_downsampling((size[0], size[1]), settings.factor)
    rounded = rounding(picture.dtype)
    yield Finished(
        request=request,
        picture=enlarged,
        changed_outside=None,
        network_evaluations=tiles,
        seconds=time.monotonic() - start,
        recipe=make_recipe(
            request,
            model_name=model.name,
            model_fingerprint=model.fingerprint,
            device=str(device),
            dtype="float32",
            result_pixels=enlarged,
            other_model=(upscaler.name, upscaler.fingerprint),
        ),
        restoration=Restoration(
            (enlarged,),
            mean,
            spread,
            residual_of(to_tensor(enlarged, device), Measurement(again, small, 0.0), rounded),
        ),
    )


def enlarge(
    upscaler: Upscaler, picture: torch.Tensor, tile: int
) -> Iterator[tuple[int, int, torch.Tensor]]:
    """(tiles done, of how many, what there is so far) after every tile.

    picture [1, 3, H, W] on 0 to 1; the result is `factor` times as large, clipped. tile: side in
    pixels of what the network sees at once, above `OVERLAP`.
    """
    height, width = picture.shape[-2:]
    factor = upscaler.factor
    total = torch.zeros(1, 3, height * factor, width * factor, device=picture.device)
    weight = torch.zeros(1, 1, height * factor, width * factor, device=picture.device)
    places = [(top, left) for top in _starts(height, tile) for left in _starts(width, tile)]
    for done, (top, left) in enumerate(places, start=1):
        bottom, right = min(top + tile, height), min(left + tile, width)
        found = upscaler.network(picture[..., top:bottom, left:right]).float()
        down = _fade(top, bottom, height, factor).to(found)
        across = _fade(left, right, width, factor).to(found)
        share = down[:, None] * across[None, :]
        rows = slice(top * factor, bottom * factor)
        columns = slice(left * factor, right * factor)
        total[..., rows, columns] += share * found
        weight[..., rows, columns] += share
        yield done, len(places), (total / weight.clamp_min(1e-6)).clamp(0, 1)


def _starts(side: int, tile: int) -> list[int]:
    """Where tiles begin so that they cover `side` and neighbours share at least `OVERLAP`."""
    if side <= tile:
        return [0]
    step = tile - OVERLAP
    count = -(-(side - OVERLAP) // step)
    return [round(index * (side - tile) / (count - 1)) for index in range(count)]


def _fade(start: int, end: int, side: int, factor: int) -> torch.Tensor:
    """A tile's weight along one axis: 1, and falling to 0 where it borders on another tile."""
    places = (torch.arange((end - start) * factor) + 0.5) / factor
    weight = torch.ones(len(places))
    quarter = OVERLAP / 4
    if start > 0:
        weight = weight.minimum((places - quarter) / (2 * quarter))
    if end < side:
        weight = weight.minimum((end - start - places - quarter) / (2 * quarter))
    return weight.clamp_min(0.0)


def _preview(picture: torch.Tensor) -> NDArray[np.uint8]:
    scale = min(1.0, LONGEST_PREVIEW / max(picture.shape[-2:]))
    size = [max(1, round(side * scale)) for side in picture.shape[-2:]]
    small = F.interpolate(picture, size, mode="area")
    return np.asarray(to_pixels(small, np.dtype(np.uint8)), np.uint8)
