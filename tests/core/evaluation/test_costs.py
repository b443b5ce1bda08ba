"""The rows that an edit costs are those that its method's steps ask for."""

import numpy as np
import pytest

from core.evaluation.costs import HEADER, Comparison, compare_all, line, swap_methods
from core.methods.auto import FILE, read_figures, settings_of
from core.request import EditRequest
from core.settings import (
    DDIMSwapSettings,
    FlowEditSettings,
    MasaCtrlSettings,
    NegativePromptSettings,
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
    ("settings", "rows", "levels"),
    [
        (DDIMSwapSettings(inversion_strength=1.0), (5 + 10, 10), (2,)),
        (
            PromptToPromptSettings(inversion_strength=1.0, cross_steps=0.6, guided_steps=1.0),
            (20 + 13, 13),
            (3, 2),
        ),
        (
            PromptToPromptSettings(inversion_strength=1.0, cross_steps=0.4, guided_steps=0.4),
            (20 + 9, 9),
            (3, 1),
        ),
        (
            PromptToPromptSettings(
                inversion_strength=1.0,
                inversion_iterations=1,
                cross_steps=0.6,
                guided_steps=1.0,
                source_guidance_scale=5.0,
            ),
            (5 + 16, 16),
            (4, 2),
        ),
        (
            NegativePromptSettings(
                inversion_strength=1.0, inversion_iterations=1, cross_steps=0.4, guided_steps=0.6
            ),
            (5 + 10, 10),
            (3, 2, 1),
        ),
        (MasaCtrlSettings(inversion_strength=1.0, guided_steps=1.0), (20 + 15, 15), (3,)),
    ],
    ids=["plain", "held", "guided while held", "equal guidance", "negative-prompt", "masactrl"],
)
def test_rows_are_counted_and_compared(settings, rows, levels, tiny_model):
    found = compared(tiny_model, settings)
    assert isinstance(found, Comparison)
    assert (found.first_rows, found.second_rows) == rows
    assert found.levels == levels
    assert found.rows == pytest.approx(rows[1] / rows[0])
    assert found.seconds > 0
    assert (found.step_seconds is None) == (len(levels) == 1)
    assert found.step == (levels[1] / levels[0] if len(levels) > 1 else None)
    assert len(line(found)) == len(HEADER)


def test_what_a_model_cannot_do_is_told(tiny_model):
    found = compared(tiny_model, FlowEditSettings())
    assert isinstance(found, str)
    assert found.startswith("flowedit: ")


def test_every_swap_method_and_what_auto_takes_is_compared():
    methods = swap_methods()
    assert {"prompt-to-prompt", "null-text", "edit-friendly"} <= methods.keys()
    for measured in read_figures(FILE).values():
        assert all(settings_of(best) in methods.values() for best in measured.best.values())
    held = methods["prompt-to-prompt, guided while held"]
    assert isinstance(held, PromptToPromptSettings)
    assert held.guided_steps == held.cross_steps
