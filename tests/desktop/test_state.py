import json

import numpy as np
import pytest
from pydantic import ValidationError

from core.errors import RequestError
from core.methods import settings_types
from core.methods.auto import Family, choose
from core.reconstruction import rebuilding
from core.request import MAX_SEED
from core.settings import (
    AutoSettings,
    CycleDiffusionSettings,
    DDIMSwapSettings,
    DirectInversionSettings,
    Job,
    MaskedFillSettings,
    PromptToPromptSettings,
    SDEditSettings,
    SwapSettings,
)
from desktop.state import JOBS, EditState, SwapPromptsCommand, main_setting, methods_of

PICTURE = np.zeros((8, 8, 3), np.uint8)


def test_a_request_holds_what_the_panels_show() -> None:
    state = EditState()
    state.set_job(Job.SWAP)
    state.set_method(DDIMSwapSettings)
    state.set_source_prompt("a red apple")
    state.set_target_prompt("a green apple")
    state.set_setting("inversion_strength", 0.3)
    state.set_steps(12)
    state.set_guidance_scale(2.5)
    state.set_seed(7)
    request = state.build_request(PICTURE, None)
    assert request.settings == DDIMSwapSettings(inversion_strength=0.3)
    assert (request.source_prompt, request.target_prompt) == ("a red apple", "a green apple")
    assert (request.steps, request.guidance_scale, request.seed) == (12, 2.5, 7)


def test_each_job_keeps_its_own_prompt_and_settings() -> None:
    state = EditState()
    state.set_job(Job.FILL)
    state.set_target_prompt("a tulip")
    state.set_setting("blend", 9)
    state.set_job(Job.RESTYLE)
    assert state.target_prompt == ""
    state.set_job(Job.FILL)
    assert state.target_prompt == "a tulip"
    assert state.settings == MaskedFillSettings(blend=9)


def test_what_is_out_of_range_is_refused() -> None:
    state = EditState()
    state.set_method(DDIMSwapSettings)
    with pytest.raises(ValidationError):
        state.set_setting("inversion_strength", 1.5)
    assert state.settings == DDIMSwapSettings()


def test_an_empty_target_is_refused_in_one_line() -> None:
    with pytest.raises(RequestError, match="target prompt"):
        EditState().build_request(PICTURE, None)


def test_changed_is_said_once_and_only_for_a_change(qtbot) -> None:
    state = EditState()
    with qtbot.waitSignal(state.changed):
        state.set_steps(11)
    with qtbot.assertNotEmitted(state.changed):
        state.set_steps(11)


def test_dice_draw_another_seed() -> None:
    state = EditState()
    seeds = set()
    for _ in range(5):
        state.draw_seed()
        seeds.add(state.seed)
    assert len(seeds) > 1


def test_swapping_prompts_can_be_undone() -> None:
    state = EditState()
    state.set_source_prompt("one")
    state.set_target_prompt("two")
    command = SwapPromptsCommand(state)
    command.redo()
    assert (state.source_prompt, state.target_prompt) == ("two", "one")
    command.undo()
    assert (state.source_prompt, state.target_prompt) == ("one", "two")


def test_every_registered_swap_method_is_offered_and_auto_comes_first() -> None:
    registered = [kind for kind in settings_types().values() if Job.SWAP in (kind.job, *kind.also)]
    offered = methods_of(Job.SWAP)
    assert set(offered) == set(registered)
    assert offered[-1] is SDEditSettings
    assert offered[0] is AutoSettings
    assert EditState().method is AutoSettings


@pytest.mark.parametrize("job", [job for job in JOBS if job is not Job.RESTORE])
def test_every_method_of_the_window_has_a_large_slider(job: Job) -> None:
    assert all(main_setting(kind) for kind in methods_of(job))


def test_settings_are_remembered_per_method_and_can_be_reset() -> None:
    state = EditState()
    state.set_method(PromptToPromptSettings)
    state.set_setting("cross_steps", 0.5)
    state.set_method(CycleDiffusionSettings)
    assert state.settings == CycleDiffusionSettings()
    state.set_method(PromptToPromptSettings)
    assert state.settings == PromptToPromptSettings(cross_steps=0.5)
    state.reset_settings()
    assert state.settings == PromptToPromptSettings()


