"""Where a model's networks lie: all on its device, or there only the one that works.

"device": all of them, all the time. "offload": the others wait in the machine's own memory; what
they are asked comes out the same, after a moment for the move. "tiles": that, and the first stage
reads and writes pictures larger than the model's own size in overlapping tiles (diffusers'
`enable_tiling`). A tile's norms see the tile alone, so that comes out a little different.
"""

from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import Any

import torch

MODES = ("device", "offload", "tiles")


def place(networks: Sequence[Any], device: torch.device, memory: str) -> None:
    """Put `networks` where `memory` (one of MODES) wants them; where they run is `device`."""
    if memory == "device" or device.type == "cpu":
        for network in networks:
            network.to(device)
    else:
        take_turns(networks, device)


def tile(first_stage: Any, side: int, factor: int) -> None:
    """Have `first_stage` work in tiles of `side` pixels, `factor` to a latent."""
    first_stage.enable_tiling()
    first_stage.tile_sample_min_size = side
    first_stage.tile_latent_min_size = side // factor


def take_turns(networks: Sequence[Any], device: torch.device) -> None:
    """Have each network brought to `device` when it is called, and the others sent away before.

    Where gradients are wanted nobody is sent away: the way back needs all that worked.
    """

    def bring(network: Any, *_: Any) -> None:
        if not torch.is_grad_enabled():
            for other in networks:
                if other is not network:
                    other.to("cpu")
        network.to(device)

    for network in networks:
        network.register_forward_pre_hook(bring)
        for name in ("encode", "decode"):  # a first stage is asked by these, not by a call
            if hasattr(network, name):
                setattr(network, name, _after(partial(bring, network), getattr(network, name)))


def _after(first: Callable[[], None], method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def both(*arguments: Any, **keywords: Any) -> Any:
        first()
        return method(*arguments, **keywords)

    return both
