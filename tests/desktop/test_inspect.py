"""The inspect panel in the whole window, with a fake engine behind the worker."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from desktop import actions, file_actions
from desktop.heat import heat_image
from desktop.language import Language
from desktop.panels.inspect import InspectPanel
from desktop.panels.inspect_views import PathPlot, SmallPicture
from desktop.qimage import as_array, from_qimage
from desktop.session import Session
from desktop.theme import ThemeChoice
from tests.desktop.canvas.canvases import screen
from tests.desktop.fake_engine import FakeEngine
from tests.recordings import made_recording

Ended = Callable[[Session], None]
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def opened_panel(opened: Session, qtbot: QtBot) -> InspectPanel:
    """The panel, opened with its key."""
    opened.canvas.setFocus()
    qtbot.keyClick(opened.canvas, Qt.Key.Key_I)
    return opened.window.inspect


@pytest.fixture
def panel(opened: Session, opened_panel: InspectPanel, ended: Ended) -> InspectPanel:
    """The panel after a swap."""
    swap(opened, ended)
    return opened_panel


def swap(session: Session, ended: Ended) -> None:
    session.state.set_source_prompt("a red apple")
    session.state.set_target_prompt("a green apple")
    session.state.set_steps(3)
    actions.run(session)
    ended(session)


def press_word(qtbot: QtBot, panel: InspectPanel, word: str, prompt: str = "source") -> None:
    buttons = panel.words[prompt].buttons  # type: ignore[index]
    button = next(button for button in buttons if button.text() == word)
    qtbot.mouseClick(button, LEFT)


def middle(widget: QWidget) -> list[int]:
    """The colour in the middle of a widget."""
    image = widget.grab().toImage()
    colour = image.pixelColor(QPoint(image.width() // 2, image.height() // 2))
    return [colour.red(), colour.green(), colour.blue()]


def test_it_opens_with_its_button_and_says_what_to_do(opened: Session, qtbot: QtBot) -> None:
    panel = opened.window.inspect
    assert not panel.isVisible()
    action = opened.menus.actions["inspect"]
    button = next(
        button
        for button in opened.window.rail.findChildren(QWidget)
        if button.accessibleName() == "Inspect"
    )
    qtbot.mouseClick(button, LEFT)
    assert panel.isVisible()
    assert action.isChecked()
    assert panel.empty.isVisible()
    assert panel.empty.text() == "Run an edit with Inspect open\nto look inside."
    qtbot.mouseClick(panel.close_button, LEFT)
    assert not panel.isVisible()
    assert not action.isChecked()


def test_it_waits_for_a_picture(session: Session, picture: Path, qtbot: QtBot) -> None:
    session.menus.actions["inspect"].trigger()
    assert not session.window.inspect.isVisible()
    file_actions.open_picture(session, picture)
    qtbot.waitUntil(session.window.inspect.isVisible)
    file_actions.close(session)
    assert not session.window.inspect.isVisible()


def test_only_runs_with_the_panel_open_are_recorded(
    opened: Session, ended: Ended, qtbot: QtBot
) -> None:
    panel = opened.window.inspect
    swap(opened, ended)
    opened.menus.actions["inspect"].trigger()
    assert panel.empty.isVisible()
    swap(opened, ended)
    assert not panel.empty.isVisible()
    first, second = opened.document.alternatives
    assert first.finished.recording is None
    assert second.finished.recording is panel.recording
    opened.document.show(first)
    assert panel.empty.isVisible()
    assert panel.empty.text().startswith("Inspect was closed when this result was made.")
    opened.document.show(second)
    assert panel.recording is second.finished.recording
    opened.document.show(None)
    assert panel.recording is second.finished.recording


def test_steps_show_their_pictures_and_their_place_on_the_path(
    panel: InspectPanel, qtbot: QtBot
) -> None:
    recording = panel.recording
    assert recording is not None
    assert panel.step is recording.steps[2]
    assert panel.step_label.text() == "Step 3 of 4 · down to the picture"
    panel.slider.setFocus()
    qtbot.keyClick(panel.slider, Qt.Key.Key_Home)
    assert panel.step is recording.steps[0]
    assert panel.step_label.text() == "Step 1 of 4 · up to noise"
    assert panel.path_label.text() == "t = 800 · α = 0.200 · σ = 0.800"
    for index in range(4):
        step = recording.steps[index]
        assert panel.step is step
        for view, pixels in ((panel.noisy, step.x), (panel.predicted, step.x0)):
            assert middle(view.field) == pixels[0, 0].tolist()
        assert middle(panel.noise.field) == step.eps[0, 0].tolist()
        qtbot.keyClick(panel.slider, Qt.Key.Key_Right)


def test_a_word_lays_its_heat_over_the_canvas(
    opened: Session, panel: InspectPanel, qtbot: QtBot
) -> None:
    assert panel.map_hint.isVisible()
    assert not panel.mask_button.isVisible()
    plain = screen(opened.canvas)
    press_word(qtbot, panel, "a")
    assert panel.word == ("source", 0)
    hot = screen(opened.canvas)
    corner = opened.canvas.viewport.picture_rect.topLeft() + QPoint(6, 6)
    cold = opened.canvas.viewport.picture_rect.bottomRight() - QPoint(6, 6)
    before, after = plain[corner.y(), corner.x()], hot[corner.y(), corner.x()]
    assert after[0] > 180  # towards yellow
    assert after[1] > after[2] + 60
    assert not np.array_equal(before, after)
    assert not np.array_equal(plain[cold.y(), cold.x()], hot[cold.y(), cold.x()])
    # the same word of the other prompt lights up too, and stands beside it
    assert panel.maps["source"].caption.text() == "a"
    assert panel.maps["target"].caption.text() == "a"
    press_word(qtbot, panel, "red")
    assert [button.isChecked() for button in panel.words["source"].buttons] == [False, True, False]
    assert not any(button.isChecked() for button in panel.words["target"].buttons)
    assert panel.maps["source"].caption.text() == "red"
    assert panel.maps["target"].caption.text() == "green"
    assert not np.array_equal(screen(opened.canvas), hot)
    press_word(qtbot, panel, "red")
    assert panel.word is None
    assert np.array_equal(screen(opened.canvas), plain)


def test_the_original_and_escape_are_without_heat(
    opened: Session, panel: InspectPanel, qtbot: QtBot
) -> None:
    plain = screen(opened.canvas)
    press_word(qtbot, panel, "apple", "target")
    opened.canvas.set_original_shown(True)
    original = screen(opened.canvas)
    opened.canvas.set_original_shown(False)
    qtbot.keyClick(opened.canvas, Qt.Key.Key_Escape)
    assert panel.word is None
    assert opened.document.shown is not None
    assert np.array_equal(screen(opened.canvas), plain)
    opened.canvas.set_original_shown(True)
    assert np.array_equal(screen(opened.canvas), original)


def test_steps_and_sizes_choose_what_is_averaged(panel: InspectPanel, qtbot: QtBot) -> None:
    recording = made_recording(sizes=((4, 4), (2, 2)), height=48, width=64)
    panel.show_recording(recording)
    press_word(qtbot, panel, "red")

    def expected(steps: range, size: tuple[int, int] | None = None) -> np.ndarray:
        heat = recording.heat_map("source", 1, steps, size)
        assert heat is not None
        return heat

    panel.slider.setValue(1)
    ranges = (range(4), range(1, 2), range(2), range(1, 4))
    for index, steps in enumerate(ranges):
        panel.steps_choice.setCurrentIndex(index)
        panel.steps_choice.activated.emit(index)
        assert np.array_equal(panel.heat, expected(steps))  # type: ignore[arg-type]
    assert [panel.size_choice.itemText(i) for i in range(3)] == ["All sizes", "4 × 4", "2 × 2"]
    panel.size_choice.setFocus()
    qtbot.keyClick(panel.size_choice, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: np.array_equal(panel.heat, expected(range(1, 4), (4, 4))))  # type: ignore[arg-type]
    panel.slider.setValue(3)
    assert np.array_equal(panel.heat, expected(range(3, 4), (4, 4)))  # type: ignore[arg-type]


def test_where_a_prompt_was_not_asked_there_is_no_map(panel: InspectPanel, qtbot: QtBot) -> None:
    recording = made_recording(height=48, width=64)
    for step in recording.steps[:2]:
        del step.maps["target"]  # type: ignore[attr-defined]
    panel.show_recording(recording)
    panel.slider.setValue(0)
    panel.steps_choice.setCurrentIndex(1)
    press_word(qtbot, panel, "green", "target")
    assert panel.heat is None
    assert panel.map_hint.text() == "No map: this prompt was not asked at these steps."
    assert panel.map_hint.isVisible()
    assert not panel.mask_button.isEnabled()
    qtbot.keyClick(panel.slider, Qt.Key.Key_End)
    assert panel.heat is not None
    assert not panel.map_hint.isVisible()
    assert panel.mask_button.isEnabled()


def test_a_word_becomes_the_mask_as_one_step(
    opened: Session, panel: InspectPanel, qtbot: QtBot
) -> None:
    document = opened.document
    press_word(qtbot, panel, "red")
    outlined = screen(opened.canvas)
    panel.threshold_slider.spin_box.setValue(0.8)
    assert not np.array_equal(screen(opened.canvas), outlined)
    panel.threshold_slider.spin_box.setValue(0.5)
    steps = document.undo_stack.count()
    assert panel.mask_button.text() == "Make mask from “red”"
    qtbot.mouseClick(panel.mask_button, LEFT)
    assert document.undo_stack.count() == steps + 1
    assert document.undo_stack.undoText() == "Make mask from “red”"
    mask = document.mask()
    assert mask is not None
    assert panel.recording is not None
    heat = panel.recording.heat_map("source", 1)
    assert heat is not None
    whole = panel.recording.in_picture(heat, mask.shape)
    assert np.array_equal(mask, (whole >= 0.5).astype(np.float32))
    # the word looks at the second place of the first row of four
    rows, columns = np.nonzero(mask)
    assert rows.max() < 48 // 2
    assert columns.mean() == pytest.approx(1.5 * 64 / 4, abs=1.5)
    opened.menus.actions["undo"].trigger()
    assert not document.has_mask
    opened.menus.actions["redo"].trigger()
    assert np.array_equal(document.mask(), mask)  # type: ignore[arg-type]


def test_the_next_swap_is_inside_the_words_mask(
    opened: Session, panel: InspectPanel, ended: Ended, qtbot: QtBot
) -> None:
    press_word(qtbot, panel, "apple")
    qtbot.mouseClick(panel.mask_button, LEFT)
    mask = opened.document.mask()
    assert opened.window.panel.run_button.text() == "Swap inside the selection"
    qtbot.mouseClick(opened.window.panel.run_button, LEFT)
    ended(opened)
    assert np.array_equal(opened.document.alternatives[-1].request.mask, mask)  # type: ignore[arg-type]
    assert panel.word == ("source", 2)  # still looked at, in the new recording
    assert panel.recording is opened.document.alternatives[-1].finished.recording


def test_the_mask_is_shown_in_full_while_a_word_is_looked_at(
    opened: Session, panel: InspectPanel, qtbot: QtBot
) -> None:
    press_word(qtbot, panel, "apple")
    qtbot.mouseClick(panel.mask_button, LEFT)
    assert opened.document.shown is not None
    assert opened.canvas._scene.renderer.mask_style == "full"
    press_word(qtbot, panel, "apple")
    assert opened.canvas._scene.renderer.mask_style == "quiet"


def test_closing_takes_the_heat_away_and_opening_brings_it_back(
    opened: Session, panel: InspectPanel, qtbot: QtBot
) -> None:
    plain = screen(opened.canvas)
    press_word(qtbot, panel, "red")
    qtbot.mouseClick(panel.close_button, LEFT)
    opened.canvas.fit()
    qtbot.waitUntil(lambda: not panel.isVisible())
    opened.menus.actions["inspect"].trigger()
    qtbot.waitUntil(lambda: screen(opened.canvas).shape == plain.shape)
    assert not np.array_equal(screen(opened.canvas), plain)


def test_another_picture_forgets_everything(
    opened: Session, panel: InspectPanel, picture: Path, qtbot: QtBot
) -> None:
    press_word(qtbot, panel, "red")
    before = opened.document.picture
    file_actions.open_picture(opened, picture)
    box = next(box for box in opened.window.findChildren(QMessageBox) if box.isVisible())
    box.button(QMessageBox.StandardButton.Discard).click()  # the result that no file holds
    qtbot.waitUntil(lambda: opened.document.picture is not before)
    assert panel.recording is None
    assert panel.word is None
    assert panel.empty.isVisible()
    assert opened.canvas._scene.renderer.heat is None


def test_a_cancelled_edit_leaves_nothing_to_look_at(
    opened: Session, opened_panel: InspectPanel, engine: FakeEngine, ended: Ended, qtbot: QtBot
) -> None:
    engine.step_seconds = 0.01
    opened.state.set_target_prompt("x")
    opened.state.set_steps(100)
    actions.run(opened)
    assert engine.step.wait(5)
    actions.cancel(opened)
    ended(opened)
    assert opened_panel.recording is None


def test_with_one_prompt_there_is_one_map(panel: InspectPanel, qtbot: QtBot) -> None:
    panel.show_recording(made_recording(prompts=("target",), height=48, width=64))
    assert not panel.words["source"].isVisible()
    assert panel.words["target"].heading.text() == "The prompt"
    press_word(qtbot, panel, "apple", "target")
    assert not panel.maps["source"].isVisible()
    assert panel.maps["target"].isVisible()


def test_an_edit_without_words_has_steps_only(panel: InspectPanel) -> None:
    panel.show_recording(made_recording(prompts=(), height=48, width=64))
    assert panel.slider.isVisible()
    for part in (panel.words_heading, panel.map_hint, panel.mask_button):
        assert not part.isVisible()
    assert not any(words.isVisible() for words in panel.words.values())


def test_a_word_without_a_counterpart_stands_alone(panel: InspectPanel, qtbot: QtBot) -> None:
    panel.show_recording(made_recording(target=("a", "red", "apple", "pie"), height=48, width=64))
    press_word(qtbot, panel, "pie", "target")
    assert panel.maps["target"].caption.text() == "pie"
    assert panel.maps["source"].caption.text() == "—"
    assert panel.maps["source"].field.image is None


def test_a_map_without_a_place_makes_no_mask(panel: InspectPanel, qtbot: QtBot) -> None:
    flat = [np.full((4, 4), 0.1, np.float16)]
    panel.show_recording(made_recording(maps=flat, height=48, width=64))
    press_word(qtbot, panel, "red")
    assert not panel.mask_button.isEnabled()


def test_it_speaks_korean_and_wears_both_themes(
    opened: Session, panel: InspectPanel, qtbot: QtBot
) -> None:
    press_word(qtbot, panel, "red")
    dark = panel.path.grab().toImage()
    actions.choose_theme(opened, ThemeChoice.LIGHT)
    assert panel.path.grab().toImage() != dark
    english = texts(panel)
    actions.choose_language(opened, Language.KOREAN)
    qtbot.waitUntil(lambda: panel.heading.text() == "들여다보기")
    korean = texts(panel)
    actions.choose_language(opened, Language.ENGLISH)
    qtbot.waitUntil(lambda: texts(panel) == english)
    assert not [text for text in english & korean if text.isascii() and len(text) > 8]


def texts(panel: InspectPanel) -> set[str]:
    """What the panel's controls are called."""
    found = {panel.accessibleName(), panel.heading.text(), panel.step_label.text()}
    for widget in panel.findChildren(QWidget):
        if widget.focusPolicy() is not Qt.FocusPolicy.NoFocus:
            found |= {widget.accessibleName(), widget.toolTip()}
    return found


