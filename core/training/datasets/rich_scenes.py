"""Scenes of the rich world: landscapes, light, colours that things do not have by themselves, and
things behind and above each other, beside all that the plain world has.
"""

from dataclasses import replace

import numpy as np

from core.training.datasets.grounds import COLOURS, sample_ground, sample_landscape
from core.training.datasets.landscapes import LANDSCAPE_KINDS
from core.training.datasets.lights import LIGHT_KINDS, LIGHT_ODDS
from core.training.datasets.objects import Catalogue, ObjectLibrary, ObjectSpec, catalogue
from core.training.datasets.relations import relation
from core.training.datasets.scenes import (
    COUNT_ODDS,
    HIGHEST,
    LOWEST,
    SIDE,
    Placement,
    Scene,
    arranged,
    extent,
    snapped,
)
from core.training.datasets.split import (
    Split,
    is_held_out,
    place_held_out,
    relation_held_out,
    tint_held_out,
)

LANDSCAPE_ODDS, TINT_ODDS = 0.4, 0.4
FRONT_ODDS, ABOVE_ODDS = 0.25, 0.15
FAR_EXTENTS, NEAR_EXTENTS = (0.48, 0.62), (0.3, 0.42)
STEP_DOWN = (0.08, 0.16)
"""How much lower the nearer thing's foot is."""
_TRIES = 10_000


def sample_rich_scene(
    rng: np.random.Generator, split: Split = "train", library: ObjectLibrary | None = None
) -> Scene:
    """A random scene of the rich world. split, library: as `scenes.sample_scene` has them."""
    specs = catalogue() if library is None else library.specs
    known = [key for key, spec in specs.items() if split == "unseen" or not spec.unseen]
    for _ in range(_TRIES):
        scene = _sample(rng, known, specs)
        if split == "unseen":
            fits = any(specs[object_id].unseen for object_id in scene.object_ids)
        else:
            fits = holds_held_out(scene, specs) == (split == "held_out")
        if fits:
            return scene
    raise ValueError(f"these objects allow no scene of the split {split!r}")


def holds_held_out(scene: Scene, specs: Catalogue) -> bool:
    """Whether the scene shows at least one combination that training never composes."""
    ids, ground = scene.object_ids, scene.ground
    if is_held_out(ids, ground.colour):
        return True
    if ground.kind in LANDSCAPE_KINDS and any(place_held_out(key, ground.kind) for key in ids):
        return True
    if any(p.colour and tint_held_out(p.object_id, p.colour) for p in scene.placements):
        return True
    if len(ids) != 2:
        return False
    how = relation(scene, specs)
    return relation_held_out(how.kind, ids[how.first], ids[how.second])


def _sample(rng: np.random.Generator, known: list[str], specs: Catalogue) -> Scene:
    count = min(1 + int(rng.choice(len(COUNT_ODDS), p=COUNT_ODDS)), len(known))
    chosen = [specs[known[i]] for i in rng.choice(len(known), count, replace=False)]
    colour = list(COLOURS)[int(rng.integers(len(COLOURS)))]
    landscape = rng.random() < LANDSCAPE_ODDS
    ground = sample_landscape(rng, colour) if landscape else sample_ground(rng, colour)
    placements = _placed(rng, chosen, known, specs)
    placements = tuple(_tint(rng, placement, specs) for placement in placements)
    light = LIGHT_KINDS[int(rng.choice(len(LIGHT_KINDS), p=LIGHT_ODDS))]
    return Scene(ground, placements, int(rng.integers(2**31)), light)


def _placed(
    rng: np.random.Generator, chosen: list[ObjectSpec], known: list[str], specs: Catalogue
) -> tuple[Placement, ...]:
    if len(chosen) == 2:
        draw = rng.random()
        floating = [k for k in known if specs[k].stance == "float" and specs[k] not in chosen]
        if draw < FRONT_ODDS and all(spec.stance == "rest" for spec in chosen):
            return _left_to_right(_one_in_front(rng, *chosen))
        if draw > 1 - ABOVE_ODDS and floating and chosen[1].stance == "rest":
            upper = specs[floating[int(rng.integers(len(floating)))]]
            return _left_to_right(_one_above(rng, upper, chosen[1]))
    return arranged(rng, chosen)


def _one_in_front(
    rng: np.random.Generator, near: ObjectSpec, far: ObjectSpec
) -> tuple[Placement, ...]:
    """The far one larger and higher up, the near one over a part of it, to its left or right."""
    far_height, near_height = _height(rng, far, FAR_EXTENTS), _height(rng, near, NEAR_EXTENTS)
    far_width, near_width = far_height * far.aspect, near_height * near.aspect
    near_foot = snapped(rng.uniform(0.84, LOWEST))
    far_foot = near_foot - snapped(rng.uniform(*STEP_DOWN))
    shared = rng.uniform(0.3, 0.6) * min(near_width, far_width)
    apart = (near_width + far_width) / 2 - shared
    side = 1 if rng.random() < 0.5 else -1
    room = max(0.0, 1 - 2 * SIDE - (apart + (near_width + far_width) / 2))
    left_x = SIDE + rng.uniform(0, 1) * room
    if side > 0:
        far_x = left_x + far_width / 2
    else:
        far_x = left_x + near_width / 2 + apart
    near_x = far_x + side * apart
    return (
        _standing(near, near_x, near_foot, near_height),
        _standing(far, far_x, far_foot, far_height),
    )


def _one_above(
    rng: np.random.Generator, upper: ObjectSpec, lower: ObjectSpec
) -> tuple[Placement, ...]:
    """One in the air over the other, a little to its side."""
    low = _height(rng, lower, NEAR_EXTENTS)
    high = _height(rng, upper, (0.26, 0.36))
    foot = snapped(rng.uniform(0.84, LOWEST))
    top = foot - low
    bottom = snapped(rng.uniform(HIGHEST + high, max(HIGHEST + high, top - 0.02)))
    centre = rng.uniform(0.35, 0.65)
    nudge = rng.uniform(-0.3, 0.3) * min(low * lower.aspect, high * upper.aspect)
    x = _inside(centre + nudge, high * upper.aspect)
    return (
        Placement(upper.object_id, x, bottom - high / 2, high, max(0.0, foot - bottom)),
        _standing(lower, centre, foot, low),
    )


def _height(rng: np.random.Generator, spec: ObjectSpec, extents: tuple[float, float]) -> float:
    """The height of an object that looks as large as one of `extents`."""
    natural = max(0.8, rng.uniform(*spec.size))
    height = rng.uniform(*extents) * natural / extent(1.0, spec.aspect)
    return snapped(min(height, (1 - 2 * SIDE) / spec.aspect))


def _standing(spec: ObjectSpec, x: float, foot: float, height: float) -> Placement:
    return Placement(spec.object_id, _inside(x, height * spec.aspect), foot - height / 2, height)


def _inside(x: float, width: float) -> float:
    """A centre at which something of this width stays in the frame."""
    return snapped(min(max(x, SIDE + width / 2), 1 - SIDE - width / 2))


def _left_to_right(placements: tuple[Placement, ...]) -> tuple[Placement, ...]:
    return tuple(sorted(placements, key=lambda placement: placement.centre_x))


def _tint(rng: np.random.Generator, placement: Placement, specs: Catalogue) -> Placement:
    tints = specs[placement.object_id].tints
    if not tints or rng.random() >= TINT_ODDS:
        return placement
    return replace(placement, colour=tints[int(rng.integers(len(tints)))])
