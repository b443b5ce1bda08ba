"""The training loop: its limit, its state on disk, its averages, and what stops it."""

import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from core.errors import TrainingError
from core.training.loop import Run, RunOptions, Schedule, for_each_minutes

FOREVER = 1e6
PLAIN = Schedule(0.05, warmup=1, ema_decay=0.9)


def line(seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))


def batch(step: int) -> tuple[torch.Tensor, torch.Tensor]:
    x = torch.randn(16, 2, generator=torch.Generator().manual_seed(step))
    return x, x[:, :1] - 2 * x[:, 1:]


def squared(module: nn.Module, step: int) -> torch.Tensor:
    x, y = batch(step)
    return (module(x) - y).square().mean()


def start(folder: Path, module: nn.Module, **options: Any) -> Run:
    return Run(folder, module, PLAIN, RunOptions(**{"minutes": FOREVER, **options}))


def train(run: Run, loss_at: Callable[[nn.Module, int], torch.Tensor] = squared) -> list[float]:
    losses = []
    for step in run:
        loss = loss_at(run.module, step)
        run.update({"loss": loss, "twice": 2 * loss})
        losses.append(loss.item())
    return losses


def weights(module: nn.Module) -> torch.Tensor:
    return torch.cat([p.detach().flatten().clone() for p in module.parameters()])


def test_it_learns(tmp_path: Path) -> None:
    losses = train(start(tmp_path, line(), max_steps=150))
    assert np.mean(losses[-10:]) < np.mean(losses[:10]) / 10


def test_it_stops_at_its_time_and_saves(tmp_path: Path) -> None:
    run = start(tmp_path, line(), minutes=0.3 / 60)
    losses = train(run)
    assert run.elapsed >= 0.3
    assert len(losses) == run.step > 0
    assert (tmp_path / "state.pt").exists()
    assert not (tmp_path / "state.tmp").exists()


def test_a_run_in_two_parts_is_the_run_in_one(tmp_path: Path) -> None:
    whole = start(tmp_path / "whole", line(), max_steps=20)
    losses = train(whole)
    first = train(start(tmp_path / "parts", line(), max_steps=8))
    resumed = start(tmp_path / "parts", line(seed=1), max_steps=20, resume=True)
    assert resumed.step == 8
    second = train(resumed)
    assert first + second == losses
    assert torch.equal(weights(whole.module), weights(resumed.module))
    with whole.averaged(), resumed.averaged():
        assert torch.equal(weights(whole.module), weights(resumed.module))


def test_the_time_trained_adds_up(tmp_path: Path) -> None:
    run = start(tmp_path, line(), max_steps=3)
    train(run)
    again = start(tmp_path, line(), max_steps=6, resume=True)
    assert 0 < again.trained_seconds <= run.elapsed
    train(again)
    assert start(tmp_path, line(), resume=True).trained_seconds > again.trained_seconds


def test_resuming_what_is_not_there_starts_anew(tmp_path: Path) -> None:
    assert start(tmp_path / "new", line(), resume=True).step == 0


def test_a_run_is_not_overwritten(tmp_path: Path) -> None:
    train(start(tmp_path, line(), max_steps=2))
    before = (tmp_path / "state.pt").read_bytes()
    with pytest.raises(TrainingError, match="add --resume to go on or choose another folder"):
        start(tmp_path, line())
    assert (tmp_path / "state.pt").read_bytes() == before


def test_a_state_of_another_network_is_named(tmp_path: Path) -> None:
    train(start(tmp_path, line(), max_steps=2))
    with pytest.raises(TrainingError, match="not a state of this preset"):
        start(tmp_path, nn.Linear(3, 3), resume=True)


@pytest.mark.parametrize("content", [b"", b"not a state", b"PK\x03\x04", b"\x80\x02K\x01."])
def test_a_damaged_state_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "state.pt").write_bytes(content)
    with pytest.raises(TrainingError, match="not a state of this preset"):
        start(tmp_path, line(), resume=True)


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_a_loss_that_is_no_number_stops_the_run(tmp_path: Path, wrong: float) -> None:
    train(start(tmp_path, line(), max_steps=2))
    before = (tmp_path / "state.pt").read_bytes()
    run = start(tmp_path, line(), resume=True)
    kept = weights(run.module)
    with pytest.raises(TrainingError, match=r"the loss of .* is (nan|inf) at step 2"):
        train(run, lambda module, step: squared(module, step) * wrong)
    assert (tmp_path / "state.pt").read_bytes() == before
    assert torch.equal(weights(run.module), kept)


def test_a_gradient_that_is_no_number_stops_the_run(tmp_path: Path) -> None:
    """sqrt(0) is a number and its slope is none: one more step would spoil every weight."""
    run = start(tmp_path, line())
    kept = weights(run.module)
    with pytest.raises(TrainingError, match=r"the gradient of .* is nan at step 0"):
        train(run, lambda module, step: (squared(module, step) * 0.0).sqrt())
    assert torch.equal(weights(run.module), kept)


def test_the_averages_are_lent_and_the_weights_come_back(tmp_path: Path) -> None:
    run = start(tmp_path, line(), max_steps=30)
    train(run)
    trained = weights(run.module)
    with run.averaged() as module:
        assert not module.training
        assert not torch.equal(weights(module), trained)
    assert run.module.training
    assert torch.equal(weights(run.module), trained)


