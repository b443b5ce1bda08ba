"""The whole catalogue with discs for pictures, each of its own colour; needs no download."""

import hashlib
from dataclasses import replace

import numpy as np

from core.training.datasets.objects import ObjectLibrary, catalogue


def drawn_objects() -> ObjectLibrary:
    """All objects; a disc fills the box of each."""
    y, x = np.mgrid[-1:1:48j, -1:1:48j]
    inside = np.where(x * x + y * y <= 1, 255, 0).astype(np.uint8)
    pictures, specs = {}, {}
    for object_id, spec in catalogue().items():
        picture = np.zeros((48, 48, 4), np.uint8)
        picture[..., :3] = list(hashlib.sha256(object_id.encode()).digest()[:3])
        picture[..., 3] = inside
        pictures[object_id] = picture
        specs[object_id] = replace(spec, aspect=1.0)
    return ObjectLibrary(specs, pictures)
