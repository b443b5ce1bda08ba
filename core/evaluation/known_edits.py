"""Edits with known answers: scenes that training never composes, before and after.

A scene is made from parts, so the picture after the edit is drawn, not guessed. Edit number i
depends on the world, the seed and i alone: a longer run begins with the shorter one.

swap      an object becomes another of its kind (a cat, a dog)
colour    an object takes another colour: one of its tints, or that of its other kind in the data
ground    the ground takes another colour, and any pattern or landscape
add       an object comes
remove    an object goes
restyle   the ground keeps its colour and takes another pattern, or the scene another light
unsaid    a swap whose source prompt is left empty, as users do

In the plain world there are neither tints nor landscapes nor light.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from core.training.choices import World
from core.training.datasets.captions import Language, caption
from core.training.datasets.grounds import (
    COLOURS,
    GROUND_KINDS,
    sample_ground,
    sample_landscape,
)
from core.training.datasets.landscapes import LANDSCAPE_KINDS
from core.training.datasets.lights import LIGHT_KINDS
from core.training.datasets.objects import Catalogue, ObjectLibrary
from core.training.datasets.rendering import render
from core.training.datasets.scenes import Scene, replaced, tinted, with_ground, without
from core.training.datasets.worlds import held_out, sample


class Kind(StrEnum):
    """What is done; the module's text tells each."""

    SWAP = "swap"
    COLOUR = "colour"
    GROUND = "ground"
    ADD = "add"
    REMOVE = "remove"
    RESTYLE = "restyle"
    UNSAID = "unsaid"


KINDS = tuple(Kind)
SAME = 2
"""Values of 0 to 255 that differ by no more than this count as equal."""
MARGIN = 1 / 24
"""How far, in sides of the frame, the kept region stays away from what changes: beyond the
reach of SSIM's window at 128 pixels."""
LEAST_KEPT = 0.01
_TRIES = 10_000

T = TypeVar("T")
Pixels = NDArray[np.uint8]
Region = NDArray[np.bool_]
Change = Callable[[np.random.Generator, Scene, Catalogue, World], tuple[Scene, Scene] | None]


