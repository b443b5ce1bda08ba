"""The held-out loss of a latent denoiser: the same each time, and smaller for one that knows."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from core.models import first_stage
from core.training.beside import teacher
from core.training.choices import Conditioning, Prediction, Weighting
from core.training.denoising import HeldOut
from core.training.latent_diffusion import scheduler_config
from core.training.loop import Run, RunOptions, Schedule
from core.training.objective import Objective
from core.training.tokenizer import load_tokenizer
from tests.core.training.studio import Studio


class Answer:
    def __init__(self, sample: torch.Tensor) -> None:
        self.sample = self.last_hidden_state = sample


class Shrinking(nn.Module):
    """Says that the picture is x times alpha: the best guess for latents of a unit Gaussian."""

    def __init__(self, bars: torch.Tensor) -> None:
        super().__init__()
        self.bars, self.asked = bars, 0
        self.gain = nn.Parameter(torch.zeros(()))

    def forward(self, x: torch.Tensor, t: torch.Tensor, states: Any, **told: Any) -> Answer:
        self.asked += len(x)
        bar = self.bars[t].view(-1, 1, 1, 1)
        clean = x[:, :8] * bar.sqrt() * self.gain
        eps = (x[:, :8] - bar.sqrt() * clean) / (1 - bar).sqrt()
        return Answer(bar.sqrt() * eps - (1 - bar).sqrt() * clean)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return Studio(tmp_path_factory.mktemp("studio"))


@pytest.mark.parametrize("kind", [Conditioning.TEXT, Conditioning.INPAINT])
def test_it_is_the_same_each_time_and_tells_who_knows_more(
    studio: Studio, kind: Conditioning, tmp_path: Path
) -> None:
    stage = first_stage.load_first_stage(studio.stage)
    bars = scheduler_config().alphas_cumprod
    objective = Objective(Prediction.V, Weighting.SIMPLE, bars)
    shows = teacher(kind, studio.bank, stage, 4, lambda: studio.library)
    judge = HeldOut(studio.bank, stage, load_tokenizer(studio.clip / "tokenizer"), objective, shows)
    # Latents of unit size, so that the closed form is the best answer.
    judge.latents = torch.randn(judge.latents.shape, generator=torch.Generator().manual_seed(1))
    network = Shrinking(bars)
    run = Run(tmp_path, network, Schedule(1e-3), RunOptions(1.0))

    def words(input_ids: torch.Tensor) -> Answer:
        return Answer(torch.zeros(*input_ids.shape, 4))

    found = judge.loss(run, network, words)
    assert judge.loss(run, network, words) == found
    assert network.asked == 2 * 10 * len(studio.bank.pictures)
    run.ema.shadow_params = [torch.ones(())]
    better = judge.loss(run, network, words)
    assert better < found
    # Where latents are a unit Gaussian, v given x has the variance 1, and its mean is 0.
    assert better == pytest.approx(1.0, abs=0.05)
    noted = np.loadtxt(tmp_path / "validation.csv", delimiter=",")
    assert noted[:, 1] == pytest.approx([found, found, better], abs=1e-6)
