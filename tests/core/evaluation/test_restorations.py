"""Restorations are measured against known originals, batch by batch, and a killed run goes on."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from core.errors import DataError, RequestError
from core.evaluation import plain_restorers
from core.evaluation.dps_cost import dps_cost
from core.evaluation.restoration_report import HEAD, as_csv, sheet, table, verdicts
from core.evaluation.restorations import NOISE, TASKS, Restorations, Row, Sampler
from core.models.pixel_diffusion import PixelDiffusion
from core.sampling.path import VariancePreserving, linear_alpha_bars

FEW = {
    "ours": Sampler("pigdm", 3, finish=True),
    "DPS": Sampler("dps", 3),
}
SIDE = 64


class Grey(torch.nn.Module):
    """Knows that every picture is a plain grey one: x0 = the mean of x / alpha, more or less."""

    config = SimpleNamespace(in_channels=3, block_out_channels=(1,), sample_size=SIDE)
    device, dtype = torch.device("cpu"), torch.float32

    def __init__(self, path: VariancePreserving) -> None:
        super().__init__()
        self.path = path

    def forward(self, x: torch.Tensor, t: float) -> SimpleNamespace:
        alpha, sigma = self.path.alpha(t), self.path.sigma(t)
        mean = x.mean(dim=(1, 2, 3), keepdim=True) * alpha / (alpha**2 + sigma**2 / x[0].numel())
        return SimpleNamespace(sample=(x - alpha * mean) / sigma)


@pytest.fixture(scope="module")
def model() -> PixelDiffusion:
    path = VariancePreserving(linear_alpha_bars(), spacing="trailing")
    return PixelDiffusion(Grey(path), path, "epsilon", name="grey", fingerprint="0")


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    """Plain greys, which this model knows all about."""
    shades = np.linspace(60, 200, 3).round().astype(np.uint8)
    return np.broadcast_to(shades[:, None, None, None], (3, SIDE, SIDE, 3)).copy()


class Judge:
    """Stands for the CLIP: how far the mean colours are apart."""

    def distance(self, first: np.ndarray, second: np.ndarray) -> float:
        return float(np.abs(first.mean((0, 1)) - second.mean((0, 1))).mean()) / 255


def opened(folder: Path, model: PixelDiffusion, pictures: np.ndarray, seed: int = 0):
    judge: object = Judge()
    return Restorations(folder, model, judge, pictures, seed)  # pyright: ignore


def test_every_task_is_measured_and_a_killed_run_goes_on(
    tmp_path: Path, model: PixelDiffusion, pictures: np.ndarray
) -> None:
    whole = opened(tmp_path / "whole", model, pictures)
    made = list(whole.run(FEW, 3, 2))
    assert {name for name, _, _ in made} == {"plain", *FEW}
    assert {(row.task, row.method) for row in whole.rows.values()} >= {
        (task, name) for task in TASKS for name in FEW
    }
    # a run that stops after each batch, its last line cut short, comes to the same rows
    folder = tmp_path / "parts"
    assert [step[2] for step in opened(folder, model, pictures).run(FEW, 3, 2, minutes=0)] == []
    next(opened(folder, model, pictures).run(FEW, 3, 2))
    with (folder / "results.jsonl").open("a") as file:
        file.write('{"picture": 0, "ta')
    again = opened(folder, model, pictures)
    list(again.run(FEW, 3, 1))
    assert list(opened(folder, model, pictures).run(FEW, 3, 2)) == []
    without_time = [
        {**row.__dict__, "seconds": 0, "psnr": round(row.psnr, 3), "tower": round(row.tower, 2)}
        | {"ssim": round(row.ssim, 3), "residual": round(row.residual, 3)}
        for one in (whole, again)
        for row in one.rows.values()
    ]
    half = len(without_time) // 2
    assert sorted(map(json.dumps, without_time[:half])) == sorted(
        map(json.dumps, without_time[half:])
    )


def test_a_right_prior_restores_every_task(
    tmp_path: Path, model: PixelDiffusion, pictures: np.ndarray
) -> None:
    run = opened(tmp_path, model, pictures)
    exact = {"ours": Sampler("pigdm", 20, ours=True)}
    list(run.run(exact, 3, 3))
    bicubic = [row.psnr for row in run.rows.values() if row.method == "bicubic"]
    ours = [row.psnr for row in run.rows.values() if (row.task, row.method) == ("x4", "ours")]
    assert min(ours) > max(bicubic)
    for task in TASKS:
        own = [row for row in run.rows.values() if (row.task, row.method) == (task, "ours")]
        assert np.mean([row.psnr for row in own]) > 30, task
        assert all(0.85 < row.residual < 1.15 for row in own), task
        assert all(row.evaluations == 20 for row in own)


def test_measurements_are_fixed_and_as_noisy_as_said(
    tmp_path: Path, model: PixelDiffusion, pictures: np.ndarray
) -> None:
    run = opened(tmp_path, model, pictures)
    for task in TASKS:
        operator, y = run.measure(task, [0, 2])
        assert torch.equal(y[1:], run.measure(task, [2])[1])
        truth = torch.from_numpy(pictures[[0, 2]]).permute(0, 3, 1, 2).float() / 255
        residual = operator.measured(y - operator(truth))
        assert float(residual.square().sum() / operator.count(y)) ** 0.5 == pytest.approx(
            NOISE, rel=0.1
        )


def test_another_plan_or_damage_is_refused(
    tmp_path: Path, model: PixelDiffusion, pictures: np.ndarray
) -> None:
    opened(tmp_path, model, pictures)
    with pytest.raises(RequestError, match="another model, dtype or seed"):
        opened(tmp_path, model, pictures, seed=1)
    (tmp_path / "results.jsonl").write_text('{"picture": 0}\n')
    with pytest.raises(DataError, match="is damaged"):
        opened(tmp_path, model, pictures)


def test_without_scikit_image_opencv_remains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_restorers, "has_scikit_image", lambda: False)
    assert {task: list(plain_restorers.restorers(task)) for task in TASKS} == {
        "x4": ["bicubic"],
        "box": ["inpaint"],
        "random": ["inpaint"],
        "gaussian": [],
        "motion": [],
    }


def row(method: str, tower: float, psnr: float, evaluations: int) -> Row:
    return Row(0, "x4", method, psnr, 0.5, tower, 1.0, evaluations, 0.1)


def test_the_table_sorts_by_cost_and_the_verdict_compares() -> None:
    rows = [row("DPS", 50, 25, 1000), row("bicubic", 90, 24, 0), row("ours", 60, 23, 20)]
    found = table(rows)
    assert [line[1] for line in found.rows] == ["bicubic", "ours", "DPS"]
    assert all(len(line) == len(HEAD) for line in found.rows)
    assert verdicts(rows, "ours") == [
        "4 times smaller: perceptual distance ahead of the best plain, PSNR behind the best plain; "
        "residual 1.000 of the noise"
    ]
    assert len(as_csv(rows).splitlines()) == 4


def test_the_sheet_shows_every_task(
    tmp_path: Path, model: PixelDiffusion, pictures: np.ndarray
) -> None:
    run = opened(tmp_path, model, pictures)
    found = sheet(run, {"ours": Sampler("pigdm", 2)}, [0])
    assert found.shape[1] > 4 * 128
    assert found.shape[0] > len(TASKS) * 128


def test_a_dps_step_asks_once_and_goes_back_once(model: PixelDiffusion) -> None:
    """The cost is measured on frozen weights: the ratio is of two times, both above zero."""
    before = model.network_evaluations
    found = dps_cost(model, batch=2, rounds=3)
    assert model.network_evaluations - before == 2 * 2 * 4
    assert found.step > found.forward > 0
    assert found.ratio == found.step / found.forward


def test_the_commands_are_there() -> None:
    from core.evaluation.__main__ import app

    told = CliRunner().invoke(app, ["--help"]).output
    assert "dps-cost" in told
    assert "restorations" in told
