"""What a written picture carries on, as the settings say."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.imaging.image import Picture, load
from core.imaging.metadata import AI_SOURCE_TYPE
from desktop.document.files import SaveSnapshot
from desktop.settings.values import ExportValues

RECIPE: dict[str, object] = {
    "method": "prompt-to-prompt",
    "settings": {"blend_words": ["heron"], "cross_steps": 0.8},
    "source_prompt": "a red apple",
    "target_prompt": "a green apple",
    "seed": 7,
}


@pytest.fixture
def snapshot() -> SaveSnapshot:
    pixels = np.zeros((8, 8, 3), np.uint8)
    exif = Image.Exif()
    exif[0x0110] = "A camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 33.0, 58.5)})
    raw = exif.tobytes().removeprefix(b"Exif\0\0")
    return SaveSnapshot(pixels, Picture(pixels, exif=raw), RECIPE)


def written(snapshot: SaveSnapshot, folder: Path, **carry: bool) -> tuple[bytes, Image.Exif]:
    path = folder / "out.png"
    snapshot.write(path, carry=ExportValues(**carry))
    parsed: Any = Image.Exif()
    exif = load(path).exif
    assert exif is not None
    parsed.load(b"Exif\0\0" + exif)
    return path.read_bytes(), parsed


def test_by_itself_everything_goes_along(snapshot: SaveSnapshot, tmp_path: Path) -> None:
    data, exif = written(snapshot, tmp_path)
    for told in ("a green apple", "heron", AI_SOURCE_TYPE):
        assert told.encode() in data
    assert exif.get_ifd(0x8825)[1] == "N"


def test_prompts_stay_out_and_numbers_stay_in(snapshot: SaveSnapshot, tmp_path: Path) -> None:
    data, _ = written(snapshot, tmp_path, prompts=False)
    assert b"apple" not in data
    assert b"heron" not in data
    assert b'"seed": 7' in data


def test_no_recipe_and_no_mark(snapshot: SaveSnapshot, tmp_path: Path) -> None:
    data, _ = written(snapshot, tmp_path, recipe=False)
    assert b"prompt-to-prompt" not in data
    assert AI_SOURCE_TYPE.encode() in data  # it is still made with AI
    data, _ = written(snapshot, tmp_path, ai_mark=False)
    assert AI_SOURCE_TYPE.encode() not in data


def test_the_place_goes_and_the_camera_stays(snapshot: SaveSnapshot, tmp_path: Path) -> None:
    _, exif = written(snapshot, tmp_path, place=False)
    assert exif.get_ifd(0x8825) == {}
    assert exif[0x0110] == "A camera"
