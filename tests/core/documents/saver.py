"""Saves one document after the other until it is killed, in a process of its own."""

from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from core.documents import openraster
from core.documents.document import StoredDocument, StoredLayer
from core.documents.recovery import About, Journal


def numbered(number: int) -> StoredDocument:
    """A document whose every part is decided by `number`; its ground is the same in all."""
    ground = np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)
    strokes = np.random.default_rng(number).integers(0, 256, (90, 100, 3), np.uint8)
    cover = np.full((90, 100), number % 256, np.uint8)
    mask = np.full((120, 160), number % 256, np.uint8)
    return StoredDocument(
        width=160,
        height=120,
        layers=(
            StoredLayer("ground", ground),
            StoredLayer("strokes", strokes, cover, x=number % 9),
        ),
        mask=mask,
        panel={"number": number},
    )


def save_until_killed(kind: str, folder: Path, told: "Connection[int, int]") -> None:
    """kind: "save" or "autosave". Sends the number of each save that is done."""
    journal = Journal(folder / "recovery")
    written = None
    for number in count():
        document = numbered(number)
        if kind == "save":
            written = openraster.write(folder / "document.sfumato", document, earlier=written)
        else:
            journal.save(document, About("numbered"))
        told.send(number)
