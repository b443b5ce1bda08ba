"""Pictures and masks at the edge of what there is: the right result, or a clear message."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.errors import PictureError, RequestError
from core.events import Finished
from core.imaging.image import from_bytes, load
from core.imaging.mask import load_mask
from core.models.stable_diffusion import StableDiffusion
from core.request import EditRequest
from core.run import run_edit
from core.settings import ExtendSettings, MaskedFillSettings, RemoveSettings, Settings
from tests.core.running import picture

RANDOM = np.random.default_rng(0)


def edited(settings: Settings, pixels: Any, model: Any, mask: Any = None) -> Finished:
    request = EditRequest(settings, pixels, mask, steps=1, guidance_scale=1.0)
    last = list(run_edit(request, model))[-1]
    assert isinstance(last, Finished)
    assert last.changed_outside == 0
    assert last.picture.dtype == pixels.dtype
    return last


def right_half(height: int, width: int) -> Any:
    mask = np.zeros((height, width), np.float32)
    mask[:, width // 2 :] = 1
    return mask


def stored(kind: str, orientation: int = 1) -> bytes:
    """A picture of 30 x 22 pixels as a file of some unusual kind."""
    rgb = RANDOM.integers(0, 256, (22, 30, 3), dtype=np.uint8)
    image, options = Image.fromarray(rgb), {}
    file = io.BytesIO()
    if kind == "grey 16":
        image = Image.fromarray(RANDOM.integers(0, 65536, (22, 30), dtype=np.uint16))
    elif kind == "cmyk":
        image = image.convert("CMYK")
    elif kind == "palette":
        image = image.quantize(16)
        options["transparency"] = 3
    elif kind == "exif":
        exif = Image.Exif()
        exif[0x0112] = orientation
        options["exif"] = exif
    image.save(file, "JPEG" if kind in ("cmyk", "exif") else "PNG", **options)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["grey 16", "cmyk", "palette"])
@pytest.mark.parametrize("settings", [RemoveSettings(), ExtendSettings(left=5)])
def test_unusual_files_are_edited_as_they_look(
    tiny_model: StableDiffusion, kind: str, settings: Settings
) -> None:
    shown = from_bytes(stored(kind))
    assert shown.pixels.dtype == (np.uint16 if kind == "grey 16" else np.uint8)
    mask = None if isinstance(settings, ExtendSettings) else right_half(22, 30)
    done = edited(settings, shown.pixels, tiny_model, mask)
    kept = done.picture[:, 5:] if mask is None else done.picture[:, :10]
    assert np.array_equal(kept, shown.pixels[:, : kept.shape[1]])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turned_photographs_are_extended_upright(
    tiny_model: StableDiffusion, orientation: int
) -> None:
    shown = from_bytes(stored("exif", orientation))
    upright = (22, 30) if orientation < 5 else (30, 22)
    assert shown.size == upright
    done = edited(ExtendSettings(top=3, right=4), shown.pixels, tiny_model)
    assert done.picture.shape[:2] == (upright[0] + 3, upright[1] + 4)
    assert np.array_equal(done.picture[3:, :-4], shown.pixels)


@pytest.mark.parametrize("share", [0.3, 0.9])
@pytest.mark.parametrize("kind", ["exif", "palette"])
def test_truncated_files_are_said_to_be_damaged(tmp_path: Path, kind: str, share: float) -> None:
    data = stored(kind)
    (tmp_path / "torn.png").write_bytes(data[: int(len(data) * share)])
    with pytest.raises(PictureError, match=r"torn\.png"):
        load(tmp_path / "torn.png")


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_a_picture_of_one_pixel(tiny_model: StableDiffusion, kind: type) -> None:
    pixels, mask = picture(1, 1, kind), np.ones((1, 1), np.float32)
    for settings in (MaskedFillSettings(), RemoveSettings()):
        assert edited(settings, pixels, tiny_model, mask).picture.shape == (1, 1, 3)
    done = edited(ExtendSettings(left=2, bottom=1), pixels, tiny_model)
    assert np.array_equal(done.picture[0, 2], pixels[0, 0])


@pytest.mark.parametrize("settings", [MaskedFillSettings(), RemoveSettings()])
def test_everything_masked(tiny_model: StableDiffusion, settings: Settings) -> None:
    pixels = picture(70, 90, np.uint16)
    done = edited(settings, pixels, tiny_model, np.ones((70, 90), np.float32))
    assert (done.picture != pixels).mean() > 0.5


def test_a_mask_that_reaches_over_the_edge_ends_there(tiny_model: StableDiffusion) -> None:
    pixels, mask = picture(60, 60), np.zeros((60, 60), np.float32)
    mask[50:, 50:] = 1
    done = edited(MaskedFillSettings(blend=30), pixels, tiny_model, mask)
    assert np.array_equal(done.picture[:20, :20], pixels[:20, :20])


def test_masks_that_cannot_be_are_named(tmp_path: Path) -> None:
    Image.new("L", (5, 5), 255).save(tmp_path / "small.png")
    Image.new("L", (9, 9), 0).save(tmp_path / "black.png")
    with pytest.raises(RequestError, match=r"small.png is 5 x 5"):
        load_mask(tmp_path / "small.png", (9, 9))
    with pytest.raises(RequestError, match="black everywhere"):
        load_mask(tmp_path / "black.png", (9, 9))


@pytest.mark.parametrize("settings", [MaskedFillSettings(), RemoveSettings()])
def test_a_long_strip_is_worked_on_in_tiles(
    tiny_model: StableDiffusion, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As 20000 x 300 pixels are to a model of 512: no network sees more than its own size."""
    seen: list[tuple[int, ...]] = []
    forward = tiny_model.unet.forward
    monkeypatch.setattr(
        tiny_model.unet,
        "forward",
        lambda x, *rest, **named: (seen.append(tuple(x.shape)), forward(x, *rest, **named))[1],
    )
    pixels, mask = picture(40, 2400), np.ones((40, 2400), np.float32)
    done = edited(settings, pixels, tiny_model, mask)
    assert done.picture.shape == pixels.shape
    assert max(max(shape[-2:]) for shape in seen) <= 16
