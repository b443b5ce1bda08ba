"""What first stages keep of pictures, against how small they make them.

Rombach et al. 2022, section 4.1 and table 8: the larger the factor f, the cheaper the diffusion in
its latents, and the more is lost before it begins.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import RequestError
from core.evaluation.blocks import Table
from core.evaluation.clip_score import ClipScore
from core.evaluation.edit_figures import psnr, ssim
from core.evaluation.pareto import Point, draw_pareto
from core.models.family import first_stage_of
from core.models.first_stage import (
    decode,
    encode,
    factor,
    has_codebook,
    latent_channels,
    load_first_stage,
)

HEAD = ("first stage", "f", "channels", "smaller", "positions", "PSNR", "SSIM", "tower")
AXES = ("times fewer numbers than the picture", "PSNR of what comes back, dB")


@dataclass(frozen=True)
class StageFigures:
    """smaller: how many times fewer numbers the latents hold than the picture, a codebook's entry
    counting as its channels. positions: of the latents, which a denoiser's cost follows. tower:
    distance of the image tower's features, times 1000."""

    name: str
    factor: int
    channels: int
    smaller: float
    positions: int
    psnr: float
    ssim: float
    tower: float


def there_and_back(
    through: Callable[[torch.Tensor], torch.Tensor], picture: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """The picture [H, W, 3] after a first stage. through: pixels [1, 3, H, W] in [-1, 1]."""
    pixels = torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 127.5 - 1
    back = through(pixels)[0].clamp(-1, 1)
    return ((back + 1) * 127.5).round().to(torch.uint8).permute(1, 2, 0).cpu().numpy()


@torch.no_grad()
def stage_figures(
    folder: Path, pictures: Sequence[NDArray[np.uint8]], clip: ClipScore
) -> StageFigures:
    """Of the first stage in `folder`, a model's, a run's or its own; pictures RGB [H, W, 3].

    Raises RequestError where there is none.
    """
    stage = _load(folder)
    found = []
    for picture in pictures:
        again = there_and_back(lambda x: decode(stage, encode(stage, x)), picture)
        distance = 1000 * clip.distance(picture, again)
        found.append((psnr(picture, again), float(ssim(picture, again).mean()), distance))
    f, channels = factor(stage), latent_channels(stage)
    height, width = pictures[0].shape[:2]
    return StageFigures(
        folder.name + (" (VQ)" if has_codebook(stage) else ""),
        f,
        channels,
        3 * f * f / channels,
        height * width // (f * f),
        *(float(value) for value in np.mean(found, axis=0)),
    )


def _load(folder: Path) -> Any:
    for place in (folder / first_stage_of(folder), folder):
        if (place / "config.json").is_file() and any(place.glob("*.safetensors")):
            return load_first_stage(place, torch_dtype=torch.float32).eval()
    raise RequestError(f"{folder} holds no first stage; name a model, a run or a first stage.")


def stage_table(found: Sequence[StageFigures]) -> Table:
    """A line for each first stage."""
    rows = [
        [
            one.name,
            str(one.factor),
            str(one.channels),
            f"{one.smaller:.0f}",
            str(one.positions),
            f"{one.psnr:.2f}",
            f"{one.ssim:.3f}",
            f"{one.tower:.1f}",
        ]
        for one in found
    ]
    return Table(HEAD, rows)


def stage_plot(found: Sequence[StageFigures]) -> NDArray[np.uint8]:
    """PSNR over how small the latents are, RGB."""
    points = [Point(f"{one.name}: f = {one.factor}", one.smaller, one.psnr) for one in found]
    return draw_pareto(points, AXES, (0, 1))
