"""Control of a network's attention and features from outside, put in and taken out again.

Attention layers are found by what they are made of (projections to query, key and value), cross
and self by what they attend to, never by a class's name. Control goes through diffusers' attention
processors; a layer that no control acts on at a step runs its own processor, untouched. Features
are changed by forward hooks. Whatever happens in between, `controlled` puts everything back.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import torch
import torch.nn.functional as F

from core.errors import RequestError
from core.sampling.branches import Rows

Place = Literal["down", "mid", "up"]
_PLACES: tuple[Place, ...] = ("down", "mid", "up")


@dataclass(frozen=True, eq=False)
class Site:
    """One attention layer: its path in the network, what it attends to, where it stands.

    cross: to the prompt's tokens, otherwise to the picture itself. order: its number among the
    layers of its kind, in the order of evaluation; count: how many of its kind there are.
    """

    name: str
    module: Any
    cross: bool
    place: Place
    order: int
    count: int


class Control:
    """Base of what changes or watches a walk from inside the network.

    steps: the steps (from 0) in which it acts. The walk sets `step` and `rows` before each.
    """

    def __init__(self, steps: range) -> None:
        self.steps = steps
        self.step = 0
        self.rows = Rows(None, 0)

    @property
    def needs_source(self) -> range:
        """The steps for which the source's branch must be in the batch."""
        return self.steps


