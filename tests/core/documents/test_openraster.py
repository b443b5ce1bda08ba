import io
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image

from core.documents import openraster
from core.documents.document import StoredDocument, StoredLayer
from core.documents.flatten import flatten
from tests.core.documents.generated import assert_same, documents, holes, noise

_QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=25, deadline=None, suppress_health_check=_QUIET)
@given(document=documents())
def test_a_document_comes_back_as_it_was(tmp_path: Path, document: StoredDocument) -> None:
    check_round_trip(tmp_path, document)


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=_QUIET)
@given(document=documents())
def test_three_hundred_documents_come_back(tmp_path: Path, document: StoredDocument) -> None:
    check_round_trip(tmp_path, document)


def check_round_trip(folder: Path, document: StoredDocument) -> None:
    path = folder / "round.sfumato"
    written = openraster.write(path, document)
    found = openraster.read(path)
    assert_same(found, document)
    assert found.notices == ()
    # A second save copies what it can from the first: the same file comes of it.
    first = path.read_bytes()
    openraster.write(path, document, earlier=written)
    assert path.read_bytes() == first


@pytest.fixture
def document() -> StoredDocument:
    random = np.random.default_rng(3)
    ground = noise(random, (40, 60, 3), np.dtype(np.uint16))
    paint = noise(random, (9, 11, 3), np.dtype(np.uint16))
    cover = holes(random, (9, 11), np.dtype(np.uint16))
    return StoredDocument(
        width=60,
        height=40,
        bits=16,
        layers=(
            StoredLayer("Ground", ground),
            StoredLayer("Strokes", paint, cover, x=7, y=-3, opacity=0.5, kind="paint"),
        ),
    )


def test_the_file_has_the_shape_that_openraster_asks_for(
    tmp_path: Path, document: StoredDocument
) -> None:
    path = tmp_path / "shape.ora"
    openraster.write(path, document)
    start = path.read_bytes()[:60]
    assert start[30:38] == b"mimetype"
    assert start[38:54] == b"image/openraster"
    with zipfile.ZipFile(path) as archive:
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        assert archive.testzip() is None
        layers = list(ET.fromstring(archive.read("stack.xml")).iter("layer"))
        assert [layer.get("name") for layer in layers] == ["Strokes", "Ground"]  # top first
        assert layers[0].get("x") == "7"
        merged = Image.open(io.BytesIO(archive.read("mergedimage.png")))
        assert merged.size == (60, 40)
        thumbnail = Image.open(io.BytesIO(archive.read("Thumbnails/thumbnail.png")))
        assert max(thumbnail.size) <= 256


def test_the_merged_picture_is_what_the_layers_show(
    tmp_path: Path, document: StoredDocument
) -> None:
    path = tmp_path / "merged.sfumato"
    openraster.write(path, document)
    merged = openraster.read_merged(path)
    assert np.array_equal(merged.pixels, flatten(document)[0])
    assert merged.pixels.dtype == np.uint16


def test_an_unchanged_layer_is_copied_and_a_changed_one_is_not(
    tmp_path: Path, document: StoredDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.documents import writer

    path = tmp_path / "twice.sfumato"
    written = openraster.write(path, document, with_preview=False)
    packed: list[tuple[int, ...]] = []
    encode = writer.png.encode
    monkeypatch.setattr(
        writer.png, "encode", lambda pixels, *rest: packed.append(pixels.shape) or encode(pixels)
    )
    ground, strokes = document.layers
    other = replace(
        strokes, alpha=None, pixels=noise(np.random.default_rng(4), (5, 5, 3), document.dtype)
    )
    changed = replace(document, layers=(other, ground))
    written = openraster.write(path, changed, with_preview=False, earlier=written)
    assert packed == [(5, 5, 3)]
    assert_same(openraster.read(path), changed)
    path.write_bytes(path.read_bytes())  # another file now: nothing is copied from it
    openraster.write(path, changed, with_preview=False, earlier=written)
    assert len(packed) == 3


def test_a_writable_array_is_packed_each_time(tmp_path: Path, document: StoredDocument) -> None:
    path = tmp_path / "live.sfumato"
    mask = np.zeros((40, 60), np.uint8)
    written = openraster.write(path, replace(document, mask=mask))
    mask[3, 4] = 255
    openraster.write(path, replace(document, mask=mask), earlier=written)
    found = openraster.read(path).mask
    assert found is not None
    assert found[3, 4] == 255


def test_the_profile_goes_into_the_pictures_and_comes_back(tmp_path: Path) -> None:
    from PIL import ImageCms

    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    pixels = noise(np.random.default_rng(1), (8, 8, 3), np.dtype(np.uint8))
    document = StoredDocument(width=8, height=8, layers=(StoredLayer("a", pixels),), icc=icc)
    path = tmp_path / "colour.ora"
    openraster.write(path, document)
    with zipfile.ZipFile(path) as archive:
        layer = Image.open(io.BytesIO(archive.read("data/layer0.png")))
        assert layer.info["icc_profile"] == icc
    assert openraster.read(path).icc == icc


def test_a_file_of_another_program_opens_with_its_groups_and_modes(tmp_path: Path) -> None:
    path = tmp_path / "theirs.ora"
    picture = io.BytesIO()
    Image.fromarray(np.full((4, 6), 90, np.uint8)).save(picture, "PNG")
    xml = """<?xml version='1.0' encoding='UTF-8'?>
    <image w="6" h="4" version="0.0.3" xres="72" yres="72"><stack>
      <stack name="group" opacity="0.5" x="1" y="2" visibility="hidden">
        <layer name="inner" src="data/a.png" x="1" opacity="0.5" composite-op="svg:multiply"/>
      </stack>
      <layer name="&#228;" src="data/a.png"/>
      <text/>
    </stack></image>"""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "image/openraster", zipfile.ZIP_STORED)
        archive.writestr("stack.xml", xml)
        archive.writestr("data/", "")
        archive.writestr("data/a.png", picture.getvalue())
    found = openraster.read(path)
    below, inner = found.layers
    assert (below.name, inner.name) == ("ä", "inner")
    assert (inner.x, inner.y, inner.opacity, inner.visible) == (2, 2, 0.25, False)
    assert inner.attributes == {"composite-op": "svg:multiply"}
    assert below.pixels is inner.pixels
    assert found.dpi == (72.0, 72.0)
    assert len(found.notices) == 3


def test_a_result_that_is_not_understood_becomes_a_hidden_layer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.documents import contents
    from core.documents.document import StoredResult
    from core.events import Finished
    from core.request import EditRequest
    from core.settings import SDEditSettings

    base = noise(np.random.default_rng(1), (8, 8, 3), np.dtype(np.uint8))
    result = noise(np.random.default_rng(2), (8, 8, 3), np.dtype(np.uint8))
    request = EditRequest(SDEditSettings(), base, target_prompt="a hill")
    finished = Finished(request, result, None, 1, 1.0, {})
    document = StoredDocument(
        width=8,
        height=8,
        layers=(StoredLayer("a", base),),
        results=(StoredResult("Hill", finished),),
    )
    path = tmp_path / "newer.sfumato"
    openraster.write(path, document)
    monkeypatch.setattr(contents, "settings_types", dict)
    found = openraster.read(path)
    assert found.results == ()
    assert not found.layers[1].visible
    assert np.array_equal(found.layers[1].pixels, result)
    assert "“Hill”" in found.notices[0]
