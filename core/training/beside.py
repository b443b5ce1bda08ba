"""What a denoiser learns to read beside the noisy latents, drawn for each batch.

Rombach et al. 2022: sections 4.5 (inpainting), 4.4 (super-resolution) and 4.3.2 (semantic
synthesis), each together with the prompt, by cross-attention.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from core.errors import TrainingError
from core.models import first_stage
from core.models.beside import MOST_NOISE, masked, segmentation, small_picture
from core.training.batches import to_tensor
from core.training.choices import Conditioning
from core.training.datasets.bank import Bank
from core.training.datasets.objects import ObjectLibrary, catalogue
from core.training.datasets.rendering import object_mask
from core.training.masks import draw_mask

GROUND = "ground"
UNKNOWN_SHARE = 1 / 10
"""How often a segmentation is withheld, so that the network also draws without."""


@dataclass(frozen=True, eq=False)
class Shown:
    """channels [N, K, h, w], and the labels [N] of the noise in them where there is noise."""

    channels: torch.Tensor
    level: torch.Tensor | None = None


class Teacher(Protocol):
    """Makes what is shown beside the latents.

    channels: K. levelled: whether noise is told. empty_share: how often the prompt is withheld.
    """

    channels: int
    levelled: bool
    empty_share: float

    def show(
        self, chosen: NDArray[np.int64], rng: np.random.Generator, noise: torch.Generator
    ) -> Shown:
        """For the bank's pictures of these numbers."""
        ...

    def picture(self, shown: Shown) -> torch.Tensor:
        """What is shown, for a person: pixels [N, 3, H, W] in [-1, 1]."""
        ...


Open = Callable[[], ObjectLibrary]


def teacher(
    conditioning: Conditioning, bank: Bank, stage: Any, scale: int, open_library: Open
) -> Teacher | None:
    """The teacher of this conditioning; None for the prompt alone.

    stage: the first stage. scale: of super-resolution. open_library: brings the objects' shapes,
    where they are needed.
    """
    if conditioning is Conditioning.INPAINT:
        return Inpainting(bank, stage, open_library())
    if conditioning is Conditioning.UPSCALE:
        return Upscaling(bank, stage, scale)
    if conditioning is Conditioning.SEGMENTATION:
        return Segmentation(bank, stage, open_library())
    return None


class Inpainting:
    """A mask, and the latents of the picture without what is under it."""

    levelled = False
    empty_share = 1 / 8

    def __init__(self, bank: Bank, stage: Any, library: ObjectLibrary) -> None:
        self._bank, self._stage, self._library = bank, stage, library
        self.channels = 1 + first_stage.latent_channels(stage)

    def show(
        self, chosen: NDArray[np.int64], rng: np.random.Generator, noise: torch.Generator
    ) -> Shown:
        pixels = to_tensor(self._bank.pictures[chosen], self._stage.device)
        side = pixels.shape[-1]
        masks = [draw_mask(rng, self._bank.scene(i), self._library, side) for i in chosen]
        mask = torch.from_numpy(np.stack(masks))[:, None].to(pixels)
        with torch.no_grad(), torch.autocast(pixels.device.type, torch.bfloat16):
            return Shown(masked(lambda one: first_stage.encode(self._stage, one), pixels, mask))

    def picture(self, shown: Shown) -> torch.Tensor:
        return first_stage.decode(self._stage, shown.channels[:, 1:])


class Upscaling:
    """The picture with `scale` times fewer pixels each way, and noise of a level that is told."""

    levelled = True
    empty_share = 1 / 2

    def __init__(self, bank: Bank, stage: Any, scale: int) -> None:
        factor = first_stage.factor(stage)
        if scale not in (2, 4) or factor % scale:
            raise TrainingError(
                f"scale is {scale}; choose 2 or 4, and at most the first stage's {factor}."
            )
        self._bank, self._device, self._scale = bank, stage.device, scale
        self._patch = factor // scale
        self.channels = 3 * self._patch**2

    def show(
        self, chosen: NDArray[np.int64], rng: np.random.Generator, noise: torch.Generator
    ) -> Shown:
        pixels = to_tensor(self._bank.pictures[chosen], self._device)
        size = [side // self._scale for side in pixels.shape[-2:]]
        small = functional.interpolate(pixels, size, mode="bicubic", antialias=True).clamp(-1, 1)
        level = torch.from_numpy(rng.integers(MOST_NOISE + 1, size=len(chosen)))
        eps = torch.randn(small.shape, generator=noise).to(small)
        level = level.to(self._device)
        return Shown(small_picture(small, level, self._patch, eps), level)

    def picture(self, shown: Shown) -> torch.Tensor:
        small = functional.pixel_shuffle(shown.channels, self._patch)
        return functional.interpolate(small, scale_factor=float(self._scale))


class Segmentation:
    """Which kind of thing lies where: the catalogue's categories, and the ground."""

    levelled = False
    empty_share = 1 / 8

    def __init__(self, bank: Bank, stage: Any, library: ObjectLibrary) -> None:
        self._bank, self._library, self._device = bank, library, stage.device
        self._factor = first_stage.factor(stage)
        self.classes = classes()
        self.channels = len(self.classes)

    def show(
        self, chosen: NDArray[np.int64], rng: np.random.Generator, noise: torch.Generator
    ) -> Shown:
        shares = np.stack([self.shares(int(index)) for index in chosen])
        shares[rng.random(len(chosen)) < UNKNOWN_SHARE] = 0.0
        return Shown(segmentation(torch.from_numpy(shares).to(self._device), self._factor))

    def shares(self, index: int) -> NDArray[np.float32]:
        """How much of each pixel of a picture each class covers: [K, H, W], with the sum 1."""
        scene, side = self._bank.scene(index), self._bank.pictures.shape[1]
        shares = np.zeros((self.channels, side, side), np.float32)
        for number, placement in enumerate(scene.placements):
            category = self._library.specs[placement.object_id].category
            here = object_mask(scene, number, self._library, side)
            shares[self.classes.index(category)] += here
        shares[-1] = np.clip(1.0 - shares[:-1].sum(axis=0), 0.0, 1.0)
        return shares

    def picture(self, shown: Shown) -> torch.Tensor:
        hues = torch.linspace(0, 2 * torch.pi, self.channels + 1, device=self._device)[:-1]
        turns = torch.arange(3, device=self._device) * 2 * torch.pi / 3
        colours = 0.8 * torch.cos(hues[:, None] - turns)  # [K, 3]
        mixed = torch.einsum("nkhw,kc->nchw", shown.channels, colours)
        return functional.interpolate(mixed, scale_factor=float(self._factor))


def classes() -> tuple[str, ...]:
    """The classes of a segmentation in their channels' order; the ground is the last."""
    return (*sorted({spec.category for spec in catalogue().values()}), GROUND)
