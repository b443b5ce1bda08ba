import math

import numpy as np
import pytest
import torch

from core.restoration.phantom import ELLIPSES, shepp_logan
from core.restoration.radon import Radon, even_angles


def test_the_phantom_has_the_ellipses_masses_and_values() -> None:
    side = 128
    phantom = shepp_logan(side)
    assert phantom.shape == (side, side)
    assert phantom.min() == 0.0
    assert phantom.max() == 1.0
    mass = sum(value * math.pi * a * b for value, a, b, *_ in ELLIPSES) / 4
    assert phantom.mean() == pytest.approx(mass, rel=2e-3)
    assert phantom[side // 2, 0] == 0.0  # outside
    assert phantom[8, side // 2] == pytest.approx(1.0)  # skull
    assert phantom[24, side // 2] == pytest.approx(0.2, abs=1e-6)  # brain
    assert phantom[side // 2, round(side * 0.61)] == pytest.approx(0.0, abs=1e-6)  # ventricle


def test_its_projections_are_those_of_ellipses() -> None:
    """A chord of an ellipse is 2 a b (r^2 - s^2)^1/2 / r^2 (Kak and Slaney 1988, eq. 3.6)."""
    side = 128
    radon = Radon((side, side), (0.0, 30.0, 90.0))
    phantom = torch.from_numpy(shepp_logan(side)).double()[None, None]
    found = radon(phantom)[0, 0].numpy() * radon.diagonal * 2 / side
    bins = (np.arange(radon.diagonal) - (radon.diagonal - 1) / 2) * 2 / side
    for row, degrees in zip(found, radon.angles, strict=True):
        angle, exact = math.radians(degrees), np.zeros_like(bins)
        for value, a, b, x, y, turn in ELLIPSES:
            tilt = angle - math.radians(turn)
            squared = (a * math.cos(tilt)) ** 2 + (b * math.sin(tilt)) ** 2
            s = bins - (x * math.cos(angle) + y * math.sin(angle))
            exact += value * 2 * a * b * np.sqrt(np.clip(squared - s**2, 0, None)) / squared
        assert np.abs(row - exact).mean() < 0.01
        assert np.abs(row - exact).max() < 0.12


def test_back_projection_brings_it_back() -> None:
    side = 64
    radon = Radon((side, side), even_angles(100))
    phantom = torch.from_numpy(shepp_logan(side))[None, None]
    error = (radon.filtered_back_projection(radon(phantom)) - phantom).abs()
    assert float(error.mean()) < 0.05