def test_weights_go_with_the_words_that_are_there() -> None:
    state = EditState()
    state.set_method(PromptToPromptSettings)
    state.set_target_prompt("a Green apple")
    state.set_weight("green", 2.0)
    state.set_weight("apple", 0.5)
    state.set_weight("apple", 1.0)
    assert state.weights == {"green": 2.0}
    request = state.build_request(PICTURE, None)
    assert request.settings == PromptToPromptSettings(weights={"green": 2.0})
    state.set_target_prompt("a red apple")
    assert state.build_request(PICTURE, None).settings == PromptToPromptSettings()


@pytest.mark.parametrize(
    ("settings", "weighs"),
    [
        (PromptToPromptSettings(), True),
        (DDIMSwapSettings(), False),
        (CycleDiffusionSettings(), False),
        (CycleDiffusionSettings(attention=True), True),
        (DirectInversionSettings(), True),
        (DirectInversionSettings(control="masactrl"), False),
    ],
)
def test_words_are_weighed_only_where_the_method_looks_at_them(settings, weighs: bool) -> None:
    state = EditState()
    state.set_method(type(settings))
    for name, value in settings.model_dump().items():
        state.set_setting(name, value)
    state.set_target_prompt("a green apple")
    state.set_weight("green", 2.0)
    assert state.controls_words is weighs
    sent = state.build_request(PICTURE, None).settings.model_dump()
    assert sent.get("weights", {}) == ({"green": 2.0} if weighs else {})


def test_a_reconstruction_goes_from_the_source_to_the_source_without_guidance() -> None:
    state = EditState()
    state.set_method(PromptToPromptSettings)
    state.set_source_prompt("a red apple")
    state.set_target_prompt("a green apple")
    state.set_weight("green", 2.0)
    state.set_setting("inversion_strength", 0.4)
    request = state.build_reconstruction(PICTURE, None)
    plain = PromptToPromptSettings(inversion_strength=0.4, guided_steps=1.0)
    assert request.settings == plain
    assert request.source_prompt == request.target_prompt == "a red apple"
    assert request.guidance_scale == 1.0
    state.set_source_prompt("")
    assert state.build_reconstruction(PICTURE, None).target_prompt == ""


@pytest.mark.parametrize("family", ["noise", "flow"])
def test_the_check_is_of_what_auto_would_choose(family: Family) -> None:
    state = EditState()
    state.set_family(family)
    state.set_source_prompt("a red apple")
    state.set_target_prompt("a green apple")
    expected = choose(AutoSettings(), "a red apple", "a green apple", family).settings
    assert state.chosen_settings == expected
    assert not isinstance(expected, AutoSettings)
    if isinstance(expected, SwapSettings):
        request = state.build_reconstruction(PICTURE, None)
        assert request.settings == rebuilding(expected, state.guidance_scale)[0]
    assert state.build_request(PICTURE, None).settings == AutoSettings()


def test_what_the_panels_show_goes_out_and_comes_back() -> None:
    state = EditState()
    state.set_job(Job.RESTYLE)
    state.set_target_prompt("snow")
    state.set_setting("strength", 0.3)
    state.set_steps(7)
    state.set_variations(3)
    state.set_seed(11)
    values = json.loads(json.dumps(state.values().model_dump(mode="json")))
    other = EditState()
    other.set_values(values)
    assert other.values() == state.values()
    assert other.target_prompt == "snow"
    assert getattr(other.settings, "strength") == 0.3  # noqa: B009


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"job": "fly", "steps": 5},
        {"steps": 0, "seed": -1, "guidance_scale": "much", "source": 3},
        {"settings": [{"job": "swap", "method": "no such method", "values": {}}]},
        {"settings": [{"job": "restyle", "method": "sdedit", "values": {"strength": 9}}]},
        {"settings": [{}], "methods": {"swap": "masked-fill", "other": "x"}, "unknown": [1]},
    ],
)
def test_values_that_make_no_sense_change_nothing_else(values: dict[str, object]) -> None:
    state = EditState()
    before = state.values()
    state.set_values(values)
    expected = before.model_copy(update={"steps": 5} if values.get("steps") == 5 else {})
    assert state.values() == expected


def test_a_typed_seed_may_be_as_large_as_any() -> None:
    state = EditState()
    state.set_seed(MAX_SEED)
    other = EditState()
    other.set_values(state.values().model_dump())
    assert other.seed == MAX_SEED
