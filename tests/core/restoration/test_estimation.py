"""What was done to synthetic pictures is found again, within a tolerance."""

import numpy as np
import pytest
import torch

from core.errors import RequestError
from core.restoration.estimation import (
    estimate,
    estimate_blur,
    estimate_noise,
    estimate_scale,
)
from core.restoration.separable import bicubic_downsampling, gaussian_blur


def picture(seed: int = 0, side: int = 256) -> np.ndarray:
    """Discs and bars of flat colour, one over the other: edges at all scales, [H, W, 3]."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:side, 0:side]
    values = np.full((side, side, 3), 0.5)
    for _ in range(150):
        y, x = random.uniform(0, side, 2)
        radius = side / 4 * random.uniform(0.05, 1) ** 2 + 2
        if random.random() < 0.5:
            inside = (rows - y) ** 2 + (columns - x) ** 2 < radius**2
        else:
            inside = (abs(rows - y) < radius) & (abs(columns - x) < radius / 2)
        values[inside] = random.uniform(0.1, 0.9, 3)
    return values


def noisy(values: np.ndarray, noise: float, seed: int = 1) -> np.ndarray:
    values = values + np.random.default_rng(seed).normal(0, noise, values.shape)
    return np.rint(255 * values.clip(0, 1)).astype(np.uint8)


def blurred(values: np.ndarray, sigma: float) -> np.ndarray:
    x = torch.from_numpy(values).permute(2, 0, 1)[None]
    return gaussian_blur(values.shape[:2], sigma)(x)[0].permute(1, 2, 0).numpy()


@pytest.mark.parametrize("noise", [0.01, 0.02, 0.05, 0.1])
def test_noise(noise: float) -> None:
    assert estimate_noise(noisy(picture(), noise)) == pytest.approx(noise, rel=0.2)


def test_a_picture_without_noise_has_little() -> None:
    assert estimate_noise(noisy(picture(), 0.0)) < 0.003
    assert estimate_noise(np.zeros((32, 32, 3), np.uint8)) == 0.0


@pytest.mark.parametrize("sigma", [1.5, 2.0, 3.0, 4.0])
@pytest.mark.parametrize("noise", [0.005, 0.02])
def test_blur(sigma: float, noise: float) -> None:
    found = [estimate_blur(noisy(blurred(picture(k), sigma), noise)) for k in range(3)]
    assert np.median(found) == pytest.approx(sigma, rel=0.25)


def test_a_sharp_picture_is_hardly_blurred() -> None:
    assert estimate_blur(noisy(picture(), 0.01)) < 0.6


@pytest.mark.parametrize("factor", [2, 3, 4, 8])
def test_scale(factor: int) -> None:
    import cv2

    side = 24 * factor * (8 // factor if factor < 8 else 1) * 2
    x = torch.from_numpy(picture(side=side)).permute(2, 0, 1)[None]
    small = bicubic_downsampling((side, side), factor)(x)[0].permute(1, 2, 0).numpy()
    large = cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC)
    assert estimate_scale(noisy(large, 0.0)) == factor


def test_a_picture_at_its_own_size_has_scale_one() -> None:
    for seed in range(4):
        assert estimate_scale(noisy(picture(seed), 0.005)) == 1.0


def test_too_few_pixels() -> None:
    with pytest.raises(RequestError, match="too few"):
        estimate_noise(np.zeros((15, 40, 3), np.uint8))


def test_what_all_quarters_agree_on_is_sure() -> None:
    found = estimate(noisy(blurred(picture(), 3.0), 0.02))
    assert found.noise.value == pytest.approx(0.02, rel=0.2)
    assert found.noise.certainty == "sure"
    assert found.blur.value == pytest.approx(3.0, rel=0.25)
    assert found.blur.certainty in ("sure", "rough")


def test_what_differs_from_place_to_place_is_a_guess() -> None:
    values = picture()
    calm, rough = noisy(values, 0.005), noisy(values, 0.1)
    mixed = np.where(np.arange(256)[:, None, None] < 200, rough, calm)
    assert estimate(mixed).noise.certainty != "sure"
    mixed[:, 120:] = calm[:, 120:]
    assert estimate(mixed).noise.certainty == "guess"
    assert estimate(noisy(picture(side=64), 0.05)).noise.certainty == "guess"
