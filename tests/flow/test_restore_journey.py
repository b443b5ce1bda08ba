"""A picture is blurred and made noisy, and restored on the starter model: estimate, run, verdict,
residual, uncertainty, a selection alone, cancelled in the middle; and projections beside it.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.imaging.image import load
from core.restoration.degradations import GaussianBlur
from core.restoration.questions import Degrade
from core.settings import Job, PiGDMSettings, RestorationSettings
from desktop import file_actions
from desktop.panels.tomography import TomographyDialog
from desktop.restored import Look
from desktop.session import Session
from resources import path

SECONDS = 120_000
LEFT = Qt.MouseButton.LeftButton
SIGMA, NOISE = 2.0, 0.03


@pytest.fixture
def degraded(tmp_path: Path) -> Path:
    """A sample picture, blurred and noisy."""
    picture = load(path("samples", "panda.png")).pixels[64:192, 64:192]
    blurred = Degrade(picture, (GaussianBlur(sigma=SIGMA),), NOISE).answer()
    Image.fromarray(blurred).save(tmp_path / "blurred.png")
    return tmp_path / "blurred.png"


def test_from_a_degraded_picture_to_a_restoration_that_explains_it(
    session: Session, degraded: Path, qtbot: QtBot
) -> None:
    document, edit = session.document, session.window.panel
    file_actions.open_picture(session, degraded)
    qtbot.waitUntil(lambda: document.has_picture, timeout=20_000)
    qtbot.mouseClick(next(b for b in edit.jobs.buttons if b.text() == "Restore"), LEFT)
    session.state.set_method(PiGDMSettings)

    def run(ready: Callable[[], bool]) -> None:
        qtbot.mouseClick(edit.run_button, LEFT)
        qtbot.waitUntil(lambda: ready() or bool(session.window.message.text()), timeout=SECONDS)
        assert session.window.message.text() == ""

    qtbot.mouseClick(edit.restore.estimate_button, LEFT)
    qtbot.waitUntil(lambda: bool(edit.restore.found.text()), timeout=SECONDS)
    settings = session.state.settings
    assert isinstance(settings, RestorationSettings)
    assert settings.noise == pytest.approx(NOISE, rel=0.3)
    (blur,) = settings.degradations
    assert isinstance(blur, GaussianBlur)
    assert blur.sigma == pytest.approx(SIGMA, rel=0.5)
    qtbot.waitUntil(lambda: session.canvas._scene._view is not None, timeout=SECONDS)

    edit.restore.row.cards[0].form.controls["sigma"].number.spin_box.setValue(SIGMA)  # type: ignore[attr-defined]
    edit.restore.noise.spin_box.setValue(NOISE)
    edit.steps.spin_box.setValue(3)
    edit.restore.samples.spin_box.setValue(2)
    run(lambda: len(document.alternatives) == 1)
    restored = document.alternatives[0].finished.restoration
    assert restored is not None
    assert restored.residual.explains
    bar = session.window.restoration_bar
    assert "Explains the picture" in bar.verdict.text()
    for button in bar.views.buttons:
        qtbot.mouseClick(button, LEFT)
    assert session.restored.look is Look.SPREAD
    assert len(restored.samples) == 2

    mask = np.zeros(document.pixels.shape[:2], np.float32)
    mask[40:80, 40:90] = 1
    document.set_mask(mask, "")
    assert edit.run_button.text() == "Restore inside the selection"
    edit.restore.samples.spin_box.setValue(1)
    run(lambda: len(document.alternatives) == 2)
    inside = document.alternatives[1].finished
    assert inside.changed_outside == 0
    assert inside.restoration is not None
    assert inside.restoration.residual.explains

    edit.steps.spin_box.setValue(100)
    qtbot.mouseClick(edit.run_button, LEFT)
    qtbot.waitUntil(lambda: session.canvas._scene._preview is not None, timeout=SECONDS)
    session.menus.actions["cancel"].trigger()
    qtbot.waitUntil(lambda: session.queue.is_idle, timeout=SECONDS)
    assert len(document.alternatives) == 2
    assert session.canvas._scene._preview is None


def test_a_phantom_is_sampled_from_its_projections(session: Session, qtbot: QtBot) -> None:
    session.state.set_job(Job.RESTORE)
    session.menus.actions["tomography"].trigger()
    (page,) = session.window.findChildren(TomographyDialog)
    page.side.spin_box.setValue(32)
    page.angles.spin_box.setValue(16)
    page.steps.spin_box.setValue(2)
    page.samples.spin_box.setValue(2)
    qtbot.waitUntil(page.run_button.isEnabled, timeout=SECONDS)
    qtbot.mouseClick(page.run_button, LEFT)
    qtbot.waitUntil(lambda: page.experiment.finished is not None, timeout=SECONDS)
    assert "sinogram" in page.verdict.text()
    assert page.boxes[3].image.width() == 32
    assert session.document.alternatives == ()
