from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.documents import opening, openraster, photoshop
from core.documents.document import StoredDocument, StoredLayer
from core.errors import PictureError
from tests.core.documents.generated import noise


@pytest.fixture
def document() -> StoredDocument:
    random, dtype = np.random.default_rng(6), np.dtype(np.uint16)
    ground = StoredLayer("ground", noise(random, (12, 10, 3), dtype))
    above = StoredLayer("above", noise(random, (4, 4, 3), dtype), x=3, y=3)
    return StoredDocument(width=10, height=12, bits=16, layers=(ground, above), dpi=(300, 300))


def looks(document: StoredDocument) -> np.ndarray:
    pixels = document.layers[0].pixels.copy()
    pixels[3:7, 3:7] = document.layers[1].pixels
    return pixels


def test_documents_are_told_by_their_content(tmp_path: Path, document: StoredDocument) -> None:
    openraster.write(tmp_path / "one.dat", document)
    pytest.importorskip("psd_tools")
    photoshop.write(tmp_path / "two.dat", document)
    for name in ("one.dat", "two.dat"):
        picture = opening.load_picture(tmp_path / name)
        assert np.array_equal(picture.pixels, looks(document))
        assert picture.alpha is None
        assert picture.dpi == (300, 300)
        found = opening.read(tmp_path / name)
        assert found is not None
        assert [layer.name for layer in found.layers] == ["ground", "above"]


def test_a_plain_picture_is_no_document(tmp_path: Path) -> None:
    path = tmp_path / "plain.sfumato"
    pixels = noise(np.random.default_rng(1), (5, 6, 3), np.dtype(np.uint8))
    Image.fromarray(pixels).save(path, "PNG")
    assert opening.read(path) is None
    assert np.array_equal(opening.load_picture(path).pixels, pixels)


def test_what_is_not_there_is_said_by_name(tmp_path: Path) -> None:
    assert opening.read(tmp_path / "no.sfumato") is None
    with pytest.raises(PictureError, match=r"no\.sfumato"):
        opening.load_picture(tmp_path / "no.sfumato")
