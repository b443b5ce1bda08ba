"""The sample pictures that ship with Sfumato, each with an edit that is ready to run."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from core.settings import Job
from desktop.language import Language
from resources import path


@dataclass(frozen=True)
class SampleEdit:
    """An edit that a sample is ready for; prompts by language, mask: a picture file or None."""

    job: Job
    sources: dict[Language, str]
    targets: dict[Language, str]
    mask: Path | None

    def load_mask(self) -> NDArray[np.uint8] | None:
        """The mask, HxW, 255 = edit; None when the edit has none or the file is not there."""
        if self.mask is None:
            return None
        image = QImage(str(self.mask)).convertToFormat(QImage.Format.Format_Grayscale8)
        if image.isNull():
            return None
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
        return rows[:, : image.width()].copy()


@dataclass(frozen=True)
class Sample:
    """One sample picture: what it shows, by language, and its edits, the main one first."""

    path: Path
    title: str
    captions: dict[Language, str]
    edits: tuple[SampleEdit, ...]


@cache
def samples() -> tuple[Sample, ...]:
    """All samples whose files are there."""
    folder = path("samples")
    index = folder / "samples.json"
    if not index.exists():
        return ()
    entries = json.loads(index.read_text("utf-8"))
    return tuple(_sample(folder, entry) for entry in entries if (folder / entry["file"]).exists())


def sample_at(picture: Path) -> Sample | None:
    """The sample that is this file, if it is one."""
    resolved = picture.resolve()
    return next((sample for sample in samples() if sample.path == resolved), None)


def _sample(folder: Path, entry: dict[str, Any]) -> Sample:
    return Sample(
        path=folder / entry["file"],
        title=entry["title"],
        captions=_by_language(entry, "caption"),
        edits=tuple(_edit(folder, entry[name]) for name in ("edit", "fill") if name in entry),
    )


def _edit(folder: Path, entry: dict[str, Any]) -> SampleEdit:
    return SampleEdit(
        job=Job(entry["job"]),
        sources=_by_language(entry, "source"),
        targets=_by_language(entry, "target"),
        mask=folder / entry["mask"] if "mask" in entry else None,
    )


def _by_language(entry: dict[str, Any], name: str) -> dict[Language, str]:
    english = entry.get(name, "")
    return {Language.ENGLISH: english, Language.KOREAN: entry.get(f"{name}_ko", english)}
