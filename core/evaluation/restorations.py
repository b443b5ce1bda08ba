"""Restorations of held-out pictures, whose originals are known, by every method beside plain ones.

Chung et al. 2023 (DPS) measure on faces of 256 px; here are single objects of 64 px, so lengths are
a quarter of theirs: a box of 32 px, a Gaussian of .75 px, a movement across 15 px (their kernels of
61 px hold a random path, ours a straight one at 45 degrees). Noise is .05 on a scale of 0 to 1.

    plan.json        what all results have in common; another plan needs another folder
    results.jsonl    one line for each picture, task and method, written batch by batch

A killed run goes on where it stopped. Pictures are restored in batches, each from a seed of its own
(`core.sampling.noise`), so that a row does not depend on the others in its batch.
"""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from core.evaluation.clip_score import ClipScore
from core.evaluation.edit_figures import psnr, ssim
from core.evaluation.plain_restorers import restorers
from core.evaluation.results_file import RESULTS_FILE, open_folder, read_results
from core.models.latent_model import LatentModel
from core.restoration.building import operator_for
from core.restoration.degradations import (
    Degradation,
    Downsampling,
    GaussianBlur,
    Missing,
    MotionBlur,
)
from core.restoration.measurement import Measurement, fit
from core.restoration.operators import LinearOperator
from core.restoration.posterior_sampling import DPS, pigdm
from core.restoration.residual import residual_of
from core.restoration.smoothing import smooth_estimate
from core.sampling.denoiser import clipped, of_model
from core.sampling.noise import Noise
from core.sampling.path import Path as GaussianPath
from core.sampling.path import noised
from core.sampling.solvers import ddim
from core.settings import DPSSettings

Pixels = NDArray[np.uint8]
NOISE = 0.05
TASKS: dict[str, Degradation] = {
    "x4": Downsampling(factor=4),
    "box": Missing(),
    "random": Missing(pattern="random", share=0.92),
    "gaussian": GaussianBlur(sigma=0.75),
    "motion": MotionBlur(length=15, angle=45),
}


OURS = {"box": 0.02, "random": 0.02}
"""PiGDM's variance where most is missing: its r^2 I takes pixels for independent, and few seen ones
then say too little of the others. Chosen on four pictures of trained objects among .005 to 1."""


@dataclass(frozen=True)
class Sampler:
    """One way to sample the posterior. finish: the least change that explains the picture.

    ours: PiGDM with `OURS`; else the paper's variance of 1. strength: below 1, the walk begins at
    the smooth estimate. samples: how many are averaged.
    """

    kind: Literal["dps", "pigdm"]
    steps: int
    eta: float = 1.0
    finish: bool = False
    ours: bool = False
    strength: float = 1.0
    samples: int = 1

    def walk(self, path: GaussianPath) -> list[float]:
        """The labels of `steps` steps, from where `strength` begins."""
        return path.timesteps(round(self.steps / self.strength))[-self.steps - 1 :]


_OURS: Any = {"finish": True, "ours": True, "strength": 0.4, "samples": 4}
SAMPLERS: dict[str, Sampler] = {
    "ours, 4 x 10 steps": Sampler("pigdm", 10, **_OURS),
    "ours, 4 x 25 steps": Sampler("pigdm", 25, **_OURS),
    "PiGDM, 100 steps": Sampler("pigdm", 100),
    "DPS, 1000 steps": Sampler("dps", 1000),
}
QUICK: dict[str, Sampler] = {
    "ours, 4 x 3 steps": Sampler("pigdm", 3, **_OURS),
    "DPS, 10 steps": Sampler("dps", 10),
}


@dataclass(frozen=True)
class Plan:
    """What all results of a folder have in common."""

    model: str
    fingerprint: str
    dtype: str
    seed: int
    noise: float = NOISE
    format: int = 2


