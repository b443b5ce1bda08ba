"""Single objects on a ground, drawn as they are asked for: what the pixel model learns from.

All animals, plants, foods, vehicles, things and places of the emoji package, some 800, so that
the model learns what things look like in general; one in twelve is never trained on. Animals and
food are two domains that do not overlap, for translation between models.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.errors import DataError
from core.training.choices import Domain
from core.training.datasets import packages
from core.training.datasets.grounds import COLOURS, sample_ground
from core.training.datasets.hues import turn_hues
from core.training.datasets.objects import ObjectLibrary, ObjectSpec, catalogue
from core.training.datasets.rendering import render
from core.training.datasets.scenes import Placement, Scene

GROUPS = {3: "nature", 4: "food", 5: "place", 6: "activity", 7: "thing"}
"""emojibase's groups that show objects: no faces, people, symbols or flags."""
CLOCK_ENDS = ("o’clock", "-thirty")
HELD_OUT_SHARE = 1 / 12
HEIGHTS = (0.5, 0.88)
WIDEST = 0.94
NUDGE_DEGREES, TURNED_SHARE = 12.0, 0.25
SUBGROUPS = {Domain.ANIMALS: range(34, 40), Domain.FOOD: range(42, 47)}
"""emojibase's subgroups: mammals to bugs; fruit to sweets, without drinks and dishes."""
NO_ANIMALS = {
    *("pig nose", "paw prints", "feather", "wing", "spiral shell", "coral", "spider web"),
    "microbe",
}


def is_of_domain(domain: Domain, entry: Mapping[str, Any]) -> bool:
    """Whether an entry of emojibase's data shows an object of the domain."""
    if entry.get("group") not in GROUPS or entry["label"].endswith(CLOCK_ENDS):
        return False
    if domain is Domain.ALL:
        return True
    return entry.get("subgroup") in SUBGROUPS[domain] and entry["label"] not in NO_ANIMALS


def open_single_objects(folder: Path | None = None, domain: Domain = Domain.ALL) -> ObjectLibrary:
    """The domain's objects, their pictures read from the packages in `folder`.

    None is the user's cache. Brings the packages with npm where they are missing. Raises DataError.
    """
    labels = _labels(folder, domain)
    pictures_file = packages.fetch(packages.PICTURES, folder)
    available = packages.member_names(pictures_file)
    members = {
        name: member
        for name, (_, hexcode) in labels.items()
        for member in _members(hexcode)
        if member in available
    }
    if not members:
        raise DataError(f"{pictures_file.name} holds none of the objects; delete it and try again")
    content = packages.read_members(pictures_file, set(members.values()))
    specs, pictures = {}, {}
    for name, member in members.items():
        with Image.open(io.BytesIO(content[member]), formats=["WEBP"]) as picture:
            rgba = np.asarray(picture.convert("RGBA"))
        group, hexcode = labels[name]
        spec = _spec(name, group, hexcode, rgba)
        specs[spec.object_id], pictures[spec.object_id] = spec, rgba
    return ObjectLibrary(specs, pictures)


def is_held_out(object_id: str) -> bool:
    """Whether training never shows this object: one in twelve, by a stable hash of its name.

    What the scenes of the starter model never show is held out here too.
    """
    known = catalogue().get(object_id)
    digest = hashlib.sha256(f"single|{object_id}".encode()).digest()
    chosen = int.from_bytes(digest[:8], "big") / 2**64 < HELD_OUT_SHARE
    return chosen or (known is not None and known.unseen)


def draw(
    object_id: str, library: ObjectLibrary, rng: np.random.Generator, side: int = 64
) -> NDArray[np.uint8]:
    """One object, large, on a random ground: [side, side, 3], sRGB. Half are mirrored."""
    aspect = library.specs[object_id].aspect
    height = min(rng.uniform(*HEIGHTS), WIDEST / aspect)
    room_x, room_y = (1 - height * aspect) / 2, (1 - height) / 2
    placement = Placement(
        object_id,
        centre_x=0.5 + 0.8 * room_x * rng.uniform(-1, 1),
        centre_y=0.5 + 0.8 * room_y * rng.uniform(-1, 1),
        height=height,
    )
    colour = list(COLOURS)[rng.integers(len(COLOURS))]
    picture = render(Scene(sample_ground(rng, colour), (placement,)), library, side)
    whole = rng.random() < TURNED_SHARE
    degrees = rng.uniform(0, 360) if whole else rng.uniform(-NUDGE_DEGREES, NUDGE_DEGREES)
    picture = turn_hues(picture, degrees)
    return picture[:, ::-1] if rng.random() < 0.5 else picture


def training_batch(
    object_ids: list[str],
    library: ObjectLibrary,
    rng: np.random.Generator,
    count: int,
    side: int = 64,
) -> NDArray[np.uint8]:
    """Random pictures [count, side, side, 3] of the objects named."""
    chosen = rng.integers(len(object_ids), size=count)
    return np.stack([draw(object_ids[index], library, rng, side) for index in chosen])


def held_out_pictures(library: ObjectLibrary, count: int = 50, side: int = 64) -> NDArray[np.uint8]:
    """The first `count` fixed pictures, one of each held-out object: [count, side, side, 3].

    Raises DataError when there are fewer.
    """
    held = sorted(name for name in library.specs if is_held_out(name))
    if len(held) < count:
        raise DataError(f"only {len(held)} objects are held out; ask for so many pictures")
    held.sort(key=lambda name: hashlib.sha256(name.encode()).digest())
    return np.stack(
        [
            draw(name, library, np.random.default_rng([2026, index]), side)
            for index, name in enumerate(held[:count])
        ]
    )


def _members(hexcode: str) -> tuple[str, str]:
    """The places that a picture may have in the package: some names end with a selector."""
    stem = f"package/assets/{hexcode.lower()}"
    return f"{stem}.webp", f"{stem}-fe0f.webp"


def _labels(folder: Path | None, domain: Domain) -> dict[str, tuple[int, str]]:
    """Per English name: its group and its code points."""
    name = "package/en/data.json"
    file = packages.fetch(packages.LABELS, folder)
    try:
        entries = json.loads(packages.read_members(file, {name})[name])
        return {
            entry["label"]: (entry["group"], entry["hexcode"])
            for entry in entries
            if is_of_domain(domain, entry)
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{file.name} is not readable; delete it and try again") from error


def _spec(name: str, group: int, hexcode: str, rgba: NDArray[np.uint8]) -> ObjectSpec:
    visible = rgba[..., 3] >= 16
    rows, columns = np.flatnonzero(visible.any(1)), np.flatnonzero(visible.any(0))
    if not rows.size:
        raise DataError(f"the picture of {name} is wholly transparent; replace it")
    aspect = (columns[-1] - columns[0] + 1) / (rows[-1] - rows[0] + 1)
    return ObjectSpec(hexcode, name, "", "a", GROUPS[group], "rest", (1.0, 1.0), float(aspect))
