"""What is tried after an edit that was too large: each asks for less, until nothing is left."""

from typing import Any

import numpy as np
import pytest

from core.request import MIN_SCALE, EditRequest
from core.settings import (
    DDIMSwapSettings,
    EnlargeSettings,
    MaskedFillSettings,
    PiGDMSettings,
    SDEditSettings,
)
from core.smaller import smaller

PICTURE = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)


def request(settings: Any, **changes: Any) -> EditRequest:
    return EditRequest(settings, PICTURE, target_prompt="a pear", steps=3, **changes)


def ways(first: EditRequest) -> list[str]:
    """All that is offered, one after the other, each having failed."""
    found, now = [], first
    while (less := smaller(now)) is not None:
        found.append(less.way)
        now = less.requests[0]
        assert len(found) < 20
    return found


def test_variations_come_one_after_the_other_and_stay_the_same() -> None:
    whole = request(SDEditSettings(), variations=3, seed=5)
    less = smaller(whole)
    assert less is not None
    assert [one.seed for one in less.requests] == [5, 6, 7]
    assert all(one.variations == 1 and one.scale == 1.0 for one in less.requests)


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        (request(SDEditSettings(), variations=2), ["one by one", "half size", "half size"]),
        (request(DDIMSwapSettings()), ["half size", "half size"]),
        (
            request(MaskedFillSettings(detail=4), mask=np.ones((4, 4), np.float32)),
            ["unsharpened", "half size", "half size"],
        ),
        (request(EnlargeSettings(tile=192)), ["tiles", "tiles"]),
        (request(PiGDMSettings()), []),
    ],
)
def test_what_is_offered(asked: EditRequest, offered: list[str]) -> None:
    assert ways(asked) == offered


def test_the_smallest_is_what_a_request_can_hold() -> None:
    half = smaller(request(DDIMSwapSettings(), scale=0.5))
    assert half is not None
    assert half.requests[0].scale == MIN_SCALE
