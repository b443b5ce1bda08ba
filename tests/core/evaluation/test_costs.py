"""The rows that an edit costs are those that its method's steps ask for."""

import numpy as np
import pytest

from core.evaluation.costs import HEADER, Comparison, compare_all, line, swap_methods
from core.request import EditRequest
from core.settings import (
    DDIMSwapSettings,
    FlowEditSettings,
    MasaCtrlSettings,
    PromptToPromptSettings,
)

STEPS = 5


def compared(model, settings):
    picture = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    first = EditRequest(
        DDIMSwapSettings(), picture, source_prompt="a cat", target_prompt="a", steps=STEPS
    )
    (found,) = compare_all({settings.name: settings}, first, ("a dog", "a pear"), model, 2)
    return found


@pytest.mark.parametrize(
    ("settings", "rows", "steps"),
    [
        (DDIMSwapSettings(inversion_strength=1.0), (5 + 10, 10), (2, None)),
        (
            PromptToPromptSettings(inversion_strength=1.0, cross_steps=0.6, inversion_iterations=4),
            (20 + 13, 13),
            (3, 2),
        ),
        (
            PromptToPromptSettings(
                inversion_strength=1.0, cross_steps=0.6, source_guidance_scale=5.0
            ),
            (5 + 16, 16),
            (4, 2),
        ),
        (MasaCtrlSettings(), (5 + 15, 15), (3, None)),
    ],
    ids=["ddim-swap", "prompt-to-prompt", "equal guidance", "masactrl"],
)
def test_rows_are_counted_and_compared(settings, rows, steps, tiny_model):
    found = compared(tiny_model, settings)
    assert isinstance(found, Comparison)
    assert (found.first_rows, found.second_rows) == rows
    assert (found.before, found.after) == steps
    assert found.rows == pytest.approx(rows[1] / rows[0])
    assert found.seconds > 0
    assert (found.step_seconds is None) == (steps[1] is None)
    assert len(line(found)) == len(HEADER)


def test_what_a_model_cannot_do_is_told(tiny_model):
    found = compared(tiny_model, FlowEditSettings())
    assert isinstance(found, str)
    assert found.startswith("flowedit: ")


def test_every_swap_method_is_compared():
    methods = swap_methods()
    assert {"prompt-to-prompt", "null-text", "edit-friendly"} <= methods.keys()
    guided = methods["prompt-to-prompt, both guided"]
    assert isinstance(guided, PromptToPromptSettings)
    assert guided.source_guidance_scale == EditRequest.guidance_scale
