"""Muon: what it does to a matrix, what it trains, and that a run with it resumes."""

from pathlib import Path

import pytest
import torch
from torch import nn

from core.training.loop import Run, RunOptions, Schedule
from core.training.muon import ADAMW_SIZE, Muon, hidden_matrices, orthogonal

PLAIN = Schedule(0.02, warmup=1, ema_decay=0.9)


@pytest.mark.parametrize("shape", [(3, 8, 24), (2, 24, 8), (1, 16, 16)])
def test_singular_values_move_to_about_one(shape: tuple[int, int, int]) -> None:
    torch.manual_seed(0)
    left, _, right = torch.linalg.svd(torch.randn(shape), full_matrices=False)
    values = torch.logspace(0, -1.5, left.shape[-1])
    found = orthogonal(left * values @ right).float()
    assert found.shape == shape
    assert (torch.linalg.svdvals(found) - 0.95).abs().max() < 0.3
    # The matrix's own directions stay: only its values move.
    inner = (left.mT @ found @ right.mT).abs()
    assert (inner - inner.diagonal(dim1=-2, dim2=-1).diag_embed()).max() < 0.05


def test_an_update_is_as_large_as_one_of_adamw() -> None:
    torch.manual_seed(0)
    kernel = nn.Parameter(torch.zeros(8, 4, 3, 3))
    kernel.grad = torch.randn(8, 4, 3, 3)
    Muon([kernel], lr=0.1, weight_decay=0.0).step()
    # An orthogonal 8 x 36 matrix has a root mean square of 1 / 6, and max(8, 36) ** 0.5 is 6.
    assert kernel.square().mean().sqrt().item() == pytest.approx(0.1 * ADAMW_SIZE, rel=0.25)


def test_the_ends_are_left_to_adamw() -> None:
    module = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.Linear(8, 1))
    chosen = hidden_matrices(module, ("0", "3"))
    assert [id(weight) for weight in chosen] == [id(module[2].weight)]
    with pytest.raises(ValueError, match="no layer conv_in"):
        hidden_matrices(module, ("conv_in",))


def hidden(seed: int) -> nn.Module:
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 1)
    )


def train(
    folder: Path, seed: int, steps: int, resume: bool = False
) -> tuple[nn.Module, list[float]]:
    run = Run(
        folder,
        hidden(seed),
        PLAIN,
        RunOptions(1e6, resume, max_steps=steps),
        muon_without=("0", "4"),
    )
    losses = []
    for step in run:
        x = torch.randn(32, 2, generator=torch.Generator().manual_seed(step))
        loss = (run.module(x) - x[:, :1] * x[:, 1:]).square().mean()
        run.update({"loss": loss})
        losses.append(loss.item())
    return run.module, losses


def test_it_learns_and_resumes_exactly(tmp_path: Path) -> None:
    whole, losses = train(tmp_path / "whole", 0, 150)
    assert sum(losses[-10:]) < sum(losses[:10]) / 3
    _, first = train(tmp_path / "parts", 0, 60)
    parts, second = train(tmp_path / "parts", 1, 150, resume=True)
    assert first + second == losses
    for one, other in zip(whole.parameters(), parts.parameters(), strict=True):
        assert torch.equal(one, other)
