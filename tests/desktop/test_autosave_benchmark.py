"""What an autosave of a 24-megapixel document costs the window's thread, and the disk."""

import time
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.imaging.image import Picture
from desktop.autosave import recovery_folder
from desktop.session import Session

FRAME = 1 / 60


@pytest.mark.benchmark
def test_autosave_of_24_megapixels(
    session: Session, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First with everything to pack, then after a stroke, when only the mask is packed."""
    rows, columns = np.mgrid[:4000, :6000]
    grain = np.random.default_rng(1).integers(0, 8, (4000, 6000, 1), np.uint8)
    pixels = np.stack([rows >> 4, columns >> 5, (rows + columns) >> 6], 2).astype(np.uint8) + grain
    session.document.set_picture(Picture(pixels=pixels))
    mask = np.zeros((4000, 6000), np.uint8)
    mask[900:2500, 1000:4000] = 255
    held = []
    for what in ("first", "after a stroke"):
        mask[:50] += 100
        session.document.set_mask(mask.copy(), "")
        before = time.thread_time()  # other programs do not count
        session.autosave.save()
        held.append(time.thread_time() - before)
        started = time.perf_counter()
        qtbot.waitUntil(lambda: session.autosave._background.is_idle, timeout=120_000)
        (kept,) = recovery_folder().glob("*/*.sfumato")
        print(
            f"\n{what}: window's thread {1000 * held[-1]:.1f} ms, in the background "
            f"{time.perf_counter() - started:.2f} s, {kept.stat().st_size / 1e6:.0f} MB"
        )
    print(f"window's thread held for / one frame at 60 Hz: {max(held) / FRAME:.2f}")
