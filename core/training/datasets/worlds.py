"""What scenes may hold.

plain   one to three things side by side on a coloured or patterned ground
rich    also landscapes, light, things in colours not their own, behind and above each other
"""

from collections.abc import Callable
from typing import get_args

import numpy as np

from core.training.choices import World
from core.training.datasets.objects import Catalogue, ObjectLibrary
from core.training.datasets.rich_scenes import holds_held_out, sample_rich_scene
from core.training.datasets.scenes import Scene, sample_scene
from core.training.datasets.split import Split, is_held_out

WORLDS: tuple[World, ...] = get_args(World)

_SAMPLERS: dict[World, Callable[[np.random.Generator, Split, ObjectLibrary | None], Scene]] = {
    "plain": sample_scene,
    "rich": sample_rich_scene,
}


def sample(
    world: World,
    rng: np.random.Generator,
    split: Split = "train",
    library: ObjectLibrary | None = None,
) -> Scene:
    """A random scene of a world. split, library: as `scenes.sample_scene` has them."""
    return _SAMPLERS[world](rng, split, library)


def held_out(world: World, scene: Scene, specs: Catalogue) -> bool:
    """Whether the scene shows a combination that training in this world never composes."""
    if world == "rich":
        return holds_held_out(scene, specs)
    return is_held_out(scene.object_ids, scene.ground.colour)
