"""The same edit with less memory: what can be changed of a request, the least harm first."""

from dataclasses import dataclass
from typing import Literal

from core.request import MIN_SCALE, EditRequest
from core.settings import EnlargeSettings, FillingSettings, RestorationSettings

Way = Literal["one by one", "unsharpened", "tiles", "half size"]
_SMALLEST_TILE = 64


@dataclass(frozen=True, eq=False)
class Smaller:
    """requests: to be run one after the other in place of the one that was too large."""

    way: Way
    requests: tuple[EditRequest, ...]


def smaller(request: EditRequest) -> Smaller | None:
    """What to try when `request` was too much for the memory; None where nothing is left.

    Variations one after the other give the very same results. A fill without its second walk loses
    sharpness where it is large, smaller tiles lose nothing but time, half the size loses detail.
    """
    settings = request.settings
    if request.variations > 1 and settings.batches:
        each = tuple(request.variation(index) for index in range(request.variations))
        return Smaller("one by one", each)
    if isinstance(settings, EnlargeSettings):
        tile = max(settings.tile // 2, _SMALLEST_TILE)
        if tile == settings.tile:
            return None
        return Smaller("tiles", (_with_settings(request, tile=tile),))
    if isinstance(settings, FillingSettings) and settings.detail > 1:
        return Smaller("unsharpened", (_with_settings(request, detail=1),))
    if isinstance(settings, RestorationSettings) or request.scale / 2 < MIN_SCALE:
        return None
    return Smaller("half size", (request.with_(scale=request.scale / 2),))


def _with_settings(request: EditRequest, **changes: object) -> EditRequest:
    return request.with_(settings=request.settings.model_copy(update=changes))
