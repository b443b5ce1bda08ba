"""The target's layers take from the source's: parts of self-attention, or features.

Prompt-to-Prompt's self-attention maps and Plug-and-Play's are the source's queries and keys under
the target's values, so that no map is ever written out; MasaCtrl takes keys and values.
"""

from collections.abc import Callable
from typing import Any, Literal

import torch

from core.attention.control import AttentionControl, FeatureControl, Site, attention_sites
from core.errors import RequestError

Parts = Literal["query-key", "key-value"]


class SelfAttentionFromSource(AttentionControl):
    """The target's rows take the named parts from their source's rows.

    where: which self-attention layers; largest: at most so many pixels in a layer's map.
    unguided: the row without a prompt takes them too, as in Plug-and-Play and MasaCtrl.
    """

    def __init__(
        self,
        steps: range,
        parts: Parts,
        where: Callable[[Site], bool] = lambda site: True,
        largest: int | None = None,
        unguided: bool = True,
    ) -> None:
        super().__init__(steps)
        self.parts, self.where, self.largest, self.unguided = parts, where, largest, unguided

    def reaches(self, site: Site) -> bool:
        return not site.cross and self.where(site)

    def acts(self, site: Site, pixels: int) -> bool:
        small = self.largest is None or pixels <= self.largest
        return small and super().acts(site, pixels)

    def inputs(
        self, site: Site, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        pairs = self.rows.pairs if self.unguided else self.rows.pairs[-1:]
        order = given_rows(len(query), pairs)
        if self.parts == "query-key":
            return query[order], key[order], value
        return query, key[order], value[order]


class FeaturesFromSource(FeatureControl):
    """The decoder's residual features of the target's rows are the source's.

    They are those of the second residual block where the decoder's attention begins (layer 4 of
    Stable Diffusion's decoder: Tumanyan et al. 2023, section 4.1), before the skip is added.
    """

    def module(self, network: Any) -> torch.nn.Module:
        block = decoder_block(network)
        return _residual(network, block).conv2

    def output(self, features: torch.Tensor) -> torch.Tensor:
        return features[given_rows(len(features), self.rows.pairs)]


def given_rows(count: int, pairs: tuple[tuple[int, int], ...]) -> list[int]:
    """For each of `count` rows the row that it takes from: itself, or its source's."""
    order = list(range(count))
    for source, target in pairs:
        order[target] = source
    return order


def decoder_block(network: Any) -> str:
    """The name of the first decoder block with attention. Raises RequestError if there is none."""
    for site in attention_sites(network):
        block, found, _ = site.name.partition(".attentions.")
        if site.place == "up" and not site.cross and found:
            return block
    raise RequestError(
        "this model has no decoder with self-attention, whose features plug-and-play takes; "
        "choose the method ddim-swap, or another model."
    )


def after_features(network: Any) -> Callable[[Site], bool]:
    """Whether a layer comes after the features that `FeaturesFromSource` takes.

    In Stable Diffusion's UNet: the last two layers of the decoder's block 1, and blocks 2 and 3.
    """
    block = decoder_block(network)
    early = f"{block}.attentions.0."
    return lambda site: site.place == "up" and not site.name.startswith(early)


def _residual(network: Any, block: str) -> Any:
    residuals = network.get_submodule(block).resnets
    return residuals[min(1, len(residuals) - 1)]
