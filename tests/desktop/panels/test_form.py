"""The controls that are made from settings classes."""

import typing

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.settings import (
    ConceptEdit,
    CycleDiffusionSettings,
    DDIMSwapSettings,
    Job,
    LEditsPPSettings,
    MasaCtrlSettings,
    PromptToPromptSettings,
    Settings,
)
from desktop.panels.fields import ChoiceField, NumberField, SwitchField, WordsField
from desktop.panels.form import PartsField, SettingsForm
from desktop.panels.method import ELSEWHERE, MethodChoice, MethodSettings
from desktop.state import main_setting, methods_of

SWAPS = methods_of(Job.SWAP)


@pytest.fixture
def settings_panel(dressed: QApplication, qtbot: QtBot) -> MethodSettings:
    made = MethodSettings()
    qtbot.addWidget(made)
    return made


def opened(panel: MethodSettings, settings: Settings) -> SettingsForm:
    panel.show_settings(settings)
    panel.heading.click()
    assert panel.form is not None
    return panel.form


@pytest.mark.parametrize("method", SWAPS, ids=lambda method: method.name)
def test_every_setting_of_every_method_has_a_control_with_its_default(
    method: type[Settings], settings_panel: MethodSettings
) -> None:
    form = opened(settings_panel, method())
    assert set(form.controls) == set(method.model_fields) - {main_setting(method), *ELSEWHERE}
    for name, field in form.controls.items():
        default = getattr(method(), name)
        if isinstance(field, NumberField):
            assert field.number.value() == default
            assert field.number.slider.toolTip() == method.model_fields[name].description


def test_ranges_are_those_of_the_class(settings_panel: MethodSettings) -> None:
    form = opened(settings_panel, MasaCtrlSettings())
    depth = form.controls["mutual_depth"]
    assert isinstance(depth, NumberField)
    assert depth.number.spin_box.minimum() == 0.0
    assert depth.number.spin_box.maximum() == pytest.approx(0.99)  # less than 1
    eta = opened_number(CycleDiffusionSettings, "eta", settings_panel)
    assert (eta.number.spin_box.minimum(), eta.number.spin_box.maximum()) == (0.01, 1.0)


def opened_number(method: type[Settings], name: str, panel: MethodSettings) -> NumberField:
    panel.show_settings(method())
    assert panel.form is not None
    field = panel.form.controls[name]
    assert isinstance(field, NumberField)
    return field


def test_what_the_user_does_is_told_in_the_fields_own_type(
    settings_panel: MethodSettings, qtbot: QtBot
) -> None:
    told: list[tuple[str, object]] = []
    settings_panel.setting_changed.connect(lambda name, value: told.append((name, value)))
    form = opened(settings_panel, PromptToPromptSettings())
    choice, words = form.controls["replaced_words"], form.controls["blend_words"]
    number, steps = form.controls["self_resolution"], form.controls["cross_steps"]
    assert isinstance(choice, ChoiceField)
    assert isinstance(words, WordsField)
    assert isinstance(number, NumberField)
    assert isinstance(steps, NumberField)
    qtbot.keyClick(choice.box, Qt.Key.Key_Down)
    qtbot.keyClicks(words.line, "cat,  red apple ,")
    qtbot.keyClick(words.line, Qt.Key.Key_Return)
    number.number.slider.setValue(32)
    steps.number.slider.setValue(50)
    settings_panel.show_settings(CycleDiffusionSettings())
    switch = settings_panel.form.controls["attention"]
    assert isinstance(switch, SwitchField)
    switch.box.click()
    assert told == [
        ("replaced_words", "refine"),
        ("blend_words", ("cat", "red apple")),
        ("self_resolution", 32),
        ("cross_steps", 0.5),
        ("attention", True),
    ]
    assert isinstance(told[2][1], int)


def test_showing_values_tells_nobody(settings_panel: MethodSettings, qtbot: QtBot) -> None:
    opened(settings_panel, PromptToPromptSettings())
    with qtbot.assertNotEmitted(settings_panel.setting_changed):
        settings_panel.show_settings(
            PromptToPromptSettings(cross_steps=0.1, blend_words=("cat",), replaced_words="refine")
        )


def test_several_edits_are_added_filled_in_and_removed(
    settings_panel: MethodSettings, qtbot: QtBot
) -> None:
    told: list[object] = []
    settings_panel.setting_changed.connect(lambda _name, value: told.append(value))
    edits = opened(settings_panel, LEditsPPSettings()).controls["edits"]
    assert isinstance(edits, PartsField)
    edits.add_button.click()
    (part,) = edits.parts
    assert told == [()]  # an edit without words does not count
    words, remove = part.form.controls["prompt"], part.form.controls["remove"]
    qtbot.keyClicks(words.line, "a hat")
    qtbot.keyClick(words.line, Qt.Key.Key_Return)
    remove.box.click()
    assert told[-1] == (ConceptEdit(prompt="a hat", remove=True),)
    settings_panel.show_settings(LEditsPPSettings(edits=edits.value()))
    assert edits.parts == [part]  # what is being filled in stays
    part.remove_button.click()
    assert told[-1] == ()
    assert edits.parts == []


def test_controls_are_folded_away_and_made_when_they_are_looked_at(
    settings_panel: MethodSettings,
) -> None:
    settings_panel.show_settings(DDIMSwapSettings())
    assert settings_panel.form is None
    settings_panel.heading.click()
    assert settings_panel.form is not None
    settings_panel.heading.click()
    assert settings_panel.form.isHidden()


def test_reset_is_offered_where_something_was_changed(settings_panel: MethodSettings) -> None:
    settings_panel.show_settings(DDIMSwapSettings())
    assert settings_panel.reset_button.isHidden()
    settings_panel.show_settings(DDIMSwapSettings(blend=9))
    assert not settings_panel.reset_button.isHidden()


def test_a_method_that_the_model_cannot_do_is_grey_with_the_reason(
    dressed: QApplication, qtbot: QtBot
) -> None:
    choice = MethodChoice()
    qtbot.addWidget(choice)
    choice.show_methods(SWAPS, DDIMSwapSettings)
    assert [choice.box.itemText(i) for i in range(choice.box.count())] == [m.title for m in SWAPS]
    assert choice.box.toolTip() == DDIMSwapSettings.paper
    choice.set_unable({"prompt-to-prompt": "it attends to no words"})
    index = SWAPS.index(PromptToPromptSettings)
    item = typing.cast(typing.Any, choice.box.model()).item(index)
    assert not item.isEnabled()
    assert item.toolTip() == f"it attends to no words\n{PromptToPromptSettings.paper}"
    assert choice.reason.isHidden()
    choice.show_methods(SWAPS, PromptToPromptSettings)
    assert choice.reason.text() == "it attends to no words"
