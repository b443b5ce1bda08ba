"""The loop that every training command shares: a time limit, EMA, resumption, a log and a curve.

A run's folder holds `state.pt` (weights, EMA, optimiser, step; torch's weights-only format),
`log.csv`, `curve.png` and what the trainer itself writes. State is written to a temporary file and
moved into place, so that a killed run resumes from the last whole one.
"""

import csv
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError

import torch
from diffusers.training_utils import EMAModel
from torch import nn

from core.errors import TrainingError
from core.training.curve import draw_curve
from core.training.muon import Muon, hidden_matrices

Losses = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Schedule:
    """How the rate moves: linear warm-up over steps, then a decay over the last part of the time.

    learning_rate: the plateau. warmup: steps. decay_share: last share of the minutes, in which
    the rate falls linearly to a twentieth. ema_decay: of the averaged weights.
    """

    learning_rate: float
    warmup: int = 200
    decay_share: float = 0.3
    ema_decay: float = 0.999
    weight_decay: float = 0.01
    save_seconds: float = 120.0

    def rate(self, step: int, done: float) -> float:
        """Learning rate at `step` when the share `done` in [0, 1] of the time is over."""
        left = (1.0 - done) / self.decay_share
        return self.learning_rate * min(1.0, (step + 1) / self.warmup) * max(0.05, min(1.0, left))


class Run:
    """One training run in a folder: `for step in run: run.update(losses)` until the time is over.

    module: everything that is trained. muon_without: None trains all of it with AdamW; else its
    matrices are trained with Muon, except in the layers named here.
    Raises TrainingError when `resume` finds a state that does not fit, or when a loss or gradient
    is not finite (the last saved state stays).
    """

    def __init__(
        self,
        folder: Path,
        module: nn.Module,
        schedule: Schedule,
        *,
        minutes: float,
        resume: bool,
        max_steps: int | None = None,
        device: torch.device | None = None,
        muon_without: tuple[str, ...] | None = None,
    ) -> None:
        self.folder = folder
        self.module = module
        self.schedule = schedule
        self.seconds = minutes * 60.0
        self.max_steps = max_steps
        self.device = device or torch.device("cpu")
        self.step = 0
        self.trained_seconds = 0.0
        folder.mkdir(parents=True, exist_ok=True)
        module.to(self.device)
        self.optimisers = _optimisers(module, schedule, muon_without)
        self.ema = EMAModel(module.parameters(), decay=schedule.ema_decay)
        if resume and self._state_file.exists():
            self._load()
        elif not resume and self._state_file.exists():
            raise TrainingError(
                f"{folder} holds a training run; add --resume to go on or choose another folder."
            )
        self.ema.to(self.device)
        self._means: dict[str, float] = {}
        self._start = self._saved = time.monotonic()

    @property
    def _state_file(self) -> Path:
        return self.folder / "state.pt"

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self._start

    def __iter__(self) -> Iterator[int]:
        """Steps until the time limit (or `max_steps` in all); the state is saved at the end."""
        self._start = self._saved = time.monotonic()
        self.module.train()
        while self.elapsed < self.seconds and (
            self.max_steps is None or self.step < self.max_steps
        ):
            yield self.step
        self.save()

    def update(self, losses: Losses) -> None:
        """Back-propagate losses["loss"], step the optimiser and the EMA, log now and then."""
        loss = losses["loss"]
        self._require_finite("loss", loss)
        rate = self.schedule.rate(self.step, self.elapsed / self.seconds)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate
            optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.module.parameters(), 1.0)
        self._require_finite("gradient", norm)
        for optimiser in self.optimisers:
            optimiser.step()
        self.ema.step(self.module.parameters())
        self.step += 1
        for name, value in losses.items():
            value = value.item()
            self._means[name] = 0.98 * self._means.get(name, value) + 0.02 * value
        if self.step % 50 == 0:
            self._log(rate)
        if time.monotonic() - self._saved > self.schedule.save_seconds:
            self.save()

    @contextmanager
    def averaged(self) -> Iterator[nn.Module]:
        """The module with its EMA weights, in eval mode; the trained ones come back after."""
        self.ema.store(self.module.parameters())
        self.ema.copy_to(self.module.parameters())
        self.module.eval()
        try:
            yield self.module
        finally:
            self.ema.restore(self.module.parameters())
            self.module.train()

    def save(self) -> None:
        """Write the state and the curve."""
        self._saved = time.monotonic()
        state = {
            "module": self.module.state_dict(),
            "ema": [p.detach().clone() for p in self.ema.shadow_params],
            "ema_step": self.ema.optimization_step,
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            "step": self.step,
            "seconds": self.trained_seconds + self.elapsed,
        }
        temporary = self._state_file.with_suffix(".tmp")
        torch.save(state, temporary)
        temporary.replace(self._state_file)
        draw_curve(self.folder / "log.csv", self.folder / "curve.png")

    def _load(self) -> None:
        try:
            state = torch.load(self._state_file, map_location=self.device, weights_only=True)
            self.module.load_state_dict(state["module"])
            for optimiser, kept in zip(self.optimisers, state["optimisers"], strict=True):
                optimiser.load_state_dict(kept)
            self.ema.shadow_params = [p.to(self.device) for p in state["ema"]]
            self.ema.optimization_step = state["ema_step"]
            self.step = state["step"]
            self.trained_seconds = state["seconds"]
        except (RuntimeError, KeyError, ValueError, EOFError, UnpicklingError) as error:
            raise TrainingError(
                f"{self._state_file} is not a state of this preset; choose another folder."
            ) from error

    def _require_finite(self, name: str, value: torch.Tensor) -> None:
        if not torch.isfinite(value):
            raise TrainingError(
                f"the {name} of {self.folder.name} is {value.item()} at step {self.step}; "
                "resume from the saved state with a lower learning rate."
            )

    def _log(self, rate: float) -> None:
        path = self.folder / "log.csv"
        new = not path.exists()
        with path.open("a", newline="") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(["step", "minutes", "rate", *self._means])
            minutes = (self.trained_seconds + self.elapsed) / 60.0
            values = [f"{value:.6g}" for value in self._means.values()]
            writer.writerow([self.step, f"{minutes:.2f}", f"{rate:.3g}", *values])
        shown = "  ".join(f"{name} {value:.4g}" for name, value in self._means.items())
        print(f"step {self.step}  {self.elapsed / 60:.1f} min  {shown}", flush=True)


def _optimisers(
    module: nn.Module, schedule: Schedule, muon_without: tuple[str, ...] | None
) -> list[torch.optim.Optimizer]:
    """AdamW for everything, or Muon for the hidden matrices and AdamW for the rest."""
    matrices = [] if muon_without is None else hidden_matrices(module, muon_without)
    taken = {id(weight) for weight in matrices}
    rest = [weight for weight in module.parameters() if id(weight) not in taken]
    rate, decay = schedule.learning_rate, schedule.weight_decay
    adamw = torch.optim.AdamW(rest, lr=rate, weight_decay=decay, betas=(0.9, 0.99))
    return [adamw, Muon(matrices, lr=rate, weight_decay=decay)] if matrices else [adamw]


def for_each_minutes(run: Run, minutes: float, action: Callable[[], None]) -> Callable[[], None]:
    """A function that calls `action` when `minutes` of training have passed since the last time."""
    last = time.monotonic()

    def maybe() -> None:
        nonlocal last
        if time.monotonic() - last >= minutes * 60.0:
            action()
            last = time.monotonic()

    return maybe
