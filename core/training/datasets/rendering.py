"""Draws scenes, and the masks of what stands in them.

Order: the ground, all shadows, then the objects from the farthest (highest foot) to the nearest,
then the light. So taking an object away changes its own pixels, its shadow, and nothing else.
"""

import numpy as np
from numpy.typing import NDArray

from core.training.datasets.grounds import draw_ground
from core.training.datasets.lights import draw_light
from core.training.datasets.objects import ObjectLibrary
from core.training.datasets.scenes import Placement, Scene

Size = int | tuple[int, int]

CONTACT = (0.9, 0.12, 0.5)
"""The narrow, dark shadow: its width as a share of the foot's, its height and what it gains in
width as a share of the object's width, and its darkness."""
SPREAD = (1.15, 0.26, 0.24)
"""The wide, pale shadow, likewise."""


def render(scene: Scene, library: ObjectLibrary, size: Size = 128) -> NDArray[np.uint8]:
    """The scene as RGB, HxWx3 uint8. size: pixels of the side, or (height, width)."""
    height, width = _frame(size)
    canvas = draw_ground(scene.ground, height, width).copy()
    light = np.ones((height, width), np.float32)
    for placement in scene.placements:
        _shade(light, placement, library)
    canvas *= light[..., None]
    for index in _back_to_front(scene):
        _paint(canvas, scene.placements[index], library)
    if scene.light != "day":
        canvas *= draw_light(scene.light, height, width)
    return np.rint(np.clip(canvas, 0, 255, out=canvas)).astype(np.uint8)


def object_mask(
    scene: Scene, index: int, library: ObjectLibrary, size: Size = 128
) -> NDArray[np.float32]:
    """How much of each pixel shows the object at `index`: HxW float32 in [0, 1].

    Its shadow is not part of it; what nearer objects cover is left out.
    """
    height, width = _frame(size)
    mask = np.zeros((height, width), np.float32)
    order = _back_to_front(scene)
    for other in order[order.index(index) :]:
        window, sprite = _window(scene.placements[other], library, height, width)
        if other == index:
            mask[window] = sprite[..., 3]
        else:
            mask[window] *= 1 - sprite[..., 3]
    return mask


def shadow_mask(
    scene: Scene, index: int, library: ObjectLibrary, size: Size = 128
) -> NDArray[np.float32]:
    """How much the object at `index` darkens the ground at each pixel: HxW float32 in [0, 1]."""
    light = np.ones(_frame(size), np.float32)
    _shade(light, scene.placements[index], library)
    return 1 - light


def _frame(size: Size) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else size


def _back_to_front(scene: Scene) -> list[int]:
    feet = [placement.bottom + placement.lift for placement in scene.placements]
    return sorted(range(len(feet)), key=lambda index: (feet[index], index))


def _paint(canvas: NDArray[np.float32], placement: Placement, library: ObjectLibrary) -> None:
    window, sprite = _window(placement, library, *canvas.shape[:2])
    region = canvas[window]
    region *= 1 - sprite[..., 3:]
    region += sprite[..., :3]


def _window(
    placement: Placement, library: ObjectLibrary, height: int, width: int
) -> tuple[tuple[slice, slice], NDArray[np.float32]]:
    """Where in the frame an object lies, and the part of its scaled picture that is inside."""
    rows = max(1, round(placement.height * height))
    columns = max(1, round(placement.height * height * library.specs[placement.object_id].aspect))
    sprite = library.scaled(placement.object_id, rows, columns, placement.colour)
    top = round(placement.bottom * height) - rows
    left = round(placement.centre_x * width - columns / 2)
    inside_y = slice(max(0, top), max(0, min(height, top + rows)))
    inside_x = slice(max(0, left), max(0, min(width, left + columns)))
    part = sprite[
        inside_y.start - top : inside_y.stop - top, inside_x.start - left : inside_x.stop - left
    ]
    return (inside_y, inside_x), part


def _shade(light: NDArray[np.float32], placement: Placement, library: ObjectLibrary) -> None:
    """Multiplies `light` (HxW) with the object's two soft elliptical shadows."""
    height, width = light.shape
    across = placement.height * height * library.specs[placement.object_id].aspect
    left, right = library.foot(placement.object_id)
    if placement.lift:
        left, right = 0.2, 0.8
    centre_x = placement.centre_x * width + ((left + right) / 2 - 0.5) * across
    foot = max(right - left, 0.25) * across
    # A floating thing has no contact, and its shadow pales with the distance.
    pale = max(0.0, 1 - 3 * placement.lift)
    for reach, flat, dark in (SPREAD,) if placement.lift else (SPREAD, CONTACT):
        half_x, half_y = reach * foot / 2 + flat * across / 2, flat * across / 2
        centre_y = (placement.bottom + placement.lift) * height - half_y * 0.35
        y0, y1 = max(0, int(centre_y - half_y)), min(height, int(centre_y + half_y) + 2)
        x0, x1 = max(0, int(centre_x - half_x)), min(width, int(centre_x + half_x) + 2)
        y = ((np.arange(y0, y1) + 0.5 - centre_y) / half_y)[:, None]
        x = ((np.arange(x0, x1) + 0.5 - centre_x) / half_x)[None, :]
        falloff = np.maximum(0.0, 1 - (x * x + y * y))
        light[y0:y1, x0:x1] *= (1 - dark * pale * falloff * falloff).astype(np.float32)
