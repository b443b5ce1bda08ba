"""Which combinations of known things training never sees, so that a benchmark can ask for them.

About 8 % of all object pairs and of all (object, ground colour) combinations are held out; in the
rich world also of (object, landscape), (object, tint) and of who is where to whom. A stable hash of
the names decides, so the answer never moves when objects are added or reordered.
"""

import hashlib
from collections.abc import Sequence
from itertools import combinations
from typing import Literal

Split = Literal["train", "held_out", "unseen"]

HELD_OUT_PER_MILLE = 80


def pair_held_out(first: str, second: str) -> bool:
    """Whether two objects (by object_id, in either order) never meet in training."""
    return _chosen("pair", *sorted((first, second)))


def colour_held_out(object_id: str, colour: str) -> bool:
    """Whether an object never lies on a ground of this colour in training."""
    return _chosen("colour", object_id, colour)


def place_held_out(object_id: str, landscape: str) -> bool:
    """Whether an object never stands in such a landscape in training."""
    return _chosen("place", object_id, landscape)


def tint_held_out(object_id: str, tint: str) -> bool:
    """Whether an object never has this colour in training."""
    return _chosen("tint", object_id, tint)


def relation_held_out(relation: str, first: str, second: str) -> bool:
    """Whether the first object never has this relation to the second in training."""
    return _chosen("relation", relation, first, second)


def is_held_out(object_ids: Sequence[str], colour: str) -> bool:
    """Whether these objects on this ground colour hold at least one held-out combination."""
    return any(colour_held_out(object_id, colour) for object_id in object_ids) or any(
        pair_held_out(first, second) for first, second in combinations(object_ids, 2)
    )


def _chosen(*names: str) -> bool:
    digest = hashlib.sha256("|".join(names).encode()).digest()
    return int.from_bytes(digest[:8], "big") % 1000 < HELD_OUT_PER_MILLE
