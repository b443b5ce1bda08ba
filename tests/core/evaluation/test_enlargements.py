"""Enlargements with known answers: what is small, the figures, and a model made for it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from core.evaluation.enlargements import (
    CUBIC,
    PROMPTED,
    WORDLESS,
    page,
    run_enlargements,
    sheet,
    shrunk,
    ways,
)
from core.models.stable_diffusion import load
from core.training.assemble import assemble
from core.training.choices import Conditioning
from core.training.latent_diffusion import Aim
from tests.core.training.studio import SIDE, Studio


class Means:
    """A tower that sees mean colours."""

    def distance(self, first: np.ndarray, second: np.ndarray) -> float:
        return float(np.abs(first.mean((0, 1)) - second.mean((0, 1))).mean())


TOWER: Any = Means()


def waves(side: int) -> np.ndarray:
    """Slow waves, which a quarter of the pixels still hold."""
    along = np.sin(np.linspace(0, 2 * np.pi, side))
    grey = 128 + 60 * along[:, None] * along[None]
    return np.repeat(grey[..., None], 3, axis=2).round().astype(np.uint8)


def test_what_is_flat_stays_and_sides_are_a_quarter() -> None:
    assert np.array_equal(shrunk(np.full((32, 64, 3), 77, np.uint8)), np.full((8, 16, 3), 77))


def test_the_answer_itself_is_found_and_a_cubic_comes_near_to_waves() -> None:
    original = waves(64)
    # The model is not asked.
    cubic = {CUBIC: ways(None, 1, 1.0)[CUBIC]}  # pyright: ignore
    right = {"right": lambda small, prompt, seed: original}
    exact, near = run_enlargements([(original, "waves")], right | cubic, TOWER)
    assert (exact.figures.psnr, exact.figures.ssim) == (50.0, pytest.approx(1.0))
    assert exact.figures.tower == 0.0
    assert 35.0 < near.figures.psnr < 50.0
    drawn = sheet([exact, near], 6)
    assert drawn.shape[1] > 4 * 64


def test_a_member_draws_with_words_and_without(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    out = studio.train("upscale", Aim(Conditioning.UPSCALE), 2)
    assemble(studio.stage, studio.clip, out, tmp_path / "member")
    model = load(tmp_path / "member", torch.device("cpu"), torch.float32)
    originals = [(np.asarray(studio.bank.pictures[i]), f"picture {i}") for i in range(2)]
    found = list(run_enlargements(originals, ways(model, 2, 3.0), TOWER))
    assert [one.way for one in found] == 2 * [CUBIC, WORDLESS, PROMPTED]
    assert all(one.picture.shape == (SIDE, SIDE, 3) for one in found)
    assert not np.array_equal(found[1].picture, found[2].picture)
    text = page(found, 2, 3.0)
    assert "2 held-out scenes" in text
    assert all(f"| {way} |" in text for way in (CUBIC, WORDLESS, PROMPTED))
