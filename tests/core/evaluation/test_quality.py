"""The card's figures against closed forms: Gaussians, an exact denoiser, a perfect reader."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from core.evaluation import quality as figures
from core.evaluation.blocks import markdown
from core.evaluation.clip_score import ClipScore
from core.evaluation.gaussian_distance import gaussian_distance
from core.evaluation.quality import (
    Quality,
    Samples,
    autoencoder_figures,
    fixed_scenes,
    recall,
    reconstruction,
)
from core.evaluation.quality_report import quality_page
from core.models.library import ModelLibrary
from core.sampling.path import VariancePreserving, linear_alpha_bars
from core.training.datasets.rendering import render
from tests.core.training.test_datasets import drawn_library
from tests.drawn_objects import drawn_objects

MEAN, SPREAD = 0.2, 0.4


class TestGaussianDistance:
    def test_equal_sets_are_at_0(self) -> None:
        features = torch.randn(50, 7, generator=torch.Generator().manual_seed(0))
        assert gaussian_distance(features, features.flip(0)) == pytest.approx(0.0, abs=1e-9)

    def test_a_shift_counts_squared(self) -> None:
        features = torch.randn(50, 7, generator=torch.Generator().manual_seed(0))
        shift = torch.arange(7.0)
        expected = float(shift.square().sum())
        assert gaussian_distance(features, features + shift) == pytest.approx(expected, rel=1e-5)

    def test_along_one_axis_it_is_known(self) -> None:
        one = torch.tensor([[-1.0], [1.0], [-1.0], [1.0]])
        other = 3 * one + 2
        # Standard deviations s and 3 s: (m1 - m2)^2 + (s1 - s2)^2.
        deviation = float(one.std())
        assert gaussian_distance(one, other) == pytest.approx(4 + (2 * deviation) ** 2)

    def test_does_not_depend_on_the_order_of_the_sets_or_a_rotation(self) -> None:
        generator = torch.Generator().manual_seed(1)
        one = torch.randn(40, 5, generator=generator)
        other = torch.randn(60, 5, generator=generator) @ torch.randn(5, 5, generator=generator)
        turn = torch.linalg.qr(torch.randn(5, 5, generator=generator)).Q
        found = gaussian_distance(one, other)
        assert gaussian_distance(other, one) == pytest.approx(found, rel=1e-5)
        assert gaussian_distance(one @ turn, other @ turn) == pytest.approx(found, rel=1e-4)

    def test_needs_two_samples(self) -> None:
        with pytest.raises(ValueError, match="at least two"):
            gaussian_distance(torch.zeros(1, 3), torch.zeros(5, 3))


class ExactModel:
    """The best denoiser of pixels that are independent and Gaussian; its first stage is nothing."""

    prediction = "epsilon"
    path = VariancePreserving(linear_alpha_bars(), spacing="trailing")

    def encode_prompts(self, prompts: list[str]) -> list[str]:
        return prompts

    def encode(self, pixels: torch.Tensor) -> torch.Tensor:
        return pixels

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        return latents

    def predict(self, x: torch.Tensor, t: float, conditioning: Any) -> torch.Tensor:
        alpha, sigma = self.path.alpha(t), self.path.sigma(t)
        variance = (alpha * SPREAD) ** 2 + sigma**2
        return sigma * (x - alpha * MEAN) / variance


class TestReconstruction:
    def test_error_falls_with_the_steps_squared(self) -> None:
        rng = np.random.default_rng(0)
        picture = np.clip((rng.normal(MEAN, SPREAD, (8, 8, 3)) + 1) * 127.5, 0, 255)
        model: Any = ExactModel()
        errors = reconstruction(model, [picture.astype(np.uint8)], (20, 80, 320))
        assert errors[20] > errors[80] > errors[320] > 0
        assert 8 < errors[80] / errors[320] < 32


class TestParts:
    def test_a_first_stage_that_loses_nothing(self) -> None:
        model: Any = ExactModel()
        picture = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)
        assert autoencoder_figures(model, [picture]) == (50.0, pytest.approx(1.0))

    def test_recall_counts_what_is_found(self) -> None:
        library = drawn_library()
        scenes = fixed_scenes("plain", 100, library)
        pictures = [render(scene, library, 8) for scene in scenes]
        right, wrong = torch.eye(100), torch.eye(100).roll(50, 0)
        mixed = torch.cat([torch.eye(100)[:40].roll(1, 0), torch.eye(100)[40:]])
        for answers, expected in ((right, 1.0), (wrong, 0.0), (mixed, 0.6)):
            clip: Any = SimpleNamespace(
                pictures=lambda _: torch.eye(100), texts=lambda _, answers=answers: answers
            )
            assert recall(clip, scenes, pictures, "ko", library) == pytest.approx(expected)
        with pytest.raises(ValueError, match="100 scenes"):
            recall(clip, scenes[:50], pictures, "ko", library)


def test_the_starter_has_all_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "LANGUAGE_STEPS", 2)
    library, objects = ModelLibrary(), drawn_objects()
    model, folder = library.load("starter"), library.get("starter").folder
    scenes = fixed_scenes("rich", 100, objects)
    judge = ClipScore(folder)
    unseen = fixed_scenes("rich", 2, objects, "unseen")
    monkeypatch.setattr(figures, "UNSEEN_STEPS", (2,))
    found = figures.quality(
        model, folder, scenes, unseen, objects, judge=judge, steps=(2,), drawn=3
    )
    assert found.unseen_psnr > 20
    assert 0 < found.unseen_errors[2] < 0.5
    assert found.psnr > 20
    assert found.recall.keys() == found.languages.keys() == {"en", "ko"}
    assert [one.steps for one in found.samples] == [2]
    for value in (found.real_agreement, found.samples[0].agreement, *found.languages.values()):
        assert -1 <= value <= 1
    assert found.samples[0].distance > found.split_distance > 0


def test_the_page_shows_models_side_by_side() -> None:
    both = {"en": 0.95, "ko": 0.9}
    drawn = (Samples(5, 0.2, 0.7),)
    one = Quality(28.5, 0.9, both, drawn, {"en": 0.81, "ko": 0.79}, 26.4, {20: 0.003}, 0.9, 0.01)
    page = quality_page({"a": one, "b": one}, "rich", 200, {"p": {10: 0.01, 20: 0.002}})
    text = markdown(page)
    for expected in ("28.50", "0.950", "0.2000", "0.700", "0.00200", "Korean", "0.790", "26.40"):
        assert expected in text
