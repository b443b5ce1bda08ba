"""The figures of an edit, against closed forms."""

import math
from dataclasses import asdict

import numpy as np
import pytest
import torch

from core.evaluation.clip_score import ClipScore
from core.evaluation.edit_figures import CAP, measure, psnr, ssim
from core.evaluation.known_edits import known_edit
from tests.drawn_objects import drawn_objects
from tests.tiny_clip import write_tiny_clip

RANDOM = np.random.default_rng(0)


@pytest.fixture(scope="module")
def clip(tiny_folder):
    return ClipScore(write_tiny_clip(tiny_folder))


@pytest.fixture(scope="module")
def edit():
    return known_edit(0, 0, drawn_objects(), 128)


def noise(*shape):
    return RANDOM.integers(0, 256, shape, dtype=np.uint8)


def test_psnr_is_that_of_the_region_alone():
    black = np.zeros((8, 8, 3), np.uint8)
    grey = black.copy()
    grey[:4] = 51  # a fifth of 255
    where = np.zeros((8, 8), bool)
    where[:4] = True
    assert psnr(black, grey, where) == pytest.approx(20 * math.log10(5))
    assert psnr(black, grey) == pytest.approx(20 * math.log10(5) + 10 * math.log10(2))
    assert psnr(black, grey, ~where) == psnr(black, black) == CAP


def test_ssim_of_flat_pictures_has_a_closed_form():
    """Without variance only the means are left: (2 a b + C1) / (a^2 + b^2 + C1)."""
    a, b, c1 = 100.0, 150.0, (0.01 * 255) ** 2
    first, second = (np.full((20, 20, 3), value, np.uint8) for value in (100, 150))
    expected = (2 * a * b + c1) / (a * a + b * b + c1)
    np.testing.assert_allclose(ssim(first, second), expected, rtol=1e-5)


def test_ssim_of_a_picture_with_itself_is_1_and_with_its_negative_below_0():
    picture = noise(24, 24, 3)
    np.testing.assert_allclose(ssim(picture, picture), 1, rtol=1e-6)
    assert ssim(picture, 255 - picture).mean() < 0


def test_ssim_in_the_middle_is_the_formula_written_out():
    first, second = noise(11, 11, 3), noise(11, 11, 3)
    axis = np.exp(-(np.arange(-5, 6) ** 2) / (2 * 1.5**2))
    window = np.outer(axis, axis)[..., None] / np.outer(axis, axis).sum()
    x, y = first.astype(float), second.astype(float)
    mx, my = (window * x).sum((0, 1)), (window * y).sum((0, 1))
    vx, vy = (window * x * x).sum((0, 1)) - mx**2, (window * y * y).sum((0, 1)) - my**2
    cov = (window * x * y).sum((0, 1)) - mx * my
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    expected = (2 * mx * my + c1) * (2 * cov + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))
    assert ssim(first, second)[5, 5] == pytest.approx(expected.mean(), rel=1e-5)


def test_the_towers_distance_is_0_for_the_same_and_symmetric(clip):
    one, other = noise(64, 64, 3), noise(64, 64, 3)
    assert clip.distance(one, one) == 0
    assert clip.distance(one, other) == pytest.approx(clip.distance(other, one), rel=1e-5)
    assert 0 < clip.distance(one, other) <= 4


def test_the_known_answer_is_perfect(clip, edit):
    figures = measure(edit, edit.answer, clip)
    assert figures.kept_psnr > 45
    assert figures.kept_ssim == pytest.approx(1, abs=1e-3)
    assert (figures.true_psnr, figures.true_tower) == (CAP, 0)
    change = clip.pictures([edit.answer]) - clip.pictures([edit.picture])
    words = clip.texts([edit.target_prompt]) - clip.texts([edit.source_caption])
    assert figures.direction == pytest.approx(torch.cosine_similarity(change, words).item(), 1e-4)
    assert figures.agreement == pytest.approx(
        clip.agreement(edit.answer, [edit.target_prompt])[0], rel=1e-5
    )


def test_nothing_done_keeps_all_and_goes_nowhere(clip, edit):
    figures = measure(edit, edit.picture, clip)
    assert (figures.kept_psnr, figures.kept_tower, figures.direction) == (CAP, 0, 0)
    assert figures.true_psnr < CAP


def test_a_change_inside_the_edit_costs_nothing_of_what_is_kept(clip, edit):
    result = np.where(edit.changed[..., None], noise(128, 128, 3), edit.picture)
    figures = measure(edit, result, clip)
    assert (figures.kept_psnr, figures.kept_tower) == (CAP, 0)
    assert figures.true_psnr < 20


def test_where_nothing_is_kept_there_are_no_figures_of_it(clip):
    edit = known_edit(0, 0, drawn_objects(), 64)
    edit.__dict__["kept"] = None
    figures = asdict(measure(edit, edit.answer, clip))
    assert {name for name, value in figures.items() if math.isnan(value)} == {
        "kept_psnr",
        "kept_ssim",
        "kept_tower",
    }
