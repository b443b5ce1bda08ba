"""The Swap panel in the window: methods, words, and all of it on a real network."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from core.models.abilities import Abilities, Beside
from core.models.library import ModelInfo, ModelLibrary
from core.recipe import to_request
from core.settings import (
    CycleDiffusionSettings,
    DDIMSwapSettings,
    InpaintingSettings,
    Job,
    MaskedFillSettings,
    PromptToPromptSettings,
    SDEditSettings,
)
from desktop import actions, file_actions
from desktop.app import build_session
from desktop.jobs.engine import TorchEngine
from desktop.jobs.job import EditJob
from desktop.preferences import Preferences
from desktop.session import Session
from desktop.state import methods_of
from desktop.sweep import CellState
from tests.desktop.swapping import SECONDS, check, open_sweep, press, states

Ended = Callable[[Session], None]


def test_a_method_is_chosen_set_up_and_run(prompted: Session, qtbot: QtBot, ended: Ended) -> None:
    panel = prompted.window.panel
    panel.method_choice.box.setFocus()
    wanted = methods_of(Job.SWAP).index(CycleDiffusionSettings)
    while panel.method_choice.box.currentIndex() != wanted:
        down = panel.method_choice.box.currentIndex() < wanted
        qtbot.keyClick(panel.method_choice.box, Qt.Key.Key_Down if down else Qt.Key.Key_Up)
    assert prompted.state.method is CycleDiffusionSettings
    assert panel.main_slider.value() == CycleDiffusionSettings().inversion_strength
    panel.method_settings.heading.click()
    panel.method_settings.form.controls["eta"].number.slider.setValue(50)
    panel.method_settings.form.controls["attention"].box.click()
    panel.run_button.click()
    ended(prompted)
    sent = prompted.document.alternatives[0].request.settings
    assert sent == CycleDiffusionSettings(eta=0.5, attention=True)
    panel.method_settings.reset_button.click()
    assert prompted.state.settings == CycleDiffusionSettings()
    assert panel.method_settings.reset_button.isHidden()


def test_settings_that_are_still_being_typed_count(prompted: Session, qtbot: QtBot, ended) -> None:
    panel = prompted.window.panel
    panel.method_settings.heading.click()
    words = panel.method_settings.form.controls["blend_words"]
    words.line.setFocus()
    qtbot.keyClicks(words.line, "apple")
    qtbot.keyClick(words.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    ended(prompted)
    sent = prompted.document.alternatives[0].request.settings
    assert sent == PromptToPromptSettings(blend_words=("apple",))


def test_a_words_weight_goes_with_the_edit(prompted: Session, qtbot: QtBot, ended: Ended) -> None:
    panel = prompted.window.panel
    green = next(word for word in panel.words.words if word.text == "green")
    qtbot.keyClick(green, Qt.Key.Key_PageUp)
    panel.run_button.click()
    ended(prompted)
    sent = prompted.document.alternatives[0].request.settings
    assert sent == PromptToPromptSettings(weights={"green": 1.5})


def test_words_can_be_turned_only_where_the_method_looks_at_them(prompted: Session) -> None:
    words = prompted.window.panel.words
    assert all(word.can_be_weighed for word in words.words if word.text == "green")
    prompted.state.set_weight("green", 2.0)
    prompted.state.set_method(DDIMSwapSettings)
    assert not any(word.can_be_weighed for word in words.words)
    assert all(word.weight == 1.0 for word in words.words)
    assert "does not weigh words" in words.words[0].toolTip()
    prompted.state.set_method(CycleDiffusionSettings)
    assert "advanced settings" in words.words[0].toolTip()
    prompted.state.set_job(Job.FILL)
    assert words.isHidden()


def test_what_the_model_cannot_do_is_grey_as_soon_as_it_is_known(prompted: Session) -> None:
    flow = Abilities(prediction="flow", words=False, decoder=False)
    prompted._on_models([ModelInfo("river", Path("river"), "flows", 1, "River", "MIT", flow)])
    assert prompted.state.model == "river"
    box = prompted.window.panel.method_choice.box
    grey = {
        m.name for i, m in enumerate(methods_of(Job.SWAP)) if not box.model().item(i).isEnabled()
    }
    assert "prompt-to-prompt" in grey
    assert "ddim-swap" not in grey
    assert "flowedit" not in grey
    assert "words" in prompted.window.panel.method_choice.note.text()


def test_a_member_of_the_models_family_does_what_it_cannot(opened: Session, ended: Ended) -> None:
    def info(name: str, beside: Beside) -> ModelInfo:
        able = Abilities("v_prediction", words=True, decoder=True, beside=beside)
        return ModelInfo(name, Path(name), "stable-diffusion", 1, name, "MIT", able)

    opened._on_models([info("little", ""), info("little-inpaint", "mask")])
    assert opened.state.model == "little"
    opened.state.set_job(Job.FILL)
    opened.document.fill_mask()
    opened.state.set_target_prompt("a cup")
    box = opened.window.panel.method_choice.box
    inpainting = [m.name for m in methods_of(Job.FILL)].index("inpainting")
    assert box.model().item(inpainting).isEnabled()
    for kind, name in ((InpaintingSettings, "little-inpaint"), (MaskedFillSettings, "little")):
        opened.state.set_method(kind)
        actions.run(opened)
        ended(opened)
        assert opened.document.alternatives[-1].finished.request.model == name
    assert opened.state.model == "little"


def test_an_empty_source_says_what_follows_for_the_method(prompted: Session) -> None:
    note = prompted.window.panel.source_note
    assert note.isHidden()
    prompted.state.set_source_prompt(" ")
    assert note.isVisible()
    assert "no words to match" in note.text()
    prompted.state.set_method(DDIMSwapSettings)
    assert "inverted without words" in note.text()
    assert "match" not in note.text()
    prompted.state.set_method(SDEditSettings)
    assert "does not read it" in note.text()


def test_another_picture_closes_sheet_and_check(
    prompted: Session, qtbot: QtBot, ended: Ended
) -> None:
    check(prompted, qtbot)
    open_sweep(prompted, qtbot)
    prompted.document.close()
    assert not [w for w in prompted.window.findChildren(QDialog) if w.isVisible()]
    assert prompted.check.checked is None


def test_every_control_of_the_dialogs_has_a_name_and_a_tooltip(
    prompted: Session, qtbot: QtBot, ended: Ended
) -> None:
    from tests.desktop.test_window import controls

    dialog = open_sweep(prompted, qtbot)
    press(qtbot, dialog.start_button)
    ended(prompted)
    for shown in (dialog, check(prompted, qtbot)):
        found = controls(shown)
        assert found
        for widget in found:
            assert widget.accessibleName() or getattr(widget, "text", str)(), widget
            assert widget.toolTip(), widget


def test_the_panel_by_keyboard_from_the_prompt_to_the_check(
    prompted: Session, qtbot: QtBot
) -> None:
    panel = prompted.window.panel
    panel.target.edit.setFocus()
    seen = []
    for _ in range(40):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget())
    stops = (*panel.words.words[:1], panel.main_slider.spin_box, panel.main_slider.slider)
    stops += (panel.reconstruction.check_button, panel.method_choice.box)
    stops += (panel.method_settings.heading, panel.steps.spin_box)
    places = [seen.index(stop) for stop in stops]
    assert places == sorted(places)


@pytest.fixture
def real(
    dressed: QApplication, qtbot: QtBot, preferences: Preferences, picture: Path, tmp_path: Path
) -> Iterator[Session]:
    """`picture` open in a window whose worker runs a tiny random model."""
    from tests.tiny_model import write_tiny_model  # torch, which nothing else here needs

    write_tiny_model(tmp_path / "models" / "tiny")
    library = ModelLibrary([tmp_path / "models"])
    made = build_session(preferences, lambda: TorchEngine(library), library.find)
    made.window.show()
    qtbot.waitExposed(made.window)
    made.look_for_models()
    file_actions.open_picture(made, picture)
    qtbot.waitUntil(lambda: made.document.has_picture and bool(made.models), timeout=SECONDS)
    yield made
    made.close()
    made.window.close_now()
    made.window.deleteLater()
    made.deleteLater()


def test_check_sweep_and_replay_on_a_real_network(real: Session, qtbot: QtBot) -> None:
    panel, state, document = real.window.panel, real.state, real.document
    assert state.model == "tiny"
    names = [method.name for method in methods_of(Job.SWAP)]
    box = panel.method_choice.box
    assert not box.model().item(names.index("flowedit")).isEnabled()
    state.set_method(CycleDiffusionSettings)
    qtbot.keyClicks(panel.source.edit, "a red apple")
    qtbot.keyClicks(panel.target.edit, "a cat")
    state.set_steps(2)

    check(real, qtbot).close()
    assert real.check.checked.reconstruction.psnr > 40  # its code is exact
    assert document.alternatives == ()

    dialog = open_sweep(real, qtbot)
    press(qtbot, dialog.start_button)
    qtbot.waitUntil(lambda: states(dialog) == [CellState.FINISHED] * 5, timeout=SECONDS)
    press(qtbot, dialog.cells[4])
    (chosen,) = document.alternatives
    assert not np.array_equal(chosen.pixels, document.pixels)

    again = to_request(chosen.recipe, document.pixels)
    real.queue.submit(EditJob(again, "again"))
    qtbot.waitUntil(lambda: len(document.alternatives) == 2, timeout=SECONDS)
    assert np.array_equal(document.alternatives[1].pixels, chosen.pixels)
