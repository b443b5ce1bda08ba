"""Masks to learn inpainting from: boxes, brush strokes, and the shapes of a scene's own objects.

A person marks a region with a box or a brush, or a thing by its outline; a network that has only
learnt boxes looks for boxes (Yu et al. 2019, "Free-form image inpainting with gated convolution",
for the strokes). Now and then everything is masked, so that the network still draws whole pictures.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from core.request import Mask
from core.training.datasets.objects import ObjectLibrary
from core.training.datasets.rendering import object_mask
from core.training.datasets.scenes import Scene

BOX, STROKES, OBJECT = 0.3, 0.3, 0.3
"""Shares of the kinds; the rest masks everything."""


def draw_mask(rng: np.random.Generator, scene: Scene, library: ObjectLibrary, side: int) -> Mask:
    """A random mask for the scene's picture: [side, side] float32, 1 = to be painted, else 0."""
    kind = rng.random()
    if kind < BOX:
        return box(rng, side)
    if kind < BOX + STROKES:
        return strokes(rng, side)
    if kind < BOX + STROKES + OBJECT and scene.placements:
        index = int(rng.integers(len(scene.placements)))
        return outline(rng, object_mask(scene, index, library, side))
    return np.ones((side, side), np.float32)


def box(rng: np.random.Generator, side: int) -> Mask:
    """A rectangle, each of its sides a quarter to nine tenths of the frame's."""
    height, width = (round(side * share) for share in rng.uniform(0.25, 0.9, 2))
    top, left = rng.integers(side - height + 1), rng.integers(side - width + 1)
    mask = np.zeros((side, side), np.float32)
    mask[top : top + height, left : left + width] = 1.0
    return mask


def strokes(rng: np.random.Generator, side: int) -> Mask:
    """One to four strokes of a round brush that turns at random."""
    mask = np.zeros((side, side), np.uint8)
    for _ in range(rng.integers(1, 5)):
        place = rng.uniform(0, side, 2)
        turn = rng.uniform(0, 2 * math.pi)
        points = [place]
        for _ in range(rng.integers(2, 8)):
            turn += rng.normal(0, 0.9)
            step = side * rng.uniform(0.08, 0.3)
            place = np.clip(place + step * np.array([math.cos(turn), math.sin(turn)]), 0, side - 1)
            points.append(place)
        corners = np.rint(points).astype(np.int32)[:, None]
        cv2.polylines(mask, [corners], False, 1, max(1, round(side * rng.uniform(0.06, 0.18))))
    return mask.astype(np.float32)


def outline(rng: np.random.Generator, shape: NDArray[np.float32]) -> Mask:
    """An object's own shape [side, side] in [0, 1], and up to a twelfth of the side around it."""
    reach = round(len(shape) * rng.uniform(0, 1 / 12))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return cv2.dilate((shape > 0.02).astype(np.uint8), disc).astype(np.float32)
