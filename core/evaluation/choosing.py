"""How Auto's choice is made from the benchmark's figures.

Every kind of change (`core.attention.prompt_change`) gets one variant. Over the edits, two means
are wanted high: the PSNR of what should stay, and the CLIP agreement with the target prompt. For a
weight w in (0, 1) the best mix maximises

    (1 - w) kept / spread(kept) + w agreement / spread(agreement)

kind by kind, since both means are sums over the kinds. So no single variant can be better than the
mix in one mean and as good in the other: it is on their Pareto front, on the edits it was chosen
from. Of these mixes it is the one with the smallest w, which keeps most, that agrees with the
target at least as well as a plain DDIM swap does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WEIGHTS = np.linspace(0.01, 0.99, 99)

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Mix:
    """Which candidate is best, by number: for each kind of change, and for any."""

    best: dict[str, int]
    any: int
    weight: float


def choose_mix(kept: Numbers, agreement: Numbers, kinds: Sequence[str], plain: int) -> Mix:
    """The mix of the module's text.

    kept, agreement: [candidates, edits]; kept is nan for edits that keep nothing.
    kinds: of every edit. plain: the number of the candidate that agreement is compared with.
    """
    counted = ~np.isnan(kept).any(axis=0)
    shares = np.where(counted, kept, 0.0) / max(1, counted.sum())
    agreed = agreement / agreement.shape[1]
    spreads = [_spread(part.sum(axis=1)) for part in (shares, agreed)]
    names = sorted(set(kinds))
    groups = [[i for i, kind in enumerate(kinds) if kind == name] for name in names]
    mix = Mix({}, plain, 0.0)
    for weight in WEIGHTS:
        score = (1 - weight) * shares / spreads[0] + weight * agreed / spreads[1]
        best = [int(score[:, group].sum(axis=1).argmax()) for group in groups]
        reached = sum(
            agreed[number, group].sum() for number, group in zip(best, groups, strict=True)
        )
        mix = Mix(dict(zip(names, best, strict=True)), int(score.sum(axis=1).argmax()), weight)
        if reached >= agreed[plain].sum():
            break
    return mix


def pareto_front(kept: Sequence[float], agreement: Sequence[float]) -> list[int]:
    """The points that no other one beats in one figure while being as good in the other."""
    points = list(zip(kept, agreement, strict=True))
    return [
        i
        for i, (a, b) in enumerate(points)
        if not any(c >= a and d >= b and (c, d) != (a, b) for c, d in points)
    ]


def _spread(values: Numbers) -> float:
    """The standard deviation of the candidates, or 1 where they are all equal."""
    return float(values.std()) or 1.0
