"""Scenes: objects on a ground, as immutable values; how they are composed and edited.

Lengths are fractions of the frame: x of its width, y and heights of its height; the origin is at
the top left. Composition assumes a square frame. Drawing is in rendering.py.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from core.training.datasets.grounds import COLOURS, Ground, sample_ground
from core.training.datasets.lights import LightKind
from core.training.datasets.objects import Catalogue, ObjectLibrary, ObjectSpec, catalogue
from core.training.datasets.split import Split, is_held_out

COUNT_ODDS = (0.45, 0.42, 0.13)
EXTENTS = {1: (0.45, 0.75), 2: (0.35, 0.55), 3: (0.28, 0.40)}
SMALL_ODDS = 0.12
SMALL_EXTENTS = (0.30, 0.38)
ASPECT_POWER = 0.6
LOWEST = 0.93
HIGHEST = 0.04
SIDE = 0.03
GRID = 256
"""Positions and sizes are multiples of 1/256, so that they are exact everywhere."""


@dataclass(frozen=True)
class Placement:
    """One object in the frame; its width follows from its aspect.

    centre_x, centre_y, height: of the object's own box.
    lift: how far it floats above the spot where its shadow falls; 0 = it stands there.
    colour: one of the object's tints that it is given; "" = its own colours.
    """

    object_id: str
    centre_x: float
    centre_y: float
    height: float
    lift: float = 0.0
    colour: str = ""

    @property
    def bottom(self) -> float:
        """y of the object's lower edge."""
        return self.centre_y + self.height / 2


@dataclass(frozen=True)
class Scene:
    """A ground and one to three objects, listed from left to right, in some light.

    seed: fixes its captions.
    """

    ground: Ground
    placements: tuple[Placement, ...]
    seed: int = 0
    light: LightKind = "day"

    @property
    def object_ids(self) -> tuple[str, ...]:
        return tuple(placement.object_id for placement in self.placements)


def extent(height: float, aspect: float) -> float:
    """How big something looks: its height, more for wide things."""
    return height * max(1.0, aspect) ** ASPECT_POWER


def without(scene: Scene, index: int) -> Scene:
    """The same scene after the object at `index` is taken away."""
    return replace(scene, placements=scene.placements[:index] + scene.placements[index + 1 :])


def with_ground(scene: Scene, ground: Ground) -> Scene:
    """The same objects on another ground."""
    return replace(scene, ground=ground)


def replaced(scene: Scene, index: int, object_id: str, specs: Catalogue | None = None) -> Scene:
    """The same scene with another object in the place of the one at `index`.

    It stands on the same spot at the same apparent size, made smaller where it would leave the
    frame or cover a neighbour more than the old one did. specs: None for the catalogue.
    """
    specs = catalogue() if specs is None else specs
    old = scene.placements[index]
    old_aspect, new = specs[old.object_id].aspect, specs[object_id]
    spot = old.bottom + old.lift
    lift = (old.lift or 0.08) if new.stance == "float" else 0.0
    room = _room(scene, index, specs)
    height = extent(old.height, old_aspect) / extent(1.0, new.aspect)
    height = min(height, room / new.aspect, spot - lift - HIGHEST)
    height = max(height, 2 / GRID)
    centre_x = min(max(old.centre_x, height * new.aspect / 2), 1 - height * new.aspect / 2)
    placement = Placement(object_id, centre_x, spot - lift - height / 2, height, lift)
    placements = list(scene.placements)
    placements[index] = placement
    return replace(scene, placements=tuple(placements))


def tinted(scene: Scene, index: int, colour: str) -> Scene:
    """The same scene with the object at `index` in another of its tints; "" = its own colours."""
    placements = list(scene.placements)
    placements[index] = replace(placements[index], colour=colour)
    return replace(scene, placements=tuple(placements))


def _room(scene: Scene, index: int, specs: Catalogue) -> float:
    """The width that an object at this index may take: up to its neighbours, or its own width."""
    own = scene.placements[index]
    own_width = own.height * specs[own.object_id].aspect
    reach = 0.5 - SIDE
    for other in scene.placements:
        if other is not own:
            gap = abs(other.centre_x - own.centre_x)
            reach = min(reach, gap - other.height * specs[other.object_id].aspect / 2)
    return max(own_width, 2 * reach)