def test_the_average_is_exponential(tmp_path: Path) -> None:
    """diffusers' EMA with its early steps: the decay is min(0.9, (1 + n) / (10 + n))."""
    run = start(tmp_path, line(), max_steps=6)
    expected = weights(run.module)
    for step in run:
        run.update({"loss": squared(run.module, step)})
        decay = min(0.9, (1 + step) / (10 + step)) if step else 0.0
        expected = decay * expected + (1 - decay) * weights(run.module)
    with run.averaged():
        assert torch.allclose(weights(run.module), expected, atol=1e-6)


def test_the_rate_warms_up_stays_and_falls() -> None:
    schedule = Schedule(1.0, warmup=10, decay_share=0.25)
    assert [schedule.rate(step, 0.0) for step in (0, 4, 9, 500)] == [0.1, 0.5, 1.0, 1.0]
    assert schedule.rate(500, 0.75) == pytest.approx(1.0)
    assert schedule.rate(500, 0.875) == pytest.approx(0.5)
    assert schedule.rate(500, 1.0) == schedule.rate(500, 1.5) == 0.05


def test_the_log_and_the_curve_tell_the_losses(tmp_path: Path) -> None:
    train(start(tmp_path, line(), max_steps=100))
    train(start(tmp_path, line(), max_steps=150, resume=True))
    with (tmp_path / "log.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["step"] for row in rows] == ["50", "100", "150"]
    assert list(rows[0]) == ["step", "minutes", "rate", "loss", "twice"]
    assert float(rows[2]["twice"]) == pytest.approx(2 * float(rows[2]["loss"]), rel=1e-3)
    assert [float(row["minutes"]) for row in rows] == sorted(float(r["minutes"]) for r in rows)
    with Image.open(tmp_path / "curve.png") as curve:
        assert curve.size == (960, 480)


def test_a_long_run_saves_on_the_way(tmp_path: Path) -> None:
    run = Run(tmp_path, line(), Schedule(0.01, save_seconds=0.0), RunOptions(1.0))
    for step in run:
        if step == 1:
            assert torch.load(tmp_path / "state.pt", weights_only=True)["step"] == 1
            break
        run.update({"loss": squared(run.module, step)})


def test_for_each_minutes_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now, calls = [0.0], []
    monkeypatch.setattr("core.training.loop.time.monotonic", lambda: now[0])
    maybe = for_each_minutes(start(tmp_path, line()), 5.0, lambda: calls.append(now[0]))
    for now[0] in range(0, 1000, 100):
        maybe()
    assert calls == [300.0, 600.0, 900.0]


def duel(folder: Path, steps: int, **options: Any) -> Run:
    """A line that flees from an opponent, which is trained from step 4 on."""
    run = Run(
        folder,
        line(),
        PLAIN,
        RunOptions(FOREVER, max_steps=steps, **options),
        opponent=line(seed=3),
    )
    for step in run:
        x, _ = batch(step)
        run.update({"loss": squared(run.module, step) - run.opponent(x).mean()})
        if step >= 4:
            apart = run.opponent(x).mean() - run.module(x).mean().detach()
            run.update_opponent({"opponent": apart.square()})
    return run


def test_an_opponent_is_trained_apart_and_resumed(tmp_path: Path) -> None:
    whole = duel(tmp_path / "whole", 12)
    assert whole.opponent_steps == 8
    untouched = duel(tmp_path / "early", 4)
    assert torch.equal(weights(untouched.opponent), weights(line(seed=3)))
    duel(tmp_path / "parts", 7)
    resumed = duel(tmp_path / "parts", 12, resume=True)
    assert resumed.opponent_steps == 8
    for name in ("module", "opponent"):
        assert torch.equal(weights(getattr(resumed, name)), weights(getattr(whole, name)))


def test_what_is_not_known_yet_leaves_its_place_in_the_log_empty(tmp_path: Path) -> None:
    run = start(tmp_path, line(), max_steps=100)
    for step in run:
        later = torch.tensor(math.nan if step < 60 else 3.0)
        run.update({"loss": squared(run.module, step), "later": later})
    with (tmp_path / "log.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["later"] for row in rows] == ["", "3"]
    assert (tmp_path / "curve.png").exists()


def test_a_run_is_resumed_with_the_setup_that_it_began_with(tmp_path: Path) -> None:
    def begin(**options: Any) -> Run:
        return Run(
            tmp_path, line(), PLAIN, RunOptions(FOREVER, max_steps=1, **options), setup=setup
        )

    setup = {"prediction": "epsilon"}
    train(begin())
    assert begin(resume=True).step == 1
    setup = {"prediction": "v"}
    with pytest.raises(TrainingError, match="begun with prediction epsilon, not v"):
        begin(resume=True)


def test_chance_is_that_of_the_step(tmp_path: Path) -> None:
    run = start(tmp_path, line(), seed=3)
    first = [run.chance() for _ in range(2)]
    assert len({rng.integers(1 << 40) for rng, _ in first}) == 1
    assert len({noise.initial_seed() for _, noise in first}) == 1
    run.step = 1
    assert run.chance()[0].integers(1 << 40) != run.options.seed
    assert run.chance()[1].initial_seed() != first[0][1].initial_seed()
