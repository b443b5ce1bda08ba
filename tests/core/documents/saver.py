"""Saves one document after the other until it is killed: python saver.py save|autosave FOLDER

Prints the number of each save that is done. Run by the kill tests in a process of its own.
"""

import sys
from itertools import count
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


def main(kind: str, folder: Path) -> None:
    journal = Journal(folder / "recovery")
    written = None
    for number in count():
        document = numbered(number)
        if kind == "save":
            path = folder / "document.sfumato"
            written = openraster.write(path, document, earlier=written)
        else:
            journal.save(document, About("numbered"))
        print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