def sample_scene(
    rng: np.random.Generator, split: Split = "train", library: ObjectLibrary | None = None
) -> Scene:
    """A random scene: mostly one or two objects, large, with little overlap.

    split: "train" never composes a held-out combination, "held_out" composes only scenes with at
    least one, "unseen" only scenes with at least one object that training lacks.
    library: whose objects to use; None for the catalogue.
    """
    specs = catalogue() if library is None else library.specs
    object_ids, colour = _sample_content(rng, split, specs)
    ground = sample_ground(rng, colour)
    placements = arranged(rng, [specs[object_id] for object_id in object_ids])
    return Scene(ground, placements, int(rng.integers(2**31)))


def _sample_content(
    rng: np.random.Generator, split: Split, specs: Catalogue
) -> tuple[list[str], str]:
    known = [key for key, spec in specs.items() if split == "unseen" or not spec.unseen]
    colours = list(COLOURS)
    for _ in range(10_000):
        count = 1 + int(rng.choice(len(COUNT_ODDS), p=COUNT_ODDS))
        chosen = [known[i] for i in rng.choice(len(known), min(count, len(known)), replace=False)]
        colour = colours[int(rng.integers(len(colours)))]
        if split == "unseen":
            fits = any(specs[object_id].unseen for object_id in chosen)
        else:
            fits = is_held_out(chosen, colour) == (split == "held_out")
        if fits:
            return chosen, colour
    raise ValueError(f"these objects allow no scene of the split {split!r}")


def arranged(rng: np.random.Generator, specs: list[ObjectSpec]) -> tuple[Placement, ...]:
    """Places the objects side by side, from left to right, on a common but uneven line."""
    count = len(specs)
    small = count == 1 and rng.random() < SMALL_ODDS
    low, high = SMALL_EXTENTS if small else EXTENTS[count]
    heights = []
    for spec in specs:
        natural = rng.uniform(*spec.size)
        wanted = low + (high - low) * rng.random() ** 0.8
        heights.append(wanted * natural / extent(1.0, spec.aspect))
    widths = [height * spec.aspect for height, spec in zip(heights, specs, strict=True)]
    scale = min(1.0, (1 - 2 * SIDE) / sum(widths))
    heights = [snapped(height * scale) for height in heights]
    centres = _spread(rng, [h * s.aspect for h, s in zip(heights, specs, strict=True)])
    line = _line(rng, max(heights), count)
    placements = []
    for spec, height, centre in zip(specs, heights, centres, strict=True):
        lift = snapped(rng.uniform(0.05, 0.12)) if spec.stance == "float" else 0.0
        spot = line + (rng.uniform(-0.05, 0.05) if count > 1 else 0.0)
        spot = snapped(min(max(spot, HIGHEST + height + lift), LOWEST))
        lift = max(0.0, min(lift, snapped(spot - height - HIGHEST)))
        placements.append(Placement(spec.object_id, centre, spot - lift - height / 2, height, lift))
    return tuple(placements)


def _line(rng: np.random.Generator, tallest: float, count: int) -> float:
    """y of the line that the objects stand on, so that the tallest is near the middle."""
    middle = rng.uniform(0.49, 0.58) if count == 1 else rng.uniform(0.50, 0.62)
    return min(middle + tallest / 2, LOWEST)


def _spread(rng: np.random.Generator, widths: list[float]) -> list[float]:
    """Centres of objects of these widths, the free width shared out at random around them."""
    free = max(0.0, 1 - 2 * SIDE - sum(widths))
    shares = rng.dirichlet([2.2] * (len(widths) + 1)) * free
    centres, x = [], SIDE
    for width, share in zip(widths, shares[:-1], strict=True):
        x += float(share)
        centres.append(snapped(x + width / 2))
        x += width
    return centres


def snapped(value: float) -> float:
    """The nearest multiple of 1/GRID."""
    return round(float(value) * GRID) / GRID


def scene_to_json(scene: Scene) -> dict[str, Any]:
    """The scene as plain dicts, lists, strings and numbers."""
    return {
        "ground": asdict(scene.ground),
        "placements": [asdict(placement) for placement in scene.placements],
        "seed": scene.seed,
        "light": scene.light,
    }


def scene_from_json(data: Mapping[str, Any]) -> Scene:
    """The scene that scene_to_json wrote."""
    placements = tuple(Placement(**placement) for placement in data["placements"])
    light = data.get("light", "day")
    return Scene(Ground(**data["ground"]), placements, data["seed"], light)