def test_every_control_has_a_name_and_tab_leads_through_them(
    panel: InspectPanel, qtbot: QtBot
) -> None:
    press_word(qtbot, panel, "red")
    for kind in (SmallPicture, PathPlot):
        for widget in panel.findChildren(kind):
            part = widget.field if isinstance(widget, SmallPicture) else widget
            assert part.accessibleName(), widget
    words = [button for prompt in ("source", "target") for button in panel.words[prompt].buttons]
    number = panel.threshold_slider
    order = [panel.close_button, panel.slider, *words, panel.steps_choice, panel.size_choice]
    order += [number.spin_box, number.slider, panel.mask_button]
    panel.close_button.setFocus()
    for widget in order:
        assert widget.hasFocus(), widget
        assert widget.accessibleName(), widget
        assert widget.toolTip(), widget
        qtbot.keyClick(widget, Qt.Key.Key_Tab)


def test_a_word_is_chosen_with_the_keyboard(
    opened: Session, panel: InspectPanel, qtbot: QtBot
) -> None:
    button = panel.words["target"].buttons[1]
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert panel.word == ("target", 1)
    panel.mask_button.setFocus()
    qtbot.keyClick(panel.mask_button, Qt.Key.Key_Space)
    assert opened.document.has_mask


def test_words_wrap_and_none_is_cut_off(panel: InspectPanel, qtbot: QtBot) -> None:
    words = tuple(f"word{i}" for i in range(30))
    panel.show_recording(made_recording(source=words, height=48, width=64, sizes=((6, 6),)))
    buttons = panel.words["source"].buttons
    flow = buttons[0].parentWidget()
    assert len({button.y() for button in buttons}) > 3
    assert all(flow.rect().contains(button.geometry()) for button in buttons)
    boxes = [button.geometry() for button in buttons]
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_the_window_fits_its_smallest_size_with_the_panel_open(
    opened: Session, panel: InspectPanel, qtbot: QtBot
) -> None:
    window = opened.window
    window.resize(window.minimumSize())
    qtbot.waitUntil(lambda: window.width() == window.minimumWidth())
    assert window.panel.mapTo(window, window.panel.rect().bottomRight()).x() < window.width()
    assert opened.canvas.width() >= opened.canvas.minimumWidth()


def test_heat_rises_evenly_in_lightness() -> None:
    ramp = np.linspace(0, 1, 256, dtype=np.float32)[None]
    pixels, alpha = from_qimage(heat_image(ramp))
    assert alpha is None
    linear = np.where(pixels <= 10, pixels / 255 / 12.92, ((pixels / 255 + 0.055) / 1.055) ** 2.4)
    luminance = (linear @ [0.2126, 0.7152, 0.0722])[0]
    lightness = 116 * np.cbrt(luminance) - 16  # CIE L*, which OKLab's is close to
    steps = np.diff(lightness[::15])
    assert (steps > 0).all()
    assert steps.max() < 2.2 * steps.min()
    assert lightness[-1] - lightness[0] > 65
    image = heat_image(ramp, cold=0.25, hot=0.75)
    assert as_array(image)[0, [0, -1], 3].tolist() == [64, 191]
