"""The loop that every training command shares: a time limit, EMA, resumption, a log and a curve.

A run's folder holds `state.pt` (weights, EMA, optimisers, step; torch's weights-only format),
`log.csv`, `curve.png` and what the trainer itself writes. State is written to a temporary file and
moved into place, so that a killed run resumes from the last whole one.
"""

import csv
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from pickle import UnpicklingError

import numpy as np
import torch
from diffusers.training_utils import EMAModel
from torch import nn

from core.errors import TrainingError
from core.training.curve import draw_curve
from core.training.muon import Muon, hidden_matrices

Losses = dict[str, torch.Tensor]
WARM_SHARE = 0.1


@dataclass(frozen=True)
class Schedule:
    """How the rate moves: linear warm-up over steps, then a decay over the last part of the time.

    learning_rate: the plateau. warmup: steps, but no more than a tenth of the time. decay_share:
    last share of the minutes, in which the rate falls linearly to a twentieth. ema_decay: of the
    averaged weights.
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
        warm = max((step + 1) / self.warmup, done / WARM_SHARE)
        return self.learning_rate * min(1.0, warm) * max(0.05, min(1.0, left))


@dataclass(frozen=True)
class RunOptions:
    """How long a run goes on, and where.

    minutes: of this run alone. resume: go on where the run in the folder stopped. seed: fixes
    weights, data order and noise. max_steps: of all runs in the folder together. learning_rate:
    another plateau than the preset's.
    """

    minutes: float
    resume: bool = False
    device: torch.device = torch.device("cpu")
    seed: int = 0
    max_steps: int | None = None
    learning_rate: float | None = None


class Run:
    """One training run in a folder: `for step in run: run.update(losses)` until the time is over.

    module: everything that is trained. muon_without: None trains all of it with AdamW; else its
    matrices are trained with Muon, except in the layers named here. opponent: a network that is
    trained against the module, by `update_opponent`; it has no averages. setup: what the weights
    mean without their shapes telling; a run is only resumed with the same.
    Raises TrainingError when `resume` finds a state that does not fit, or when a loss or gradient
    is not finite (the last saved state stays).
    """

    def __init__(
        self,
        folder: Path,
        module: nn.Module,
        schedule: Schedule,
        options: RunOptions,
        *,
        muon_without: tuple[str, ...] | None = None,
        opponent: nn.Module | None = None,
        setup: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.module = module
        if options.learning_rate is not None:
            schedule = replace(schedule, learning_rate=options.learning_rate)
        self.schedule = schedule
        self.options = options
        self.seconds = options.minutes * 60.0
        self.device = options.device
        self.step = self.opponent_steps = 0
        self.trained_seconds = 0.0
        self.opponent = opponent or nn.Module()
        self._setup = dict(setup or {})
        folder.mkdir(parents=True, exist_ok=True)
        module.to(self.device)
        self.opponent.to(self.device)
        self.optimisers = _optimisers(module, schedule, muon_without)
        self._opponent_optimiser = _opponent_optimiser(self.opponent)
        self.ema = EMAModel(module.parameters(), decay=schedule.ema_decay)
        if options.resume and self._state_file.exists():
            self._load()
        elif self._state_file.exists():
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

    @property
    def done(self) -> float:
        """Share of this run's time that is over, in [0, 1]."""
        return min(1.0, self.elapsed / self.seconds)

    def __iter__(self) -> Iterator[int]:
        """Steps until the time limit (or `max_steps` in all); the state is saved at the end."""
        self._start = self._saved = time.monotonic()
        self.module.train()
        self.opponent.train()
        last = math.inf if self.options.max_steps is None else self.options.max_steps
        while self.elapsed < self.seconds and self.step < last:
            yield self.step
        self.save()

    def chance(self) -> tuple[np.random.Generator, torch.Generator]:
        """This step's own sources of chance (on the CPU), for data and for noise.

        Seeded anew at every step, so that a resumed run goes on as if it had not stopped.
        """
        seed = self.options.seed
        noise = torch.Generator().manual_seed(seed * 1_000_003 + self.step)
        return np.random.default_rng([seed, self.step]), noise

    def update(self, losses: Losses) -> None:
        """Back-propagate losses["loss"], step the optimiser and the EMA, log now and then."""
        loss = losses["loss"]
        self._require_finite("loss", loss)
        rate = self._rate()
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
        self._note(losses)
        if self.step % 50 == 0:
            self._log(rate)
        if time.monotonic() - self._saved > self.schedule.save_seconds:
            self.save()

    def update_opponent(self, losses: Losses) -> None:
        """Back-propagate losses["opponent"] and step the opponent's optimiser, at the same rate."""
        loss = losses["opponent"]
        self._require_finite("opponent's loss", loss)
        for group in self._opponent_optimiser.param_groups:
            group["lr"] = self._rate()
        self._opponent_optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self._opponent_optimiser.step()
        self.opponent_steps += 1
        self._note(losses)

    def _rate(self) -> float:
        return self.schedule.rate(self.step, self.done)

    def _note(self, losses: Losses) -> None:
        """Running means; what is not a number yet only takes its place among them."""
        for name, loss in losses.items():
            value, mean = loss.item(), self._means.get(name, math.nan)
            if not math.isnan(value) and not math.isnan(mean):
                value = 0.98 * mean + 0.02 * value
            self._means[name] = mean if math.isnan(value) else value

    def note_held_out(self, loss: float) -> None:
        """Add the step and its held-out loss to `validation.csv`."""
        with (self.folder / "validation.csv").open("a") as file:
            file.write(f"{self.step},{loss:.6f}\n")
        print(f"held-out loss {loss:.5f} at step {self.step}", flush=True)

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
            "opponent": self.opponent.state_dict(),
            "opponent_optimiser": self._opponent_optimiser.state_dict(),
            "opponent_steps": self.opponent_steps,
            "step": self.step,
            "seconds": self.trained_seconds + self.elapsed,
            "setup": self._setup,
        }
        temporary = self._state_file.with_suffix(".tmp")
        torch.save(state, temporary)
        temporary.replace(self._state_file)
        draw_curve(self.folder / "log.csv", self.folder / "curve.png")

    def _load(self) -> None:
        try:
            state = torch.load(self._state_file, map_location=self.device, weights_only=True)
            self._require_setup(state.get("setup", self._setup))
            self.module.load_state_dict(state["module"])
            for optimiser, kept in zip(self.optimisers, state["optimisers"], strict=True):
                optimiser.load_state_dict(kept)
            self.ema.shadow_params = [p.to(self.device) for p in state["ema"]]
            self.ema.optimization_step = state["ema_step"]
            if state.get("opponent_steps"):  # older states know of none
                self.opponent.load_state_dict(state["opponent"])
                self._opponent_optimiser.load_state_dict(state["opponent_optimiser"])
                self.opponent_steps = state["opponent_steps"]
            self.step = state["step"]
            self.trained_seconds = state["seconds"]
        except (RuntimeError, KeyError, ValueError, EOFError, UnpicklingError) as error:
            raise TrainingError(
                f"{self._state_file} is not a state of this preset; choose another folder."
            ) from error

    def _require_setup(self, found: dict[str, str]) -> None:
        for name, value in self._setup.items():
            if found.get(name) != value:
                raise TrainingError(
                    f"the run in {self.folder} was begun with {name} {found.get(name)}, not "
                    f"{value}; give the same or choose another folder."
                )

    def _require_finite(self, name: str, value: torch.Tensor) -> None:
        if not torch.isfinite(value):
            raise TrainingError(
                f"the {name} of {self.folder.name} is {value.item()} at step {self.step}; "
                "resume from the saved state with a lower learning rate."
            )

    def _log(self, rate: float) -> None:
        path = self.folder / "log.csv"
        minutes = (self.trained_seconds + self.elapsed) / 60.0
        line = {"step": str(self.step), "minutes": f"{minutes:.2f}", "rate": f"{rate:.3g}"}
        known = {name: mean for name, mean in self._means.items() if not math.isnan(mean)}
        line |= {name: f"{mean:.6g}" for name, mean in known.items()}
        columns = ["step", "minutes", "rate", *self._means]
        new = not path.exists()
        if not new:  # an older log keeps its columns
            with path.open(newline="") as file:
                columns = next(csv.reader(file), columns)
        with path.open("a", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            if new:
                writer.writeheader()
            writer.writerow(line)
        shown = "  ".join(f"{name} {mean:.4g}" for name, mean in known.items())
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


def _opponent_optimiser(opponent: nn.Module) -> torch.optim.Optimizer:
    """Adam with the short memory that adversarial losses want (Radford et al. 2016, section 3)."""
    weights = list(opponent.parameters()) or [nn.Parameter(torch.empty(0))]
    return torch.optim.Adam(weights, betas=(0.5, 0.9))


def for_each_minutes(run: Run, minutes: float, action: Callable[[], object]) -> Callable[[], None]:
    """A function that calls `action` when `minutes` of training have passed since the last time."""
    last = time.monotonic()

    def maybe() -> None:
        nonlocal last
        if time.monotonic() - last >= minutes * 60.0:
            action()
            last = time.monotonic()

    return maybe
