import struct
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from core.documents import photoshop
from core.documents.document import StoredDocument, StoredLayer
from core.errors import DocumentError, SaveError
from tests.core.documents.generated import assert_same, documents, noise

pytest.importorskip("psd_tools")


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(document=documents())
def test_layers_come_back_as_they_were(tmp_path: Path, document: StoredDocument) -> None:
    path = tmp_path / "round.psd"
    top = np.iinfo(document.dtype).max
    # Photoshop has opacities in 255 steps, and no empty layer.
    layers = tuple(
        replace(
            layer,
            alpha=None if layer.alpha is None or layer.alpha.min() == top else layer.alpha,
            opacity=round(layer.opacity * 255) / 255,
            kind="picture",
            recipe=None,
            atop=False,
            attributes={},
        )
        for layer in document.layers
        if layer.pixels.size
    )
    document = replace(document, layers=layers)
    photoshop.write(path, document)
    found = photoshop.read(path)
    assert (found.width, found.height, found.bits) == (
        document.width,
        document.height,
        document.bits,
    )
    if layers:
        assert_same(found.layers, layers)
    assert found.dpi == document.dpi
    assert found.exif == document.exif
    assert found.xmp == document.xmp
    assert found.notices == ()


@pytest.fixture
def layer() -> StoredLayer:
    return StoredLayer("a", noise(np.random.default_rng(1), (20, 30, 3), np.dtype(np.uint16)))


def test_names_in_any_script_stay(tmp_path: Path, layer: StoredLayer) -> None:
    path = tmp_path / "names.psd"
    layers = replace(layer, name="하늘"), replace(layer, name="x" * 300)
    photoshop.write(path, StoredDocument(width=30, height=20, bits=16, layers=layers))
    assert [one.name for one in photoshop.read(path).layers] == ["하늘", "x" * 255]


def test_the_merged_picture_is_there_for_viewers(tmp_path: Path, layer: StoredLayer) -> None:
    from psd_tools import PSDImage

    path = tmp_path / "merged.psd"
    photoshop.write(path, StoredDocument(width=30, height=20, bits=16, layers=(layer,)))
    values = PSDImage.open(path).numpy()
    assert np.array_equal(np.rint(values * 65535), layer.pixels)


def test_groups_masks_and_modes_are_taken_apart_and_said(tmp_path: Path) -> None:
    from PIL import Image
    from psd_tools import PSDImage
    from psd_tools.constants import BlendMode

    psd = PSDImage.new("RGB", (8, 6))
    below = psd.create_pixel_layer(Image.new("RGB", (8, 6), (10, 20, 30)), name="below")
    inner = psd.create_pixel_layer(Image.new("RGB", (4, 4), (90, 90, 90)), name="inner", left=2)
    inner.blend_mode = BlendMode.MULTIPLY
    inner.create_mask(Image.new("L", (2, 4), 128), top=0, left=2)
    group = psd.create_group([inner], name="group")
    group.opacity, group.visible = 51, False
    psd.save(tmp_path / "groups.psd")
    assert below.name == "below"
    found = photoshop.read(tmp_path / "groups.psd")
    first, second = found.layers
    assert (first.name, second.name, second.x) == ("below", "inner", 2)
    assert (second.opacity, second.visible) == (pytest.approx(0.2), False)
    assert second.alpha is not None
    assert second.alpha[0, :2].tolist() == [128, 128]
    assert len(found.notices) == 2


def test_without_psd_tools_the_message_says_what_to_install(
    tmp_path: Path, layer: StoredLayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = StoredDocument(width=30, height=20, bits=16, layers=(layer,))
    path = tmp_path / "some.psd"
    photoshop.write(path, document)
    monkeypatch.setitem(sys.modules, "psd_tools", None)
    with pytest.raises(DocumentError, match=r"some\.psd needs psd-tools.*pip install"):
        photoshop.read(path)
    with pytest.raises(SaveError, match=r"other\.psd needs psd-tools.*pip install"):
        photoshop.write(tmp_path / "other.psd", document)


@pytest.mark.parametrize(
    ("bits", "mode", "size", "said"),
    [
        (32, 3, (4, 4), "32 bits"),
        (8, 4, (4, 4), "colour mode 4"),
        (8, 3, (60_000, 60_000), "60000 x 60000"),
        (8, 3, (0, 4), "0 x 4"),
    ],
)
def test_what_is_not_read_is_said(
    tmp_path: Path, bits: int, mode: int, size: tuple[int, int], said: str
) -> None:
    path = tmp_path / "other.psd"
    head = struct.pack(">4sH6sHIIHH", b"8BPS", 1, b"", 3, size[1], size[0], bits, mode)
    path.write_bytes(head + bytes(12))
    with pytest.raises(DocumentError, match=said):
        photoshop.read(path)


def test_torn_and_altered_files_are_refused_or_read(tmp_path: Path, layer: StoredLayer) -> None:
    path = tmp_path / "torn.psd"
    photoshop.write(path, StoredDocument(width=30, height=20, bits=16, layers=(layer,)))
    data = path.read_bytes()
    random = np.random.default_rng(4)
    for at in range(60):
        changed = bytearray(data)
        for place in random.integers(0, len(data), 4):
            changed[place] = random.integers(256)
        path.write_bytes(changed if at % 2 else data[: at * len(data) // 60])
        started = time.process_time()
        try:
            photoshop.read(path)
        except DocumentError as error:
            said = str(error)
        else:
            said = path.name
        assert path.name in said
        assert time.process_time() - started < 2


def test_what_is_too_large_for_the_format_is_said(tmp_path: Path) -> None:
    wide = StoredDocument(width=30_001, height=1)
    with pytest.raises(SaveError, match="30001 x 1"):
        photoshop.write(tmp_path / "wide.psd", wide)
    assert list(tmp_path.iterdir()) == []