@dataclass(frozen=True)
class Row:
    """One picture. tower: distance of our CLIP's image tower's features, times 1000. residual: over
    the noise. seconds: of its batch, shared out."""

    picture: int
    task: str
    method: str
    psnr: float
    ssim: float
    tower: float
    residual: float
    evaluations: int
    seconds: float


class Restorations:
    """One folder of results, opened to be read or gone on with.

    pictures: the known originals [N, S, S, 3]. Raises RequestError if the folder holds results of
    another plan, SaveError if it cannot be made, DataError if it is damaged.
    """

    def __init__(
        self, folder: Path, model: LatentModel, clip: ClipScore, pictures: Pixels, seed: int = 0
    ) -> None:
        self.folder, self.pictures, self.seed = folder, pictures, seed
        self._model, self._clip = model, clip
        dtype = str(model.dtype).removeprefix("torch.")
        plan = Plan(model.name, model.fingerprint, dtype, seed)
        refusal = "holds restorations of another model, dtype or seed; choose another --out."
        open_folder(folder, asdict(plan), refusal)
        found = read_results(folder, lambda values: Row(**values))
        self.rows = {(row.picture, row.task, row.method): row for row in found}

    def run(
        self, samplers: dict[str, Sampler], count: int, batch: int, minutes: float | None = None
    ) -> Iterator[tuple[str, str, int]]:
        """Make what is missing of the first `count` pictures; yield (method, task, pictures made).

        Begins no further batch after `minutes`. Cheap methods come first, for all pictures.
        """
        start = time.monotonic()
        for name in ["plain", *samplers]:
            for first in range(0, count, batch):
                for task in TASKS:
                    if minutes is not None and time.monotonic() - start > 60 * minutes:
                        return
                    rows = self._missing(name, task, range(first, min(first + batch, count)))
                    if not rows:
                        continue
                    if name == "plain":
                        self._keep(self._plain(task, rows))
                    else:
                        self._keep(self._sampled(name, samplers[name], task, rows))
                    yield name, task, len(rows)

    def measure(self, task: str, chosen: Sequence[int]) -> tuple[LinearOperator, torch.Tensor]:
        """The task's operator, and the chosen pictures' measurements [N, 3, h, w]."""
        side = self.pictures.shape[1]
        box = np.zeros((side, side), np.float32)
        box[side // 4 : 3 * side // 4, side // 4 : 3 * side // 4] = 1
        operator = operator_for((TASKS[task],), (side, side), box)
        assert isinstance(operator, LinearOperator)
        truth = torch.from_numpy(self.pictures[list(chosen)]).permute(0, 3, 1, 2).float() / 255
        number = list(TASKS).index(task)
        noisy = [
            operator.degrade(one, NOISE, torch.Generator().manual_seed(self._seed(index, number)))
            for one, index in zip(truth.split(1), chosen, strict=True)
        ]
        return operator, torch.cat(noisy)

    def sample(self, sampler: Sampler, task: str, chosen: Sequence[int]) -> torch.Tensor:
        """Restored pictures [N, 3, S, S] on 0 to 1: a posterior sample each, or a mean of them."""
        operator, y = self.measure(task, chosen)
        measurement = Measurement(operator, y.to(self._model.device), NOISE)
        drawn = [
            self._sample(sampler, task, chosen, measurement, i) for i in range(sampler.samples)
        ]
        restored = torch.stack(drawn).mean(dim=0)
        if sampler.finish:
            each = zip(restored.split(1), measurement.y.split(1), strict=True)
            fitted = [fit(one, Measurement(operator, its, NOISE)) for one, its in each]
            restored = torch.cat(fitted).clamp(0, 1)
        return restored.cpu()

    def _sample(
        self,
        sampler: Sampler,
        task: str,
        chosen: Sequence[int],
        measurement: Measurement,
        number: int,
    ) -> torch.Tensor:
        """Posterior sample `number` of each chosen picture, [N, 3, S, S] on 0 to 1."""
        model = self._model
        denoise = of_model(model, model.encode_prompts([""]))
        noise = Noise([{self._seed(index, 100 + number): 1.0} for index in chosen])
        side = self.pictures.shape[1]
        walk = sampler.walk(model.path)
        x = noise.draw((len(chosen), 3, side, side)).to(model.device)
        if sampler.strength < 1.0:
            x = noised(model.path, 2 * smooth_estimate(measurement).clamp(0, 1) - 1, x, walk[0])
        constraint = None
        if sampler.kind == "dps":
            zeta = DPSSettings(degradations=(TASKS[task],)).step_size(sampler.steps)
            guided = dps = DPS(clipped(denoise, model.path), measurement, zeta)
            constraint = dps.correct
        else:
            variance = OURS.get(task, 1.0) if sampler.ours else 1.0
            guided = clipped(pigdm(denoise, model.path, measurement, variance=variance), model.path)
        for state in ddim(
            guided, model.path, x, walk, eta=sampler.eta, generator=noise, constraint=constraint
        ):
            x = state.x
        return ((x + 1) / 2).clamp(0, 1)

    def plain(self, task: str, chosen: Sequence[int]) -> dict[str, list[torch.Tensor]]:
        """What the plain baselines make of the chosen pictures, [1, 3, S, S] each."""
        operator, measured = self.measure(task, chosen)
        arrays = measured.permute(0, 2, 3, 1).numpy()
        return {
            name: [
                torch.from_numpy(np.ascontiguousarray(restore(one, operator).clip(0, 1)))
                .permute(2, 0, 1)[None]
                .float()
                for one in arrays
            ]
            for name, restore in restorers(task).items()
        }

    def _plain(self, task: str, chosen: Sequence[int]) -> list[Row]:
        start = time.monotonic()
        found = self.plain(task, chosen)
        each = (time.monotonic() - start) / len(chosen) / max(1, len(found))
        return [
            row
            for name, pictures in found.items()
            for row in self._judged(name, task, chosen, torch.cat(pictures), 0, each)
        ]

    def _sampled(self, name: str, sampler: Sampler, task: str, chosen: Sequence[int]) -> list[Row]:
        start, before = time.monotonic(), self._model.network_evaluations
        restored = self.sample(sampler, task, chosen)
        each = (time.monotonic() - start) / len(chosen)
        evaluations = (self._model.network_evaluations - before) // len(chosen)
        return self._judged(name, task, chosen, restored, evaluations, each)

    def _judged(
        self,
        name: str,
        task: str,
        chosen: Sequence[int],
        restored: torch.Tensor,
        evaluations: int,
        seconds: float,
    ) -> list[Row]:
        operator, measured = self.measure(task, chosen)
        rows = []
        for index, one, y in zip(chosen, restored.split(1), measured.split(1), strict=True):
            picture = (one[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)
            truth = self.pictures[index]
            rows.append(
                Row(
                    index,
                    task,
                    name,
                    psnr=psnr(truth, picture),
                    ssim=float(ssim(truth, picture).mean()),
                    tower=1000 * self._clip.distance(truth, picture),
                    residual=residual_of(one, Measurement(operator, y, NOISE)).ratio,
                    evaluations=evaluations,
                    seconds=seconds,
                )
            )
        return rows

    def _missing(self, name: str, task: str, indices: Sequence[int]) -> list[int]:
        names = list(restorers(task)) if name == "plain" else [name]
        return [i for i in indices if any((i, task, one) not in self.rows for one in names)]

    def _keep(self, rows: Sequence[Row]) -> None:
        new = [row for row in rows if (row.picture, row.task, row.method) not in self.rows]
        with (self.folder / RESULTS_FILE).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(row)) + "\n" for row in new)
        self.rows |= {(row.picture, row.task, row.method): row for row in new}

    def _seed(self, picture: int, what: int) -> int:
        return (self.seed * 10_007 + picture) * 1_009 + what
