"""Keeps a codebook in use: counts its entries, and moves those that nothing is near to.

An entry that no latent is nearest to gets no gradient and stays where it is for ever. As in
Jukebox (Dhariwal et al. 2020, section 3.1) it is put on a latent of the present batch; so are all
of them at the start, since the latents' scale is not known before.
"""

import numpy as np
import torch
from torch import nn

EVERY = 100
"""Steps of a window: what was not used in one is dead."""


class CodebookCare(nn.Module):
    """Beside a quantiser of diffusers (`VQModel.quantize`), saved and resumed with it."""

    def __init__(self, quantiser: nn.Module) -> None:
        super().__init__()
        weight = quantiser.get_parameter("embedding.weight")
        self._weight = [weight]  # in a list, so that it counts once among the parameters
        self.register_buffer("uses", torch.zeros(len(weight), dtype=torch.long))
        self.register_buffer("steps", torch.zeros((), dtype=torch.long))
        self.register_buffer("share", torch.zeros(()))

    @torch.no_grad()
    def begin(self, latents: torch.Tensor, rng: np.random.Generator) -> None:
        """Put every entry on a latent of [N, C, h, w]."""
        self._put(torch.ones_like(self.get_buffer("uses"), dtype=torch.bool), latents, rng)

    @torch.no_grad()
    def look(
        self, codes: torch.Tensor, latents: torch.Tensor, rng: np.random.Generator, *, revive: bool
    ) -> torch.Tensor:
        """Share of entries used in the last whole window, in [0, 1].

        codes: entries that latents [N, C, h, w] were rounded to. revive: at a window's end, move
        those that it did not use.
        """
        uses, steps, share = (self.get_buffer(name) for name in ("uses", "steps", "share"))
        uses += torch.bincount(codes.flatten(), minlength=len(uses))
        steps += 1
        used = (uses > 0).float().mean()
        if steps == 1 or not share:
            share.copy_(used)
        if steps % EVERY == 0:
            share.copy_(used)
            if revive:
                self._put(uses == 0, latents, rng)
            uses.zero_()
        return share

    def _put(self, which: torch.Tensor, latents: torch.Tensor, rng: np.random.Generator) -> None:
        vectors = latents.detach().float().movedim(1, -1).flatten(0, -2)
        count = int(which.sum())
        chosen = rng.choice(len(vectors), count, replace=count > len(vectors))
        (weight,) = self._weight
        weight.data[which] = vectors[torch.from_numpy(chosen).to(vectors.device)]


def perplexity(codes: torch.Tensor, entries: int) -> float:
    """exp of the entropy of which entries are used: 1 = always one, `entries` = all alike."""
    share = torch.bincount(codes.flatten(), minlength=entries) / codes.numel()
    return float(torch.exp(-(share * share.clamp_min(1e-12).log()).sum()))
