"""Cross-attention maps as they pass by: averaged over heads and layers, at one resolution.

Only the finest maps of at most `largest` pixels are kept (16 x 16 in Stable Diffusion; the coarsest
there are, if all are finer), as running sums, so that watching costs next to nothing.
"""

import math
from collections.abc import Sequence

import torch

from core.attention.control import AttentionControl, Place, Site

LARGEST = 384  # a little above 16 x 16, for pictures that are not square


class AttentionStore(AttentionControl):
    """Watches where the tokens of the source's and the target's rows look.

    size: (height, width) of the latents, by which a map is folded back into a picture.
    places: the parts of the network that are watched.
    """

    sees_maps = True

    def __init__(
        self,
        steps: range,
        size: tuple[int, int],
        *,
        largest: int = LARGEST,
        places: Sequence[Place] = ("down", "mid", "up"),
    ) -> None:
        super().__init__(steps)
        self.size, self.largest, self.places = size, largest, places
        self._pixels = 0
        self._now: list[torch.Tensor] = []
        self._now_step, self._now_rows = -1, self.rows
        self._sums: dict[str, torch.Tensor] = {}
        self._counts: dict[str, int] = {}

    @property
    def needs_source(self) -> range:
        return range(0)

    def reaches(self, site: Site) -> bool:
        return site.cross and site.place in self.places

    def acts(self, site: Site, pixels: int) -> bool:
        return super().acts(site, pixels) and self._wanted(pixels)

    def maps(self, site: Site, maps: torch.Tensor) -> torch.Tensor:
        """Look, change nothing. maps: [rows, heads, pixels, tokens]."""
        pixels = maps.shape[2]
        if pixels != self._pixels or self.step != self._now_step:
            self._close()
            if pixels != self._pixels:
                self._sums, self._counts = {}, {}
            self._pixels, self._now = pixels, []
            self._now_step, self._now_rows = self.step, self.rows
        self._now.append(maps.float().mean(dim=1))
        return maps

    def now(self) -> torch.Tensor:
        """The maps of the last evaluation, [rows, tokens, height, width]."""
        if not self._now:
            raise ValueError("no attention map has passed yet")
        return self._folded(torch.stack(self._now).mean(dim=0))

    def average(self, *, within_step: bool = False) -> dict[str, torch.Tensor]:
        """ "source" and "target" [tokens, height, width], averaged over the steps so far.

        The source's ends where its branch left the batch. within_step: asked from inside an
        evaluation, whose own maps do not count yet.
        """
        if not within_step:
            self._close()
        return {
            name: self._folded((total / self._counts[name])[None])[0]
            for name, total in self._sums.items()
        }

    def _wanted(self, pixels: int) -> bool:
        """Whether maps of so many pixels are at least as good as those kept so far."""
        if self._pixels == 0:
            return True
        fits, kept_fits = pixels <= self.largest, self._pixels <= self.largest
        if fits != kept_fits:
            return fits
        return pixels >= self._pixels if fits else pixels <= self._pixels

    def _close(self) -> None:
        """Add the last evaluation to the sums."""
        if not self._now or self._now_step < 0:
            return
        mean = torch.stack(self._now).mean(dim=0)
        rows = {"source": self._now_rows.source, "target": self._now_rows.target}
        for name, row in rows.items():
            if row is not None:
                self._sums[name] = self._sums.get(name, 0) + mean[row]
                self._counts[name] = self._counts.get(name, 0) + 1
        self._now_step = -1

    def _folded(self, maps: torch.Tensor) -> torch.Tensor:
        """[rows, pixels, tokens] -> [rows, tokens, height, width]."""
        height, width = map_size(maps.shape[1], self.size)
        return maps.transpose(1, 2).unflatten(-1, (height, width))


def map_size(pixels: int, size: tuple[int, int]) -> tuple[int, int]:
    """Height and width of a map of `pixels` over latents of `size`, halved rounding up as in UNets.

    Raises ValueError when no number of halvings gives that many pixels.
    """
    height, width = size
    while height * width > pixels:
        height, width = math.ceil(height / 2), math.ceil(width / 2)
    if height * width != pixels:
        raise ValueError(f"{pixels} places are no map of latents {size[0]} x {size[1]}")
    return height, width


def word_map(maps: torch.Tensor, tokens: Sequence[int]) -> torch.Tensor:
    """The mean map [height, width] of some tokens of maps [tokens, height, width]."""
    return maps[list(tokens)].mean(dim=0)
