"""The Restore job's panel, through real widgets: what happened, estimates, the picture degraded."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from core.restoration.degradations import (
    KINDS,
    Downsampling,
    GaussianBlur,
    JpegCompression,
    KernelBlur,
    Missing,
    MotionBlur,
)
from core.restoration.questions import Degrade
from core.settings import DPSSettings, Job, PiGDMSettings, RestorationSettings
from desktop import file_actions
from desktop.language import Language, set_language
from desktop.panels.edit import WIDTH
from desktop.panels.fields import ChoiceField, NumberField, OptionalNumberField
from desktop.panels.kernel import KernelField
from desktop.session import Session
from tests.desktop.fake_engine import FakeEngine

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def restoring(opened: Session, qtbot: QtBot) -> Session:
    """An open picture, and Restore chosen in the switcher."""
    buttons = opened.window.panel.jobs.buttons
    qtbot.mouseClick(next(b for b in buttons if b.text() == "Restore"), LEFT)
    opened.state.set_steps(3)
    assert opened.state.job is Job.RESTORE
    return opened


def settings_of(session: Session) -> RestorationSettings:
    settings = session.state.settings
    assert isinstance(settings, RestorationSettings)
    return settings


def add(session: Session, qtbot: QtBot, kind: str) -> None:
    """Choose a kind from the pictures."""
    panel = session.window.panel.restore
    qtbot.mouseClick(panel.add_button, LEFT)
    assert panel.picker.isVisible()
    qtbot.mouseClick(panel.picker.buttons[kind], LEFT)
    assert not panel.picker.isVisible()


def degraded(session: Session, qtbot: QtBot) -> None:
    """Wait until the canvas shows what was asked last."""
    qtbot.waitUntil(lambda: not session.restoring._degraded.is_waiting, timeout=60_000)


def shows_degraded(session: Session) -> bool:
    return session.canvas._scene._view is not None


def test_what_happened_is_a_row_that_can_be_made_longer_shorter_and_turned_round(
    restoring: Session, qtbot: QtBot
) -> None:
    row = restoring.window.panel.restore.row
    assert settings_of(restoring).degradations == (GaussianBlur(),)
    assert not row.cards[0].remove_button.isVisible()
    add(restoring, qtbot, "downsampling")
    assert settings_of(restoring).degradations == (GaussianBlur(), Downsampling())
    factor = row.cards[1].form.controls["factor"]
    assert isinstance(factor, NumberField)
    factor.number.spin_box.setValue(2)
    qtbot.mouseClick(row.cards[1].earlier_button, LEFT)
    assert settings_of(restoring).degradations == (Downsampling(factor=2), GaussianBlur())
    qtbot.mouseClick(row.cards[0].remove_button, LEFT)
    assert settings_of(restoring).degradations == (GaussianBlur(),)


@pytest.mark.parametrize("language", Language)
def test_the_panel_is_no_wider_than_its_place(
    language: Language, restoring: Session, dressed: QApplication, qtbot: QtBot
) -> None:
    add(restoring, qtbot, "kernel")
    set_language(language)
    content = restoring.window.panel.jobs.parentWidget()
    assert content.minimumSizeHint().width() <= WIDTH - 1 - 9  # line, scroll bar
    set_language(Language.ENGLISH)


def test_all_methods_share_what_happened(restoring: Session, qtbot: QtBot) -> None:
    panel = restoring.window.panel
    add(restoring, qtbot, "motion-blur")
    panel.restore.noise.spin_box.setValue(0.04)
    panel.restore.samples.spin_box.setValue(3)
    restoring.state.set_method(PiGDMSettings)
    settings = settings_of(restoring)
    assert isinstance(settings, PiGDMSettings)
    assert settings.degradations == (GaussianBlur(), MotionBlur())
    assert (settings.noise, settings.samples) == (0.04, 3)
    restoring.state.reset_settings()
    assert settings_of(restoring).noise == 0.04
    panel.method_settings.heading.click()
    form = panel.method_settings.form
    assert form is not None
    shown = {"average", "blend", "eta", "finish", "variance"}
    assert set(form.controls) == shown
    assert not panel.method_settings.reset_button.isVisible()


def test_what_is_told_after_the_job_was_changed_is_kept(restoring: Session) -> None:
    """As by a field that is left because its panel went away."""
    panel = restoring.window.panel.restore
    happened = (GaussianBlur(sigma=3.5),)
    restoring.state.set_job(Job.SWAP)
    panel.happened.emit(happened)
    panel.noise_changed.emit(0.07)
    panel.samples_changed.emit(4)
    assert not restoring.restoring.is_previewing
    restoring.state.set_job(Job.RESTORE)
    settings = settings_of(restoring)
    assert (settings.degradations, settings.noise) == (happened, 0.07)


def test_a_step_size_is_found_by_itself_until_it_is_set(restoring: Session, qtbot: QtBot) -> None:
    restoring.state.set_method(DPSSettings)
    panel = restoring.window.panel.method_settings
    panel.heading.click()
    assert panel.form is not None
    zeta = panel.form.controls["zeta"]
    assert isinstance(zeta, OptionalNumberField)
    assert zeta.box.isChecked()
    zeta.box.click()
    assert settings_of(restoring).zeta == 1.0  # type: ignore[attr-defined]
    zeta.number.spin_box.setValue(30.0)  # beyond the slider's end
    assert settings_of(restoring).zeta == 30.0  # type: ignore[attr-defined]
    assert zeta.number.slider.value() == zeta.number.slider.maximum()
    zeta.box.click()
    assert settings_of(restoring).zeta is None  # type: ignore[attr-defined]


def test_every_kind_has_a_picture_and_controls_for_all_it_can_be(
    restoring: Session, qtbot: QtBot
) -> None:
    panel = restoring.window.panel.restore
    buttons = panel.picker.buttons
    qtbot.waitUntil(lambda: not buttons["jpeg"].icon().isNull(), timeout=60_000)
    assert not panel.row.cards[0].picture.pixmap().isNull()
    for kind in KINDS[:7]:
        add(restoring, qtbot, kind.model_fields["kind"].default)
        card = panel.row.cards[-1]
        assert set(card.form.controls) == set(kind.model_fields) - {"kind"}
        assert card.findChildren(QLabel)
    assert not panel.add_button.isEnabled()


def test_the_picture_is_shown_degraded_while_it_is_turned(
    restoring: Session, engine: FakeEngine, qtbot: QtBot
) -> None:
    panel = restoring.window.panel.restore
    assert not panel.preview_box.isChecked()
    sigma = panel.row.cards[0].form.controls["sigma"]
    assert isinstance(sigma, NumberField)
    for value in (1.0, 1.5, 2.0):
        sigma.number.spin_box.setValue(value)
    degraded(restoring, qtbot)
    assert panel.preview_box.isChecked()
    assert shows_degraded(restoring)
    asked = [question for question in engine.asked if isinstance(question, Degrade)]
    assert asked[-1].degradations == (GaussianBlur(sigma=2.0),)
    restoring.menus.actions["cancel"].trigger()  # Esc
    assert not panel.preview_box.isChecked()
    assert not shows_degraded(restoring)
    restoring.menus.actions["preview_degraded"].trigger()
    degraded(restoring, qtbot)
    assert shows_degraded(restoring)
    restoring.state.set_job(Job.SWAP)
    assert not shows_degraded(restoring)


@pytest.mark.parametrize("sigma", [40.0])
def test_what_cannot_have_happened_is_said_in_the_panel(
    sigma: float, restoring: Session, qtbot: QtBot
) -> None:
    panel = restoring.window.panel.restore
    control = panel.row.cards[0].form.controls["sigma"]
    assert isinstance(control, NumberField)
    control.number.spin_box.setValue(sigma)
    qtbot.waitUntil(lambda: "spans" in panel.problem.text(), timeout=60_000)
    assert not shows_degraded(restoring)
    control.number.spin_box.setValue(2.0)
    degraded(restoring, qtbot)
    assert panel.problem.text() == ""
    assert shows_degraded(restoring)
    restoring.state.set_method(PiGDMSettings)
    add(restoring, qtbot, "jpeg")
    assert "not linear" in panel.problem.text()
    restoring.state.set_method(DPSSettings)
    assert panel.problem.text() == ""


def test_missing_pixels_are_the_selection(restoring: Session, qtbot: QtBot) -> None:
    panel, state = restoring.window.panel, restoring.state
    state.set_setting("degradations", (Missing(),))
    qtbot.mouseClick(panel.run_button, LEFT)
    assert "missing pixels" in restoring.window.message.text()
    mask = np.zeros((48, 64), np.float32)
    mask[10:20, 10:30] = 1
    restoring.document.set_mask(mask, "")
    assert panel.run_button.text() == "Restore"
    state.set_setting("degradations", (GaussianBlur(),))
    assert panel.run_button.text() == "Restore inside the selection"


def test_estimates_go_into_the_controls_with_how_sure_they_are(
    session: Session, qtbot: QtBot, tmp_path: Path, ended: Callable[[Session], None]
) -> None:
    random = np.random.default_rng(0)
    from tests.core.restoration.test_estimation import blurred, noisy
    from tests.core.restoration.test_estimation import picture as discs

    made = noisy(blurred(discs(), 3.0), 0.02, seed=int(random.integers(9)))
    Image.fromarray(made).save(tmp_path / "soft.png")
    file_actions.open_picture(session, tmp_path / "soft.png")
    qtbot.waitUntil(lambda: session.document.has_picture)
    session.state.set_job(Job.RESTORE)
    panel = session.window.panel.restore
    qtbot.mouseClick(panel.estimate_button, LEFT)
    qtbot.waitUntil(lambda: bool(panel.found.text()))
    settings = settings_of(session)
    assert settings.noise == pytest.approx(0.02, rel=0.2)
    (blur,) = settings.degradations
    assert isinstance(blur, GaussianBlur)
    assert blur.sigma == pytest.approx(3.0, rel=0.25)
    assert "sure: the same all over" in panel.found.text()
    assert panel.estimate_button.isEnabled()


def test_a_kernel_is_drawn_with_mouse_and_keyboard_and_taken_from_a_picture(
    restoring: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    add(restoring, qtbot, "kernel")
    row = restoring.window.panel.restore.row
    field = row.cards[-1].form.controls["kernel"]
    assert isinstance(field, KernelField)
    qtbot.mouseClick(field.clear_button, LEFT)
    field.grid.setFocus()
    middle = field.grid.rect().center()
    qtbot.mousePress(field.grid, LEFT, pos=middle)
    qtbot.mouseMove(field.grid, middle + QPoint(20, 0))
    qtbot.mouseRelease(field.grid, LEFT, pos=middle + QPoint(20, 0))
    drawn = np.array(kernel_of(restoring))
    assert drawn.shape == (15, 15)
    assert (drawn[7] > 0).sum() == 3
    qtbot.keyClick(field.grid, Qt.Key.Key_Down)
    qtbot.keyClick(field.grid, Qt.Key.Key_Space)
    assert np.count_nonzero(kernel_of(restoring)) == 4
    qtbot.keyClick(field.size_box, Qt.Key.Key_Down)
    assert np.array(kernel_of(restoring)).shape == (21, 21)
    assert np.count_nonzero(kernel_of(restoring)) == 4

    Image.fromarray(np.zeros((5, 5), np.uint8)).save(tmp_path / "black.png")
    field.load(tmp_path / "black.png")
    assert "black everywhere" in field.problem.text()
    Image.fromarray(np.eye(9, dtype=np.uint8) * 255).save(tmp_path / "slant.png")
    field.load(tmp_path / "slant.png")
    assert not field.problem.isVisible()
    assert np.allclose(kernel_of(restoring), np.eye(9))
    qtbot.mouseClick(field.clear_button, LEFT)
    problem = restoring.window.panel.restore.problem
    qtbot.waitUntil(lambda: "sums to zero" in problem.text(), timeout=60_000)


def kernel_of(session: Session) -> tuple[tuple[float, ...], ...]:
    kernel = settings_of(session).degradations[-1]
    assert isinstance(kernel, KernelBlur)
    return kernel.kernel


def test_choices_in_a_card(restoring: Session, qtbot: QtBot) -> None:
    add(restoring, qtbot, "missing")
    controls = restoring.window.panel.restore.row.cards[-1].form.controls
    pattern = controls["pattern"]
    assert isinstance(pattern, ChoiceField)
    qtbot.waitUntil(pattern.isVisible)
    assert [name for name in controls if controls[name].isVisible()] == ["pattern"]
    qtbot.keyClick(pattern.box, Qt.Key.Key_Down)
    shown = [name for name in controls if controls[name].isVisible()]
    assert shown == ["pattern", "share", "pattern_seed"]
    assert settings_of(restoring).degradations[-1] == Missing(pattern="random")


def test_restoring_ends_the_preview_and_needs_no_prompt(
    restoring: Session, engine: FakeEngine, qtbot: QtBot, ended: Callable[[Session], None]
) -> None:
    restoring.restoring.set_previewing(True)
    degraded(restoring, qtbot)
    qtbot.mouseClick(restoring.window.panel.run_button, LEFT)
    assert not shows_degraded(restoring)
    ended(restoring)
    assert restoring.document.alternatives[0].title == "Gaussian blur"


def test_the_picker_is_gone_through_with_the_keyboard(restoring: Session, qtbot: QtBot) -> None:
    panel = restoring.window.panel.restore
    panel.add_button.setFocus()
    qtbot.keyClick(panel.add_button, Qt.Key.Key_Space)
    first = panel.picker.buttons["noise"]
    qtbot.waitUntil(first.hasFocus)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Right):
        qtbot.keyClick(panel.picker.focusWidget(), key)
    qtbot.keyClick(panel.picker.focusWidget(), Qt.Key.Key_Space)
    assert settings_of(restoring).degradations[-1] == MotionBlur()
    assert JpegCompression not in map(type, settings_of(restoring).degradations)
