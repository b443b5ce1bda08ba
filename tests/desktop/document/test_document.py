"""The document: what opens, applies, undoes, and what stays untouched when something fails."""

import gc
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QUndoCommand
from pytestqt.qtbot import QtBot

from core.errors import PictureError, RequestError, SaveError
from core.imaging import image
from core.imaging.image import Picture
from desktop.document import files
from desktop.document.document import Document
from tests.desktop.document.results import document_with, noise, result_for


def region(document: Document, top: int, left: int, bottom: int, right: int) -> np.ndarray:
    mask = np.zeros(document.pixels.shape[:2], np.float32)
    mask[top:bottom, left:right] = 1
    return mask


@pytest.fixture
def document(qapp: object) -> Document:
    return document_with()


def test_a_new_document_is_empty(qapp: object) -> None:
    document = Document()
    assert not document.has_picture
    assert not document.has_mask
    assert document.mask() is None
    assert not document.modified
    document.clear_mask()
    document.invert_mask()
    assert document.undo_stack.count() == 0


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_opening_and_saving_keeps_every_bit(
    qapp: object, tmp_path: Path, dtype: type[np.generic]
) -> None:
    pixels = noise(37, 53, dtype)
    image.save(tmp_path / "in.png", pixels)  # type: ignore[arg-type]
    document = Document()
    files.open_into(document, tmp_path / "in.png")
    assert document.pixels.dtype == dtype
    assert document.title == "in.png"
    files.save(document, tmp_path / "out.tiff")
    assert (image.load(tmp_path / "out.tiff").pixels == pixels).all()
    assert document.path == tmp_path / "out.tiff"
    assert document.title == "out.tiff"


def test_a_file_that_is_no_picture_leaves_the_document(document: Document, tmp_path: Path) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"not a picture")
    before, title = document.pixels, document.title
    document.fill_mask()
    with pytest.raises(PictureError):
        files.open_into(document, bad)
    assert document.pixels is before
    assert document.title == title
    assert document.has_mask
    assert document.undo_stack.count() == 1


def test_pixels_of_another_shape_leave_the_document(document: Document) -> None:
    before = document.pixels
    with pytest.raises(RequestError):
        document.set_picture(Picture(pixels=np.zeros((5, 5), np.uint8)))
    assert document.pixels is before


def test_a_failed_save_leaves_it_modified(document: Document, tmp_path: Path) -> None:
    document.fill_mask()
    with pytest.raises(SaveError):
        files.save(document, tmp_path / "missing" / "out.png")
    assert document.modified
    assert document.path is None


def test_pixels_enter_a_request_without_a_copy(document: Document) -> None:
    request = result_for(document, None, 1).request
    assert request.picture is document.pixels
    with pytest.raises(ValueError, match="read-only"):
        document.pixels[0, 0] = 0


def test_mask_is_a_float_copy(document: Document) -> None:
    values = np.zeros((300, 400), np.float32)
    values[10, 20] = 1.0
    values[11, 20] = 0.5
    document.set_mask(values, "Mask")
    mask = document.mask()
    assert mask is not None
    assert mask.dtype == np.float32
    assert mask[10, 20] == 1.0
    assert mask[11, 20] == pytest.approx(0.5, abs=1 / 255)
    assert mask.sum() == pytest.approx(1.5, abs=1 / 255)
    with pytest.raises(ValueError, match="shape"):
        document.set_mask(values[:-1], "Mask")


def test_mask_commands_undo_and_redo_exactly(document: Document) -> None:
    rng = np.random.default_rng(1)
    document.set_mask(rng.integers(0, 255, (300, 400), np.uint8), "Noise")
    document.invert_mask()
    document.clear_mask()
    document.fill_mask()
    states = []
    while document.undo_stack.canUndo():
        states.append(document.mask_u8().copy())
        document.undo_stack.undo()
    assert not document.has_mask
    for state in reversed(states):
        document.undo_stack.redo()
        assert (document.mask_u8() == state).all()


def test_clearing_an_empty_mask_is_no_step(document: Document) -> None:
    document.clear_mask()
    assert document.undo_stack.count() == 0


def test_mask_changes_tell_where(document: Document, qtbot: QtBot) -> None:
    values = np.zeros((300, 400), np.uint8)
    values[280, 390] = 9
    with qtbot.waitSignal(document.mask_changed) as blocker:
        document.set_mask(values, "Dot")
    rect = blocker.args[0]
    assert rect.contains(390, 280)
    assert rect == QRect(256, 256, 144, 44)


