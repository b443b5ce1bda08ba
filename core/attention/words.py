"""Prompt-to-Prompt's control of cross-attention, and the place of words in the picture.

Hertz et al. 2022: the target's maps are M' = M A (word swap), the source's for the words that both
share (refinement), times a factor per word (re-weighting); section 3.2 and Algorithm 1.
"""

from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F

from core.attention.control import AttentionControl, Site
from core.attention.store import AttentionStore, word_map
from core.attention.word_alignment import Alignment


class WordsFromSource(AttentionControl):
    """The target's words look where the source's words look.

    weights: float32 [tokens], the factors of the target's maps.
    """

    sees_maps = True

    def __init__(self, steps: range, alignment: Alignment, weights: torch.Tensor) -> None:
        super().__init__(steps)
        self.alignment, self.weights = alignment, weights

    def reaches(self, site: Site) -> bool:
        return site.cross

    def maps(self, site: Site, maps: torch.Tensor) -> torch.Tensor:
        """maps [rows, heads, pixels, tokens], those of the target's guided row exchanged."""
        source, target = self.rows.source, self.rows.target
        assert source is not None
        taken = self.alignment.taken.to(maps)
        moved = maps[source] @ self.alignment.source_to_target.to(maps)
        mixed = (moved * taken + maps[target] * (1 - taken)) * self.weights.to(maps)
        return torch.cat([maps[:target], mixed[None], maps[target + 1 :]])


class WordPlace:
    """Where the blend words are: the local blend of Prompt-to-Prompt (section 4, “local editing”).

    A pixel counts if a word's map, averaged over the steps so far and widened by one place, reaches
    `threshold` of its greatest value, in either prompt.
    """

    def __init__(
        self,
        store: AttentionStore,
        tokens: Mapping[str, Sequence[int]],
        threshold: float,
        first_step: int,
    ) -> None:
        self.store, self.tokens = store, tokens
        self.threshold, self.first_step = threshold, first_step

    def mask(self, step: int) -> torch.Tensor | None:
        """1 where the walk may move after `step` (from 0), [1, 1, h, w]; None while all may."""
        if step < self.first_step:
            return None
        place = torch.zeros(1, 1, *self.store.size)
        for name, maps in self.store.average().items():
            if not self.tokens[name]:
                continue
            heat = F.max_pool2d(word_map(maps, self.tokens[name])[None, None], 3, 1, padding=1)
            heat = F.interpolate(heat, size=self.store.size, mode="bilinear", align_corners=False)
            place = torch.maximum(place.to(heat), (heat > self.threshold * heat.max()).to(heat))
        return place
