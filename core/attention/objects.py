"""MasaCtrl's masks: a thing draws on itself, and the ground on the ground.

Cao et al. 2023, “mask-guided mutual self-attention”: f = Attention(Q, K_s, V_s; M_s) M
+ Attention(Q, K_s, V_s; 1 - M_s) (1 - M). A place inside the target's mask M attends to the
source's places inside its mask M_s, one outside to those outside.
"""

from collections.abc import Callable, Mapping, Sequence

import torch
import torch.nn.functional as F

from core.attention.control import Site
from core.attention.from_source import SelfAttentionFromSource, given_rows
from core.attention.store import AttentionStore, map_size, word_map


class ObjectFromSource(SelfAttentionFromSource):
    """The target's rows take keys and values from their source's, each from its like.

    store: watches the same walk. tokens: of the thing, in the "source" and in the "target" prompt.
    The masks are where their maps, averaged over the steps before and stretched to [0, 1], reach
    `threshold`. While there are none, or if the source's has no inside or no outside, all draws on
    all.
    """

    sees_maps = True

    def __init__(
        self,
        steps: range,
        where: Callable[[Site], bool],
        store: AttentionStore,
        tokens: Mapping[str, Sequence[int]],
        threshold: float,
    ) -> None:
        super().__init__(steps, "key-value", where)
        self.store, self.tokens, self.threshold = store, tokens, threshold

    def maps(self, site: Site, maps: torch.Tensor) -> torch.Tensor:
        """maps [rows, heads, places that ask, places of the source], each row of sum 1."""
        masks = {
            name: self._mask(heat[list(self.tokens[name])], maps.shape[2])
            for name, heat in self.store.average(within_step=True).items()
        }
        if len(masks) < 2 or masks["source"].all() or not masks["source"].any():
            return maps
        alike = masks["target"][:, None] == masks["source"][None, :]
        apart = maps * alike
        total = apart.sum(dim=-1, keepdim=True)
        # where all that is alike has lost its weight to rounding, there is nothing to share out
        apart = torch.where(total > 0, apart / total, maps)
        order = given_rows(len(maps), self.rows.pairs)
        taken = torch.tensor([row != own for own, row in enumerate(order)], device=maps.device)
        return torch.where(taken[:, None, None, None], apart, maps)

    def _mask(self, maps: torch.Tensor, places: int) -> torch.Tensor:
        """Whether the thing is there, bool [places], from its tokens' maps."""
        heat = word_map(maps, range(len(maps)))
        stretched = (heat - heat.min()) / (heat.max() - heat.min()).clamp_min(1e-12)
        mask = (stretched >= self.threshold).float()[None, None]
        return F.interpolate(mask, size=map_size(places, self.store.size)).flatten() > 0