def test_apply_and_undo(document: Document, qtbot: QtBot) -> None:
    before = document.pixels
    alternative = document.add_alternative(result_for(document, None, 1), "pear")
    assert document.shown is alternative
    assert document.pixels is before
    with qtbot.waitSignal(document.pixels_changed):
        document.apply(alternative)
    assert document.shown is None
    assert document.pixels is alternative.pixels
    assert document.recipe == {"seed": 1}
    assert document.modified
    document.undo_stack.undo()
    assert document.pixels is before
    assert document.recipe is None
    assert not document.modified
    document.undo_stack.redo()
    assert document.pixels is alternative.pixels
    assert document.original is before
    assert document.alternatives == (alternative,)


def test_results_of_two_places_are_both_kept(document: Document) -> None:
    first = document.add_alternative(result_for(document, region(document, 0, 0, 50, 50), 1), "a")
    second = document.add_alternative(
        result_for(document, region(document, 200, 200, 250, 260), 2), "b"
    )
    document.apply(first)
    document.show(second)
    looked_at = document.shown_pixels
    document.apply(second)
    assert document.pixels is looked_at
    assert (document.pixels[:50, :50] == first.pixels[:50, :50]).all()
    assert (document.pixels[200:250, 200:260] == second.pixels[200:250, 200:260]).all()
    assert (document.pixels[100:150] == document.original[100:150]).all()


def test_the_second_result_for_one_place_replaces_the_first(document: Document) -> None:
    mask = region(document, 20, 20, 90, 80)
    first = document.add_alternative(result_for(document, mask, 1), "a")
    second = document.add_alternative(result_for(document, mask, 2), "b")
    document.apply(first)
    document.apply(second)
    assert (document.pixels == second.pixels).all()


def test_deleting_comes_back_to_its_place(document: Document) -> None:
    made = [document.add_alternative(result_for(document, None, n), str(n)) for n in (1, 2, 3)]
    document.show(made[1])
    document.delete_alternative(made[1])
    assert document.alternatives == (made[0], made[2])
    assert document.shown is None
    document.undo_stack.undo()
    assert document.alternatives == tuple(made)
    document.undo_stack.redo()
    assert document.alternatives == (made[0], made[2])


def test_commands_of_others_share_the_stack(document: Document) -> None:
    document.fill_mask()
    document.undo_stack.push(QUndoCommand("Prompt"))
    document.undo_stack.undo()
    assert document.has_mask
    document.undo_stack.undo()
    assert not document.has_mask


def test_undo_during_a_stroke_takes_the_stroke_back_first(document: Document) -> None:
    document.fill_mask()
    stroke = document.strokes.begin(erase=True)
    stroke.dab(np.full((9, 9), 255, np.uint8), 5, 5)
    document.undo_stack.undo()
    assert not document.has_mask
    stroke.dab(np.full((9, 9), 255, np.uint8), 50, 50)
    document.strokes.end()
    document.undo_stack.redo()
    assert (document.mask_u8() == 255).all()


def test_saving_marks_the_save_point(document: Document, tmp_path: Path, qtbot: QtBot) -> None:
    document.apply(document.add_alternative(result_for(document, None, 1), "a"))
    with qtbot.waitSignal(document.modified_changed) as blocker:
        files.save(document, tmp_path / "a.png")
    assert blocker.args == [False]
    document.undo_stack.undo()
    assert document.modified
    document.undo_stack.redo()
    assert not document.modified


def test_a_snapshot_does_not_follow_the_document(document: Document, tmp_path: Path) -> None:
    snapshot = document.snapshot()
    before = document.pixels
    document.apply(document.add_alternative(result_for(document, None, 1), "a"))
    snapshot.write(tmp_path / "a.png")
    assert (image.load(tmp_path / "a.png").pixels == before).all()


def test_another_picture_starts_afresh(document: Document) -> None:
    document.fill_mask()
    document.apply(document.add_alternative(result_for(document, None, 1), "a"))
    document.set_picture(Picture(pixels=noise(20, 30)), title="b")
    assert document.title == "b"
    assert not document.has_mask
    assert document.alternatives == ()
    assert document.recipe is None
    assert not document.undo_stack.canUndo()
    document.close()
    assert not document.has_picture


def test_a_pasted_image_keeps_colours_and_alpha(qapp: object) -> None:
    source = QImage(4, 3, QImage.Format.Format_ARGB32)
    source.fill(QColor(10, 200, 30, 255))
    source.setPixelColor(1, 2, QColor(1, 2, 3, 128))
    picture = files.picture_from_image(source)
    assert picture.pixels[0, 0].tolist() == [10, 200, 30]
    assert picture.alpha is not None
    assert picture.alpha[2, 1] == 128
    opaque = files.picture_from_image(source.convertToFormat(QImage.Format.Format_RGB32))
    assert opaque.alpha is None


def test_a_document_goes_without_a_word(qapp: object, capfd: pytest.CaptureFixture[str]) -> None:
    document = document_with()
    document.fill_mask()
    del document
    gc.collect()
    assert capfd.readouterr().err == ""
