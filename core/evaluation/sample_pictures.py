"""The sample pictures: five scenes that training never composes, and one photograph.

Each scene comes with a swap and a fill whose true results are known, because the scene is made
from parts; the photograph comes with a fill.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.imaging.image import load, save
from core.training.datasets.captions import caption
from core.training.datasets.grounds import Ground
from core.training.datasets.objects import ObjectLibrary, catalogue
from core.training.datasets.rendering import object_mask, render
from core.training.datasets.scenes import Placement, Scene, replaced
from core.training.datasets.split import is_held_out

SIDE = 256
# A painted mask is generous: it reaches this many 256ths of the frame beyond the object.
MARGIN = 6


@dataclass(frozen=True)
class ComposedSample:
    """A scene and its two edits.

    swap: (index of the object, what it becomes). fill: what is put at `place`, on top of the
    object that stands there if there is one.
    """

    name: str
    title: str
    scene: Scene
    swap: tuple[int, str]
    fill: Placement

    @property
    def swapped(self) -> Scene:
        return replaced(self.scene, *self.swap)

    @property
    def filled(self) -> Scene:
        """The scene after the fill; an object in the new one's way is gone."""
        left = [p for p in self.scene.placements if abs(p.centre_x - self.fill.centre_x) > 0.2]
        placements = sorted([*left, self.fill], key=lambda p: p.centre_x)
        return replace(self.scene, placements=tuple(placements))


def _standing(object_id: str, centre_x: float, foot: float, size: float) -> Placement:
    """An object whose lower edge is at y = `foot`; `size` is its longer side."""
    height = size / max(1.0, catalogue()[object_id].aspect)
    return Placement(object_id, centre_x, foot - height / 2, height)


def composed_samples() -> list[ComposedSample]:
    """The five scenes; DataError if one of them is among those that training composes."""
    samples = [
        ComposedSample(
            "orchard",
            "Orchard",
            Scene(
                Ground("gradient", "teal"),
                (_standing("pear", 0.25, 0.74, 0.44), _standing("dog", 0.72, 0.76, 0.44)),
            ),
            (0, "peach"),
            _standing("panda", 0.72, 0.76, 0.40),
        ),
        ComposedSample(
            "lemon",
            "Lemon",
            Scene(Ground("plain", "blue"), (_standing("lemon", 0.27, 0.73, 0.44),)),
            (0, "tangerine"),
            _standing("strawberry", 0.73, 0.74, 0.42),
        ),
        ComposedSample(
            "garage",
            "Garage",
            Scene(
                Ground("plain", "yellow"),
                (_standing("car", 0.28, 0.73, 0.48), _standing("sunflower", 0.76, 0.76, 0.46)),
            ),
            (0, "taxi"),
            _standing("mushroom", 0.76, 0.76, 0.44),
        ),
        ComposedSample(
            "panda",
            "Panda",
            Scene(Ground("dots", "pink"), (_standing("panda", 0.27, 0.74, 0.44),)),
            (0, "frog"),
            _standing("cactus", 0.75, 0.76, 0.46),
        ),
        ComposedSample(
            "cherries",
            "Cat and cherries",
            Scene(
                Ground("gradient", "purple"),
                (_standing("cat", 0.27, 0.76, 0.46), _standing("cherries", 0.75, 0.75, 0.40)),
            ),
            (0, "panda"),
            _standing("pear", 0.75, 0.76, 0.42),
        ),
    ]
    for sample in samples:
        if not is_held_out(sample.scene.object_ids, sample.scene.ground.colour):
            raise DataError(f"the sample {sample.name} is a scene that training composes.")
    return samples


def fill_mask(sample: ComposedSample, library: ObjectLibrary) -> NDArray[np.float32]:
    """What a user would paint for the fill: a rounded blot over the old and the new object."""
    shape = np.zeros((SIDE, SIDE), np.float32)
    for scene in (sample.scene, sample.filled):
        for index, placement in enumerate(scene.placements):
            if abs(placement.centre_x - sample.fill.centre_x) <= 0.2:
                shape = np.maximum(shape, object_mask(scene, index, library, SIDE))
    hull = cv2.convexHull(cv2.findNonZero((shape > 0.02).astype(np.uint8)))
    blot = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillConvexPoly(blot, hull, 255)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * MARGIN + 1, 2 * MARGIN + 1))
    return (cv2.dilate(blot, kernel) / 255).astype(np.float32)


def write_samples(folder: Path, library: ObjectLibrary, photograph: Path) -> None:
    """Write pictures, masks and samples.json to `folder`.

    photograph: coffee.png of scikit-image (Rachel Michetti, CC0), 600 x 400.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries: list[dict[str, Any]] = []
    for sample in composed_samples():
        save(folder / f"{sample.name}.png", render(sample.scene, library, SIDE))
        mask = (fill_mask(sample, library) * 255).round().astype(np.uint8)
        mask_file = f"{sample.name}-mask.png"
        save(folder / mask_file, np.repeat(mask[..., None], 3, axis=2))
        entries.append(_entry(sample, mask_file))
    entries.append(_photograph(folder, photograph))
    text = json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
    (folder / "samples.json").write_text(text, "utf-8")


def _entry(sample: ComposedSample, mask_file: str) -> dict[str, Any]:
    said = {
        language: {
            name: caption(scene, language)
            for name, scene in (
                ("source", sample.scene),
                ("swap", sample.swapped),
                ("fill", sample.filled),
            )
        }
        for language in ("en", "ko")
    }
    english, korean = said["en"], said["ko"]
    return {
        "file": f"{sample.name}.png",
        "title": sample.title,
        "caption": english["source"],
        "caption_ko": korean["source"],
        "edit": {
            "job": "swap",
            "source": english["source"],
            "target": english["swap"],
            "source_ko": korean["source"],
            "target_ko": korean["swap"],
        },
        "fill": {
            "job": "fill",
            "source": english["source"],
            "target": english["fill"],
            "source_ko": korean["source"],
            "target_ko": korean["fill"],
            "mask": mask_file,
        },
    }


def _photograph(folder: Path, photograph: Path) -> dict[str, Any]:
    picture = load(photograph)
    save(folder / "coffee.jpg", picture.pixels, quality=95)
    mask = np.zeros(picture.pixels.shape, np.uint8)
    cv2.ellipse(mask, (515, 280), (72, 88), 12, 0, 360, (255, 255, 255), -1)
    save(folder / "coffee-mask.png", mask)
    fill = {
        "job": "fill",
        "source": "",
        "target": "a mushroom on a brown ground",
        "source_ko": "",
        "target_ko": "갈색 바탕 위의 버섯",
        "mask": "coffee-mask.png",
    }
    return {
        "file": "coffee.jpg",
        "title": "Coffee",
        "caption": "a photograph of a cup of coffee on a wooden table",
        "caption_ko": "나무 탁자 위의 커피 한 잔을 찍은 사진",
        "credit": "Rachel Michetti, courtesy of Pikolo Espresso Bar, CC0, from scikit-image",
        "edit": fill,
        "fill": fill,
    }
