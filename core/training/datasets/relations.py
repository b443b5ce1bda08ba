"""Where two things are to each other, told from their boxes, as a viewer would say it."""

from dataclasses import dataclass
from typing import Literal, get_args

from core.training.datasets.objects import Catalogue
from core.training.datasets.scenes import Placement, Scene

RelationKind = Literal["left", "front", "above"]
RELATION_KINDS: tuple[RelationKind, ...] = get_args(RelationKind)
OVERLAP = 0.2
"""Share of the narrower width that two things must share to stand behind or above each other."""
TOUCH = 0.03
DEPTH = 0.04
"""How much lower, in frame heights, the foot of the nearer thing is."""


@dataclass(frozen=True)
class Relation:
    """The object at `first` is left of, in front of or above the one at `second`."""

    kind: RelationKind
    first: int
    second: int


def relation(scene: Scene, specs: Catalogue) -> Relation:
    """Of a scene of two objects. What is neither above nor in front of the other is beside it."""
    one, other = scene.placements
    first, second = (0, 1) if one.centre_x <= other.centre_x else (1, 0)
    if _shared_width(one, other, specs) >= OVERLAP:
        upper = 0 if one.centre_y <= other.centre_y else 1
        above, below = scene.placements[upper], scene.placements[1 - upper]
        if above.bottom <= below.centre_y - below.height / 2 + TOUCH:
            return Relation("above", upper, 1 - upper)
        near = 0 if _foot(one) >= _foot(other) else 1
        if abs(_foot(one) - _foot(other)) >= DEPTH:
            return Relation("front", near, 1 - near)
    return Relation("left", first, second)


def _shared_width(one: Placement, other: Placement, specs: Catalogue) -> float:
    """What two boxes share from left to right, in widths of the narrower; negative = a gap."""
    halves = [p.height * specs[p.object_id].aspect / 2 for p in (one, other)]
    right = min(p.centre_x + half for p, half in zip((one, other), halves, strict=True))
    left = max(p.centre_x - half for p, half in zip((one, other), halves, strict=True))
    return (right - left) / (2 * min(halves))


def _foot(placement: Placement) -> float:
    return placement.bottom + placement.lift
