"""The tomography page through real widgets, with true projections and a fake posterior."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.errors import OutOfMemoryError
from core.restoration.degradations import Tomography
from core.settings import PiGDMSettings
from desktop.panels.tomography import TomographyDialog
from desktop.qimage import from_qimage
from desktop.session import Session
from tests.desktop.fake_engine import FakeEngine

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(opened: Session, qtbot: QtBot) -> TomographyDialog:
    opened.state.set_steps(2)
    opened.menus.actions["tomography"].trigger()
    (dialog,) = opened.window.findChildren(TomographyDialog)
    dialog.side.spin_box.setValue(32)
    ready(dialog, qtbot)
    return dialog


def ready(page: TomographyDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(page.run_button.isEnabled, timeout=60_000)


def grey(page: TomographyDialog, box: int) -> np.ndarray:
    return from_qimage(page.boxes[box].image)[0][..., 0] / 255


def test_projections_follow_what_is_turned(page: TomographyDialog, qtbot: QtBot) -> None:
    projections = page.experiment.projections
    assert projections is not None
    assert projections.sinogram.shape == (30, 46, 3)
    assert page.boxes[1].image.height() == page.boxes[1].image.width() == 46
    page.angles.spin_box.setValue(60)
    page.noise.spin_box.setValue(0.0)
    ready(page, qtbot)
    projections = page.experiment.projections
    assert projections.sinogram.shape == (60, 46, 3)
    assert np.abs(grey(page, 2) - grey(page, 0)).mean() < 0.1
    good = page.experiment.decibels(projections.back_projection)
    page.angles.spin_box.setValue(4)
    ready(page, qtbot)
    assert page.experiment.decibels(page.experiment.projections.back_projection) < good - 3


def test_the_open_picture_is_projected_in_grey(page: TomographyDialog, qtbot: QtBot) -> None:
    phantom = grey(page, 0)
    qtbot.mouseClick(page.source.buttons[1], LEFT)
    ready(page, qtbot)
    assert grey(page, 0).shape == (32, 32)
    assert not np.array_equal(grey(page, 0), phantom)


def test_samples_of_the_posterior(
    page: TomographyDialog, opened: Session, engine: FakeEngine, qtbot: QtBot
) -> None:
    page.samples.spin_box.setValue(2)
    page.noise.spin_box.setValue(0.0)
    ready(page, qtbot)
    qtbot.mouseClick(page.run_button, LEFT)
    assert page.run_button.text() == "Stop"
    qtbot.waitUntil(lambda: page.experiment.finished is not None)
    finished = page.experiment.finished
    assert finished is not None
    assert isinstance(finished.request.settings, PiGDMSettings)
    assert finished.request.settings.degradations == (Tomography(angles=30, turn=180.0),)
    assert finished.request.picture.dtype == np.uint16  # type: ignore[union-attr]
    # The picture in the window has nothing to do with it.
    assert opened.document.alternatives == ()
    assert opened.canvas._scene._preview is None
    assert "Sample 1 of 2" in page.captions[3].text()
    assert "Explains the sinogram" in page.verdict.text()
    qtbot.mouseClick(page.flick_button, LEFT)
    assert "Sample 2 of 2" in page.captions[3].text()
    qtbot.mouseClick(page.views.buttons[1], LEFT)
    assert "Mean of 2" in page.captions[3].text()
    qtbot.mouseClick(page.views.buttons[2], LEFT)
    assert "Spread" in page.captions[3].text()
    assert page.legend.isVisible()
    page.angles.spin_box.setValue(10)  # what was sampled is not about this any more
    assert page.experiment.finished is None
    assert page.boxes[3].image.isNull()
    ready(page, qtbot)


def test_stop_gives_up_what_runs(
    page: TomographyDialog, opened: Session, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.step_seconds = 0.02
    page.steps.spin_box.setValue(50)
    qtbot.mouseClick(page.run_button, LEFT)
    qtbot.waitUntil(lambda: not page.boxes[3].image.isNull())
    qtbot.mouseClick(page.run_button, LEFT)
    qtbot.waitUntil(lambda: not page.experiment.is_running)
    assert page.run_button.text() == "Sample the posterior"
    assert page.boxes[3].image.isNull()
    assert page.experiment.finished is None
    qtbot.mouseClick(page.run_button, LEFT)
    qtbot.waitUntil(lambda: opened.queue.running is not None)
    page.close()
    qtbot.waitUntil(lambda: opened.queue.is_idle)


def test_what_goes_wrong_is_said_on_the_page(
    page: TomographyDialog, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.error = OutOfMemoryError("no memory")
    qtbot.mouseClick(page.run_button, LEFT)
    qtbot.waitUntil(lambda: "no memory" in page.verdict.text())
    assert page.run_button.text() == "Sample the posterior"
