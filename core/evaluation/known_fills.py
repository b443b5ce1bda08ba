"""Fills with known answers: held-out scenes, a mask, and what belongs under it.

remove   an object is masked; without it the scene is drawn as it would be
ground   a blot is masked; the ground goes on under it
add      room is masked; an object belongs there, and the prompt names it

In every other case of the first two kinds a thing lies there that training never showed; no prompt
names it. Case number i depends on the world, the seed and i alone.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from core.evaluation.known_edits import SAME, Pixels, Region
from core.request import Mask
from core.training.choices import World
from core.training.datasets.captions import caption
from core.training.datasets.objects import ObjectLibrary
from core.training.datasets.rendering import render
from core.training.datasets.scenes import Scene, without
from core.training.datasets.split import Split
from core.training.datasets.worlds import sample

MARGIN = 1 / 32
"""How far, in sides of the frame, a mask reaches beyond what changes, as a person would paint."""
_TRIES = 10_000


class FillKind(StrEnum):
    """What is filled; the module's text tells each."""

    REMOVE = "remove"
    GROUND = "ground"
    ADD = "add"


KINDS = tuple(FillKind)


@dataclass(frozen=True, eq=False)
class KnownFill:
    """One case. picture, answer: RGB, side x side x 3, before and after. mask: 1 = fill.

    prompt: what the answer shows, in words.
    """

    index: int
    kind: FillKind
    prompt: str
    picture: Pixels
    answer: Pixels
    mask: Mask

    @cached_property
    def inside(self) -> Region:
        return np.asarray(self.mask > 0, np.bool_)


def known_fill(
    seed: int, index: int, library: ObjectLibrary, side: int, world: World = "rich"
) -> KnownFill:
    """Case number `index`, at side x side pixels."""
    kind, turn = KINDS[index % len(KINDS)], index // len(KINDS)
    split: Split = "unseen" if turn % 2 and kind is not FillKind.ADD else "held_out"
    rng = np.random.default_rng([seed, index])
    for _ in range(_TRIES):
        found = _case(rng, kind, sample(world, rng, split, library), library, side)
        if found is not None:
            picture, answer, region, shown = found
            words = caption(shown, "en", specs=library.specs)
            return KnownFill(index, kind, words, picture, answer, _painted(region, side))
    raise ValueError(f"these objects allow no fill of the kind {kind}")


def _case(
    rng: np.random.Generator, kind: FillKind, scene: Scene, library: ObjectLibrary, side: int
) -> tuple[Pixels, Pixels, Region, Scene] | None:
    """Picture, answer, what differs, and what the answer shows; None if it does not fit."""
    whole = render(scene, library, side)
    if kind is FillKind.GROUND:
        bare = render(replace(scene, placements=()), library, side)
        blot = _blot(rng, ~_differs(whole, bare), side)
        if blot is None:
            return None
        colour = rng.integers(0, 256, 3).astype(np.uint8)
        known = scene if not _unseen(scene, library) else replace(scene, placements=())
        return np.where(blot[..., None], colour, whole).astype(np.uint8), whole, blot, known
    if len(scene.placements) < 2:
        return None
    goes = _unseen(scene, library) or range(len(scene.placements))
    less = without(scene, goes[int(rng.integers(len(goes)))])
    if _unseen(less, library):
        return None
    rest = render(less, library, side)
    region = _differs(whole, rest)
    if kind is FillKind.ADD:
        return rest, whole, region, scene
    return whole, rest, region, less


def _unseen(scene: Scene, library: ObjectLibrary) -> list[int]:
    """Which of the scene's things training never showed."""
    return [i for i, key in enumerate(scene.object_ids) if library.specs[key].unseen]


def _differs(first: Pixels, second: Pixels) -> Region:
    apart = np.abs(first.astype(np.int16) - second.astype(np.int16)).max(axis=2)
    return np.asarray(apart > SAME, np.bool_)


def _blot(rng: np.random.Generator, free: Region, side: int) -> Region | None:
    """An ellipse on free ground, a fifth to two fifths of the frame wide."""
    reach = np.rint(rng.uniform(0.1, 0.2, 2) * side).astype(int)
    margin = int(reach.max() + MARGIN * side)
    centre = rng.integers(margin, side - margin, 2)
    blot = np.zeros((side, side), np.uint8)
    cv2.ellipse(blot, centre.tolist(), reach.tolist(), float(rng.uniform(0, 180)), 0, 360, 1, -1)
    wide = cv2.dilate(blot, np.ones((2 * side // 32 + 1,) * 2, np.uint8))
    return np.asarray(blot > 0, np.bool_) if free[wide > 0].all() else None


def _painted(region: NDArray[np.bool_], side: int) -> Mask:
    """The mask that a person would paint: the region without its gaps, and a little more."""
    reach = max(1, round(MARGIN * side))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    closed = cv2.morphologyEx(region.astype(np.uint8), cv2.MORPH_CLOSE, disc)
    return np.asarray(cv2.dilate(closed, disc), np.float32)
