"""Pictures in and out of a document. What loads and what writes may run in any thread."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from core.documents import opening
from core.documents.document import StoredDocument
from core.imaging import image
from core.imaging.image import Picture
from core.imaging.metadata import exif_without_place, xmp_without_place
from core.request import Pixels
from core.words import without_words
from desktop.document.alternative import frozen
from desktop.document.storing import Opened, opened
from desktop.qimage import from_qimage
from desktop.settings.values import ExportValues

if TYPE_CHECKING:
    from desktop.document.document import Document

SAVE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff")
OPEN_SUFFIXES = (*SAVE_SUFFIXES, ".bmp", ".gif")


@dataclass(frozen=True, eq=False)
class SaveSnapshot:
    """What is to be written: the pixels, the picture whose metadata they carry on, the recipe."""

    pixels: Pixels
    like: Picture | None
    recipe: dict[str, object] | None

    def write(
        self,
        path: Path,
        quality: int = 95,
        carry: ExportValues = ExportValues(),  # noqa: B008
    ) -> None:
        """Write to `path`; its suffix gives the format. Raises core.errors.SaveError.

        quality: as for `core.imaging.image.save`. carry: what goes along besides the pixels.
        """
        recipe, like = self.recipe, self.like
        if recipe is not None and not carry.prompts:
            recipe = without_words(recipe)
        if like is not None and not carry.place:
            like = replace(
                like, exif=exif_without_place(like.exif), xmp=xmp_without_place(like.xmp)
            )
        image.save(
            path,
            self.pixels,
            like=like,
            recipe=recipe if carry.recipe else None,
            quality=quality,
            mark_ai=carry.ai_mark and recipe is not None,
        )


def load_any(
    path: Path, read: Callable[[Path], Picture | StoredDocument] = opening.read_any
) -> Picture | Opened:
    """Read a picture or a document, told by its content, ready to be shown.

    Raises core.errors.PictureError or DocumentError.
    """
    found = read(path)
    return opened(found) if isinstance(found, StoredDocument) else _ready(found)


def load(path: Path) -> Picture:
    """Read a picture, with its pixels ready for a document. Raises core.errors.PictureError."""
    return _ready(image.load(path))


def _ready(picture: Picture) -> Picture:
    return replace(picture, pixels=frozen(picture.pixels))


def open_into(document: "Document", path: Path) -> None:
    """Read and show a picture at once. Raises PictureError with the document untouched."""
    document.set_picture(load(path), path)


def save(document: "Document", path: Path, quality: int = 95) -> None:
    """Write the document at once. Raises SaveError; the document then stays modified."""
    document.snapshot().write(path, quality)
    document.mark_saved(path)


def picture_from_image(source: QImage) -> Picture:
    """An image from the clipboard as a picture without a file."""
    pixels, alpha = from_qimage(source)
    return Picture(pixels=frozen(pixels), alpha=alpha)
