"""Files that somebody may drop on the window: small pictures of several kinds, and what only
looks like one."""

from pathlib import Path

import numpy as np
from PIL import Image


def make_files(folder: Path) -> list[Path]:
    """Small pictures of several kinds, and files that are none."""
    rows, columns = np.mgrid[:48, :64]
    plain = np.stack([rows * 5, columns * 3, rows + columns], axis=2).astype(np.uint8)
    made: list[Path] = []

    def add(name: str) -> Path:
        made.append(folder / name)
        return made[-1]

    Image.fromarray(plain).save(add("meadow.png"))
    Image.fromarray(plain.repeat(5, 0).repeat(5, 1)).save(add("larger.jpg"))
    Image.fromarray(plain[:, :, 0]).save(add("grey.png"))
    Image.fromarray(np.dstack([plain, plain[:, :, :1]])).save(add("clear.png"))
    Image.fromarray(plain[:, :, 0].astype(np.uint16) * 257).save(add("deep.png"))
    Image.fromarray(plain[:1, :1]).save(add("dot.png"))
    add("cut off.png").write_bytes((folder / "meadow.png").read_bytes()[:200])
    add("report.png").write_bytes(b"%PDF-1.7 nothing to see")
    add("empty.png").write_bytes(b"")
    add("notes.txt").write_text("no picture")
    add("gone.png")
    add("folder.png").mkdir()
    return made
