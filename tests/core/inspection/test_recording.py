"""A recording's heat maps, in closed form. No network, and no torch."""

import subprocess
import sys

import numpy as np
import pytest

from core.inspection.recording import stretched
from tests.recordings import made_recording, map_of


def test_the_recording_needs_no_torch():
    code = "import sys, core.inspection.recording; print('torch' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "False"


def test_a_heat_map_is_the_mean_over_steps_stretched_to_0_and_1():
    recording = made_recording(maps=[map_of(0, 1.0), map_of(3, 3.0)])
    first = recording.heat_map("target", 0, range(1))
    both = recording.heat_map("target", 0)
    assert first is not None
    assert both is not None
    assert first.shape == both.shape == (32, 48)
    assert first.dtype == np.float32
    for heat in (first, both):
        assert heat.min() == 0.0
        assert heat.max() == 1.0
    assert np.unravel_index(first.argmax(), first.shape) < (8, 8)
    # place 3 is the last of the first row of four, and three times as hot as place 0
    row, column = np.unravel_index(both.argmax(), both.shape)
    assert row < 8
    assert column >= 36
    assert both[:8, :12].max() == pytest.approx(1 / 3, abs=0.1)


def test_sizes_count_the_same_or_alone():
    recording = made_recording(sizes=((4, 4), (2, 2)))
    assert recording.sizes == ((4, 4), (2, 2))
    fine = recording.heat_map("source", 0, size=(4, 4))
    coarse = recording.heat_map("source", 0, size=(2, 2))
    assert fine is not None
    assert coarse is not None
    assert not np.array_equal(fine, coarse)
    assert recording.heat_map("source", 0, size=(3, 3)) is None


def test_where_nothing_was_recorded_there_is_none():
    recording = made_recording(prompts=("target",))
    assert recording.heat_map("source", 0) is None
    assert recording.heat_map("target", 0, range(0)) is None


def test_a_word_that_looks_everywhere_alike_is_nowhere():
    assert not stretched(np.full((4, 4), 0.3, np.float32)).any()
    assert stretched(np.array([[1.0, 3.0, 2.0]], np.float32)).tolist() == [[0.0, 1.0, 0.5]]


def test_padding_is_cut_off():
    recording = made_recording(inner=(20, 33), padded=(32, 48))
    heat = recording.heat_map("target", 0)
    assert heat is not None
    assert heat.shape == (20, 33)


def test_in_the_picture_it_lies_in_its_frame():
    recording = made_recording(top=10, left=20, height=64, width=96)
    heat = recording.heat_map("target", 0)
    assert heat is not None
    whole = recording.in_picture(heat, (120, 160))
    assert whole.shape == (120, 160)
    assert whole[10:74, 20:116].max() > 0.9
    whole[10:74, 20:116] = 0
    assert not whole.any()


def test_words_have_counterparts_in_the_other_prompt():
    recording = made_recording(
        source=("a", "red", "apple", "and", "a", "Cat"),
        target=("a", "green", "apple", "and", "a", "big", "cat"),
    )
    found = [recording.counterpart("source", i) for i in range(6)]
    assert [pair and pair[1] for pair in found] == [0, 1, 2, 3, 4, 6]
    assert {pair[0] for pair in found if pair} == {"target"}
    assert recording.counterpart("target", 5) is None
    assert recording.counterpart("target", 6) == ("source", 5)