@dataclass(frozen=True, eq=False)
class KnownEdit:
    """One edit: two scenes, their pictures, and the words for them.

    source_prompt: what the editing method is told; empty for Kind.UNSAID.
    source_caption, target_prompt: what the pictures truly show.
    here: what the frame around the edit shows after it.
    picture, answer: RGB, side x side x 3, before and after.
    """

    index: int
    kind: Kind
    language: Language
    source_prompt: str
    source_caption: str
    target_prompt: str
    here: str
    picture: Pixels
    answer: Pixels

    @cached_property
    def changed(self) -> Region:
        """Where the two pictures differ."""
        difference = np.abs(self.picture.astype(np.int16) - self.answer.astype(np.int16))
        return np.asarray((difference > SAME).any(axis=2), np.bool_)

    @cached_property
    def kept(self) -> Region | None:
        """Where they do not, and not near it either; None where hardly anything is left."""
        reach = max(1, round(MARGIN * self.changed.shape[0]))
        kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
        kept = cv2.dilate(self.changed.astype(np.uint8), kernel) == 0
        return kept if kept.mean() >= LEAST_KEPT else None

    @cached_property
    def box(self) -> tuple[slice, slice]:
        """The square around what changes, inside the frame and at least half as wide as it."""
        side = self.changed.shape[0]
        rows, columns = np.flatnonzero(self.changed.any(1)), np.flatnonzero(self.changed.any(0))
        size = max(np.ptp(rows) + 1, np.ptp(columns) + 1, side // 2)
        found = []
        for ends in (rows, columns):
            start = int(ends[0] + ends[-1] + 1 - size) // 2
            start = min(max(start, 0), side - int(size))
            found.append(slice(start, start + int(size)))
        return found[0], found[1]


def known_edit(
    seed: int, index: int, library: ObjectLibrary, side: int, world: World = "rich"
) -> KnownEdit:
    """Edit number `index`, at side x side pixels; every fourth is told in Korean."""
    kind, turn = KINDS[index % len(KINDS)], index // len(KINDS)
    rng = np.random.default_rng([seed, index])
    source, target = _scenes(rng, kind, library, world)
    language: Language = "ko" if turn % 8 in (3, 6) else "en"
    words = [caption(scene, language, specs=library.specs) for scene in (source, target)]
    return KnownEdit(
        index=index,
        kind=kind,
        language=language,
        source_prompt="" if kind is Kind.UNSAID else words[0],
        source_caption=words[0],
        target_prompt=words[1],
        here=caption(_around_edit(source, target), language, specs=library.specs),
        picture=render(source, library, side),
        answer=render(target, library, side),
    )


def _scenes(
    rng: np.random.Generator, kind: Kind, library: ObjectLibrary, world: World
) -> tuple[Scene, Scene]:
    """Before and after, at least one of them held out, and told apart by their captions."""
    specs = library.specs
    for _ in range(_TRIES):
        pair = _CHANGES[kind](rng, sample(world, rng, "held_out", library), specs, world)
        if pair is None or not any(held_out(world, scene, specs) for scene in pair):
            continue
        if caption(pair[0], specs=specs) != caption(pair[1], specs=specs):
            return pair
    raise ValueError(f"these objects allow no edit of the kind {kind}")


def _around_edit(source: Scene, target: Scene) -> Scene:
    """The target with only what is new in it, or without objects where none is."""
    if source.ground != target.ground or source.light != target.light:
        return target
    new = tuple(p for p in target.placements if p not in source.placements)
    return replace(target, placements=new)


def _swap(
    rng: np.random.Generator, scene: Scene, specs: Catalogue, world: World
) -> tuple[Scene, Scene] | None:
    index = int(rng.integers(len(scene.placements)))
    old = specs[scene.object_ids[index]]
    others = [
        key
        for key, spec in specs.items()
        if spec.category == old.category and not spec.unseen and key not in scene.object_ids
    ]
    return (scene, replaced(scene, index, _one(rng, others), specs)) if others else None


def _recolour(
    rng: np.random.Generator, scene: Scene, specs: Catalogue, world: World
) -> tuple[Scene, Scene] | None:
    changed = []
    for index, placement in enumerate(scene.placements):
        spec = specs[placement.object_id]
        if world == "rich":
            changed += [
                tinted(scene, index, tint) for tint in spec.tints if tint != placement.colour
            ]
        changed += [
            replaced(scene, index, other, specs)
            for other in colour_variants(placement.object_id, specs)
        ]
    return (scene, _one(rng, changed)) if changed else None


def colour_variants(object_id: str, specs: Catalogue) -> list[str]:
    """The same thing in other colours, by name: "red apple" and "green apple", "cat" and ..."""
    noun = _noun(specs[object_id].name_en)
    return [
        key
        for key, spec in specs.items()
        if key != object_id and not spec.unseen and _noun(spec.name_en) == noun
    ]


def _noun(name: str) -> str:
    first, _, rest = name.partition(" ")
    return rest if rest and first in COLOURS else name


def _ground(
    rng: np.random.Generator, scene: Scene, specs: Catalogue, world: World
) -> tuple[Scene, Scene] | None:
    colour = _one(rng, [colour for colour in COLOURS if colour != scene.ground.colour])
    landscape = world == "rich" and rng.random() < 0.5
    new = sample_landscape(rng, colour) if landscape else sample_ground(rng, colour)
    return scene, with_ground(scene, new)


def _restyle(
    rng: np.random.Generator, scene: Scene, specs: Catalogue, world: World
) -> tuple[Scene, Scene] | None:
    if world == "rich" and (scene.ground.kind in LANDSCAPE_KINDS or rng.random() < 0.5):
        lights = [light for light in LIGHT_KINDS if light != scene.light]
        return scene, replace(scene, light=_one(rng, lights))
    kinds = [kind for kind in GROUND_KINDS if kind != scene.ground.kind]
    return scene, with_ground(scene, replace(scene.ground, kind=_one(rng, kinds)))


def _add(
    rng: np.random.Generator, scene: Scene, specs: Catalogue, world: World
) -> tuple[Scene, Scene] | None:
    pair = _remove(rng, scene, specs, world)
    return None if pair is None else (pair[1], pair[0])


def _remove(
    rng: np.random.Generator, scene: Scene, specs: Catalogue, world: World
) -> tuple[Scene, Scene] | None:
    if len(scene.placements) < 2:
        return None
    return scene, without(scene, int(rng.integers(len(scene.placements))))


def _one(rng: np.random.Generator, choices: Sequence[T]) -> T:
    return choices[int(rng.integers(len(choices)))]


_CHANGES: dict[Kind, Change] = {
    Kind.SWAP: _swap,
    Kind.COLOUR: _recolour,
    Kind.GROUND: _ground,
    Kind.ADD: _add,
    Kind.REMOVE: _remove,
    Kind.RESTYLE: _restyle,
    Kind.UNSAID: _swap,
}
