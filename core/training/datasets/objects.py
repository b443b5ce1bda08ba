"""The objects that scenes are made of: their names (`catalogue`) and pictures (`ObjectLibrary`).

`objects.json` lists 120 objects and six more, `unseen`, that no training scene ever holds.
"""

import io
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.errors import DataError
from core.training.datasets import packages
from core.training.datasets.hues import hue_of, turn_matrix

VISIBLE_ALPHA = 16
SPRITES_KEPT = 1500


@dataclass(frozen=True)
class ObjectSpec:
    """What is known of an object without its picture.

    hexcode: its emoji code point(s), as in emojibase.
    article: what English puts before the name: "a", "an" or "some".
    stance: "rest" stands on the ground, "float" hangs a little above it.
    size: the range of its natural size, where 1.0 is a large thing.
    aspect: width divided by height of the trimmed picture.
    unseen: never part of a training scene.
    hue: of its picture, in degrees; tints: the colours that it can truly be given by a turn of its
        hue. None and () where it has no hue, or several (`hues.hues_of` measured it).
    """

    hexcode: str
    name_en: str
    name_ko: str
    article: Literal["a", "an", "some"]
    category: str
    stance: Literal["rest", "float"]
    size: tuple[float, float]
    aspect: float
    unseen: bool = False
    hue: float | None = None
    tints: tuple[str, ...] = ()

    @property
    def object_id(self) -> str:
        """The English name with underscores: "red_apple"."""
        return self.name_en.replace(" ", "_")


Catalogue = Mapping[str, ObjectSpec]


@cache
def catalogue() -> Catalogue:
    """All objects of `objects.json` by object_id, in the file's order."""
    entries = json.loads((Path(__file__).parent / "objects.json").read_text(encoding="utf-8"))
    specs = (
        ObjectSpec(
            **{**entry, "size": tuple(entry["size"]), "tints": tuple(entry.get("tints", ()))}
        )
        for entry in entries
    )
    return {spec.object_id: spec for spec in specs}


@dataclass(frozen=True, eq=False)
class Sprite:
    """An object's picture, trimmed to what is visible.

    pixels: HxWx4 uint8, colour premultiplied with alpha.
    foot: where it touches the ground, (left, right) as fractions of its width.
    """

    pixels: NDArray[np.uint8]
    foot: tuple[float, float]


class ObjectLibrary:
    """Objects with their pictures, scaled on demand; the last 1,500 scaled ones are kept."""

    def __init__(self, specs: Catalogue, pictures: Mapping[str, NDArray[np.uint8]]) -> None:
        """pictures: RGBA, HxWx4 uint8 with straight alpha, by object_id.

        Raises DataError when an object has no picture or an invisible one.
        """
        missing = [object_id for object_id in specs if object_id not in pictures]
        if missing:
            raise DataError(f"the object {missing[0]} has no picture; add it to the library")
        self.specs = specs
        self._sprites = {key: _sprite(key, pictures[key]) for key in specs}
        self._scaled: OrderedDict[tuple[str, int, int, str], NDArray[np.float32]] = OrderedDict()

    def foot(self, object_id: str) -> tuple[float, float]:
        """Where the object touches the ground: (left, right) as fractions of its width."""
        return self._sprites[object_id].foot

    def scaled(
        self, object_id: str, height: int, width: int, colour: str = ""
    ) -> NDArray[np.float32]:
        """The object at height x width pixels: HxWx4 float32, RGB 0-255 premultiplied, alpha 0-1.

        colour: one of the object's tints, or "" for its own colours. The array is read-only and
        shared between calls.
        """
        key = (object_id, height, width, colour)
        found = self._scaled.get(key)
        if found is None:
            found = _resize(self._tinted(object_id, colour), height, width)
            self._scaled[key] = found
            if len(self._scaled) > SPRITES_KEPT:
                self._scaled.popitem(last=False)
        else:
            self._scaled.move_to_end(key)
        return found

    def pixels(self, object_id: str) -> NDArray[np.uint8]:
        """The object's trimmed picture, HxWx4 uint8, colour premultiplied with alpha."""
        return self._sprites[object_id].pixels

    def _tinted(self, object_id: str, colour: str) -> NDArray[np.uint8]:
        pixels, hue = self.pixels(object_id), self.specs[object_id].hue
        if not colour or hue is None:
            return pixels
        turned = pixels[..., :3] @ turn_matrix(hue_of(colour) - hue).T.astype(np.float32)
        # Premultiplied colours reach as far as their alpha.
        turned = np.clip(np.rint(turned), 0, pixels[..., 3:])
        return np.concatenate([turned.astype(np.uint8), pixels[..., 3:]], axis=2)


def open_library(folder: Path | None = None) -> ObjectLibrary:
    """The full library, its pictures read from the package in `folder` (None: the user's cache).

    Brings the package with npm when it is not there. Raises DataError.
    """
    specs = catalogue()
    members = {key: _member(spec.hexcode) for key, spec in specs.items()}
    content = packages.read_members(
        packages.fetch(packages.PICTURES, folder), set(members.values())
    )
    pictures: dict[str, NDArray[np.uint8]] = {}
    for key, name in members.items():
        with Image.open(io.BytesIO(content[name]), formats=["WEBP"]) as picture:
            pictures[key] = np.asarray(picture.convert("RGBA"))
    return ObjectLibrary(specs, pictures)


def _member(hexcode: str) -> str:
    """The picture's path in the tarball."""
    return f"package/assets/{hexcode.lower()}.webp"


def _sprite(object_id: str, rgba: NDArray[np.uint8]) -> Sprite:
    visible = rgba[..., 3] >= VISIBLE_ALPHA
    rows, columns = np.flatnonzero(visible.any(1)), np.flatnonzero(visible.any(0))
    if rows.size == 0:
        raise DataError(f"the picture of {object_id} is wholly transparent; replace it")
    trimmed = rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.uint16)
    alpha = trimmed[..., 3:]
    trimmed[..., :3] = (trimmed[..., :3] * alpha + 127) // 255
    height, width = trimmed.shape[:2]
    lowest = trimmed[height - max(1, height // 12) :, :, 3].max(0) >= 128
    touching = np.flatnonzero(lowest)
    foot = (touching[0] / width, (touching[-1] + 1) / width) if touching.size else (0.3, 0.7)
    return Sprite(trimmed.astype(np.uint8), (float(foot[0]), float(foot[1])))


def _resize(pixels: NDArray[np.uint8], height: int, width: int) -> NDArray[np.float32]:
    # RGBX keeps Pillow from touching the already premultiplied colours.
    shrinking = height < pixels.shape[0]
    method = Image.Resampling.HAMMING if shrinking else Image.Resampling.BICUBIC
    bands = [
        Image.fromarray(pixels[..., band]).resize((width, height), method) for band in range(4)
    ]
    result = np.stack([np.asarray(band, dtype=np.float32) for band in bands], axis=-1)
    result[..., 3] /= np.float32(255)
    np.minimum(result[..., :3], result[..., 3:] * np.float32(255), out=result[..., :3])
    result.flags.writeable = False
    return result
