import numpy as np
import pytest
from pydantic import ValidationError

from core.errors import RequestError
from core.settings import DDIMSwapSettings, Job, MaskedFillSettings
from desktop.state import EditState, SwapPromptsCommand

PICTURE = np.zeros((8, 8, 3), np.uint8)


def test_a_request_holds_what_the_panels_show() -> None:
    state = EditState()
    state.set_job(Job.SWAP)
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