class AttentionControl(Control):
    """Base of what acts in attention layers. Tensors are [rows, heads, pixels or tokens, ...]."""

    sees_maps = False

    def reaches(self, site: Site) -> bool:
        """Whether it may ever act there."""
        raise NotImplementedError

    def acts(self, site: Site, pixels: int) -> bool:
        """Whether it acts there now, where `pixels` places ask."""
        return self.step in self.steps and self.reaches(site)

    def inputs(
        self, site: Site, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Query, key and value as they should be."""
        return query, key, value

    def maps(self, site: Site, maps: torch.Tensor) -> torch.Tensor:
        """The attention maps as they should be; asked only if `sees_maps`."""
        return maps


class FeatureControl(Control):
    """Base of what changes the output of one module."""

    def module(self, network: Any) -> torch.nn.Module:
        """The module. Raises RequestError if the network has none such."""
        raise NotImplementedError

    def output(self, features: torch.Tensor) -> torch.Tensor:
        """What the module should give, [rows, channels, h, w]."""
        raise NotImplementedError


class Watcher:
    """Base of what looks at cross-attention and changes nothing, not by one bit."""

    def rows(self, site: Site, pixels: int, states: torch.Tensor) -> list[int]:
        """The rows of the batch to look at, where `pixels` places ask; none: nothing is computed.

        states: [rows, tokens, channels], what the layer is told.
        """
        raise NotImplementedError

    def see(self, site: Site, rows: list[int], maps: torch.Tensor) -> None:
        """Look at those rows' maps, [rows, heads, pixels, tokens]."""
        raise NotImplementedError


def attention_sites(network: Any) -> list[Site]:
    """All controllable attention layers in the order of evaluation: down, middle, up."""
    found: list[tuple[Place, str, Any, bool]] = []
    for name, module in network.named_modules():
        if _is_attention(module):
            found.append((_place(name), name, module, _is_cross(module)))
    # A UNet may list its middle block last, though it runs between the others.
    found.sort(key=lambda entry: _PLACES.index(entry[0]))
    counts = {kind: sum(cross is kind for *_, cross in found) for kind in (True, False)}
    orders = {True: 0, False: 0}
    sites = []
    for place, name, module, cross in found:
        sites.append(Site(name, module, cross, place, orders[cross], counts[cross]))
        orders[cross] += 1
    return sites


@contextmanager
def controlled(network: Any, *controls: Control) -> Iterator[None]:
    """Let `controls` act on `network` until the end of the block, however it ends.

    Raises RequestError, with the network untouched, if one of them finds nothing to act on.
    """
    attention = [control for control in controls if isinstance(control, AttentionControl)]
    sites = attention_sites(network) if attention else []
    for control in attention:
        if not any(control.reaches(site) for site in sites):
            raise RequestError(
                f"{type(control).__name__} finds no attention layer in this model that it could "
                "control; choose the method ddim-swap, or another model."
            )
    with ExitStack() as undo:
        for site in sites:
            if any(control.reaches(site) for control in attention):
                own = site.module.get_processor()
                undo.callback(site.module.set_processor, own)
                site.module.set_processor(_Controlled(site, own, attention))
        for control in controls:
            if isinstance(control, FeatureControl):
                handle = control.module(network).register_forward_hook(_changes(control))
                undo.callback(handle.remove)
        yield


@contextmanager
def watched(network: Any, watcher: Watcher) -> Iterator[None]:
    """Let `watcher` look at the cross-attention of `network` until the end of the block.

    Controls that are put in meanwhile show it the maps that they leave.
    """
    with ExitStack() as undo:
        for site in attention_sites(network):
            if site.cross:
                own = site.module.get_processor()
                undo.callback(site.module.set_processor, own)
                site.module.set_processor(_Watched(site, own, watcher))
        yield


class _Watched:
    """An attention processor that leaves the work to the layer's own, and looks beside it."""

    def __init__(self, site: Site, own: Any, watcher: Watcher) -> None:
        self.site, self.own, self.watcher = site, own, watcher

    def __call__(
        self,
        layer: Any,
        hidden_states: torch.Tensor,
        encoder_hidden_states: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        temb: torch.Tensor | None = None,
        **options: Any,
    ) -> torch.Tensor:
        def maps(rows: list[int]) -> torch.Tensor:
            assert encoder_hidden_states is not None
            mask = None if attention_mask is None else attention_mask[rows]
            query, key, _ = _projected(layer, hidden_states[rows], encoder_hidden_states[rows])
            return _maps(layer, query, key, _mask(layer, mask, key))

        self.show(encoder_hidden_states, hidden_states.shape[1], maps)
        return self.own(
            layer, hidden_states, encoder_hidden_states, attention_mask, temb, **options
        )

    @torch.no_grad()
    def show(
        self,
        states: torch.Tensor | None,
        pixels: int,
        maps: Callable[[list[int]], torch.Tensor],
    ) -> None:
        """Show the watcher the maps of the rows that it asks for."""
        rows = [] if states is None else self.watcher.rows(self.site, pixels, states)
        if rows:
            self.watcher.see(self.site, rows, maps(rows))


class _Controlled:
    """An attention processor that lets controls in, and else leaves the work to the layer's own."""

    def __init__(self, site: Site, own: Any, controls: list[AttentionControl]) -> None:
        self.site, self.own, self.controls = site, own, controls

    def __call__(
        self,
        layer: Any,
        hidden_states: torch.Tensor,
        encoder_hidden_states: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        temb: torch.Tensor | None = None,
        **options: Any,
    ) -> torch.Tensor:
        site, pixels = self.site, hidden_states.shape[1]
        acting = [control for control in self.controls if control.acts(site, pixels)]
        if not acting:
            return self.own(
                layer, hidden_states, encoder_hidden_states, attention_mask, temb, **options
            )
        query, key, context = _projected(layer, hidden_states, encoder_hidden_states)
        value = _heads(layer, layer.to_v(context))
        for control in acting:
            query, key, value = control.inputs(site, query, key, value)
        mask = _mask(layer, attention_mask, key)
        maps = None
        if any(control.sees_maps for control in acting):
            maps = _maps(layer, query, key, mask)
            for control in acting:
                maps = control.maps(site, maps) if control.sees_maps else maps
            mixed = maps.to(value.dtype) @ value
        else:
            mixed = F.scaled_dot_product_attention(query, key, value, mask, scale=layer.scale)
        if isinstance(self.own, _Watched):
            self.own.show(
                encoder_hidden_states,
                pixels,
                lambda rows: (_maps(layer, query, key, mask) if maps is None else maps)[rows],
            )
        output = layer.to_out[1](layer.to_out[0](mixed.transpose(1, 2).flatten(2)))
        if layer.residual_connection:
            output = output + hidden_states
        return output / layer.rescale_output_factor


def _place(name: str) -> Place:
    """By the first part of its path; a network without a way down is all decoder."""
    for place in _PLACES:
        if name.startswith(place):
            return place
    return "up"


def _is_attention(module: Any) -> bool:
    """Projections to query, key and value, heads, an exchangeable processor, and nothing else.

    Layers with a second stream of keys (joint attention) or that normalise pictures themselves
    (first stages) work otherwise and are left alone.
    """
    parts = ("to_q", "to_k", "to_v", "heads", "get_processor", "set_processor")
    if any(getattr(module, part, None) is None for part in parts):
        return False
    others = ("add_k_proj", "group_norm", "spatial_norm")
    return all(getattr(module, other, None) is None for other in others)


def _is_cross(module: Any) -> bool:
    """Whether keys come from elsewhere: as the layer says, or because their width differs."""
    says = getattr(module, "is_cross_attention", None)
    return bool(says) or module.to_k.in_features != module.to_q.in_features


def _heads(layer: Any, states: torch.Tensor) -> torch.Tensor:
    """[rows, n, heads * channels] -> [rows, heads, n, channels]."""
    return states.unflatten(-1, (layer.heads, -1)).transpose(1, 2)


def _projected(
    layer: Any, hidden_states: torch.Tensor, states: torch.Tensor | None
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Query and key, [rows, heads, n, channels], and what the layer attends to."""
    context = hidden_states if states is None else states
    if states is not None and layer.norm_cross:
        context = layer.norm_encoder_hidden_states(context)
    query, key = _heads(layer, layer.to_q(hidden_states)), _heads(layer, layer.to_k(context))
    query = query if layer.norm_q is None else layer.norm_q(query)
    key = key if layer.norm_k is None else layer.norm_k(key)
    return query, key, context


def _maps(
    layer: Any, query: torch.Tensor, key: torch.Tensor, mask: torch.Tensor | None
) -> torch.Tensor:
    """softmax(Q K^T / sqrt(channels) + mask), float32 [rows, heads, n, keys]."""
    scores = query.float() @ key.float().transpose(-1, -2) * layer.scale
    return (scores if mask is None else scores + mask).softmax(dim=-1)


def _mask(layer: Any, mask: torch.Tensor | None, key: torch.Tensor) -> torch.Tensor | None:
    if mask is None:
        return None
    rows, _, keys, _ = key.shape
    mask = layer.prepare_attention_mask(mask, keys, rows)
    assert mask is not None
    return mask.view(rows, layer.heads, -1, keys).to(key.dtype)


def _changes(control: FeatureControl) -> Any:
    def hook(module: Any, given: Any, features: torch.Tensor) -> torch.Tensor | None:
        return control.output(features) if control.step in control.steps else None

    return hook
