"""What a document needs to be kept whole: snapshots, what a file holds already, what it cannot."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, QRect

from core.documents import openraster, photoshop
from core.documents.document import StoredJob, StoredResult
from desktop.document.alternative import Alternative
from desktop.document.codes import put_codes
from desktop.document.document import Document
from desktop.document.storing import Foreign, Opened, Snapshot

DOCUMENT_SUFFIXES = (*openraster.SUFFIXES, *photoshop.SUFFIXES)
WHOLE_SUFFIXES = openraster.SUFFIXES


def holds_everything(path: Path) -> bool:
    """Whether files of that name hold selection and results, too."""
    return path.suffix.lower() in WHOLE_SUFFIXES


def is_document(path: Path) -> bool:
    """Whether files of that name hold layers."""
    return path.suffix.lower() in DOCUMENT_SUFFIXES


@dataclass(frozen=True)
class LeftOut:
    """What a plain picture or a PSD does not hold of a document."""

    selection: bool = False
    layers: int = 0
    results: int = 0

    def __bool__(self) -> bool:
        return self.selection or self.layers > 1 or self.results > 0

    def words(self) -> list[str]:
        """What it is, in the user's language."""
        translate = QCoreApplication.translate
        said = []
        if self.layers > 1:
            said.append(translate("LeftOut", "{count} layers").format(count=self.layers))
        if self.selection:
            said.append(translate("LeftOut", "the selection"))
        if self.results == 1:
            said.append(translate("LeftOut", "1 result"))
        elif self.results:
            said.append(translate("LeftOut", "{count} results").format(count=self.results))
        return said


class Store(QObject):
    """Knows which results of a document lie in a file, and what its file holds besides."""

    def __init__(
        self, document: Document, parent: QObject | None = None, codes: Path | None = None
    ) -> None:
        """codes: the folder in which the engine keeps the inversions of what is open."""
        super().__init__(parent)
        self._document = document
        self._codes = codes
        self._foreign = Foreign()
        self._kept: tuple[Alternative, ...] = ()
        self._written: openraster.Written | None = None
        self._mask: NDArray[np.uint8] | None = None
        document.picture_changed.connect(self._forget)
        document.mask_changed.connect(self._forget_mask)
        document.size_changed.connect(self._forget_mask)

    # -- what is not in a file ----------------------------------------------------------------

    @property
    def unaccepted(self) -> list[Alternative]:
        """Results that are neither in the picture nor in a file."""
        applied = [layer.recipe for layer in self._document.stack.layers]
        return [
            one
            for one in self._document.alternatives
            if one not in self._kept and not any(recipe is one.recipe for recipe in applied)
        ]

    @property
    def has_unsaved(self) -> bool:
        """Whether closing now would lose anything."""
        return self._document.has_picture and (self._document.modified or bool(self.unaccepted))

    def left_out(self, path: Path) -> LeftOut:
        """What a file of this name will not hold."""
        if holds_everything(path):
            return LeftOut()
        layers = 0 if is_document(path) else len(self._document.layers)
        return LeftOut(self._document.has_mask, layers, len(self.unaccepted))

    # -- out and in ---------------------------------------------------------------------------

    def snapshot(self, panel: Mapping[str, Any], jobs: tuple[StoredJob, ...] = ()) -> Snapshot:
        """All that is to be kept. Costs a copy of the mask, and of that only if it changed."""
        document = self._document
        assert document.picture is not None
        if self._mask is None and document.has_mask:
            self._mask = document.mask_u8().copy()
            self._mask.flags.writeable = False
        return Snapshot(
            picture=document.picture,
            stack=document.stack.frozen(),
            mask=self._mask if document.has_mask else None,
            results=tuple(StoredResult(one.title, one.finished) for one in document.alternatives),
            foreign=self._foreign,
            panel=panel,
            jobs=jobs,
            codes=self._codes,
        )

    def write(self, path: Path, snapshot: Snapshot) -> openraster.Written | None:
        """Write a snapshot as the document that `path`'s name asks for; in any thread.

        Raises SaveError. What it returns goes to `mark_saved`.
        """
        if path.suffix.lower() in photoshop.SUFFIXES:
            photoshop.write(path, snapshot.stored(), merged=snapshot.look)
            return None
        return openraster.write(
            path, snapshot.stored(), merged=snapshot.look, earlier=self._written
        )

    def mark_saved(
        self, path: Path, results: tuple[Alternative, ...], written: openraster.Written | None
    ) -> None:
        """To be told after `write`; results: those that were there when the snapshot was taken."""
        if written is not None:
            self._written = written
        if holds_everything(path):
            self._kept = results

    def show(self, opened: Opened, path: Path | None, title: str | None) -> None:
        """Make `opened` the document. Raises RequestError, with the old one untouched."""
        document, stored = self._document, opened.stored
        document.set_stack(opened.picture, opened.stack, path, title)
        self._foreign = opened.foreign
        if self._codes is not None:
            put_codes(self._codes, stored.inversions)
        if stored.mask is not None:
            document.set_mask(stored.mask, "")
        for result in stored.results:
            document.add_alternative(result.finished, result.title, show=False)
        document.undo_stack.clear()
        self._kept = document.alternatives

    def show_recovered(self, opened: Opened, path: Path | None, title: str) -> None:
        """The same for a document that no file holds as it is."""
        self.show(opened, path, title)
        self._kept = ()
        self._document.undo_stack.resetClean()

    def _forget(self) -> None:
        self._foreign, self._kept = Foreign(), ()
        if self._codes is not None:
            put_codes(self._codes, {})
        self._written = self._mask = None

    def _forget_mask(self, _: QRect | None = None) -> None:
        self._mask = None
