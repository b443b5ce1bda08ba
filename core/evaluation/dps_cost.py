"""What a step of DPS costs, in evaluations of the network.

The weights are frozen, so the way back asks for the gradient at x alone: about one forward more.
Forward and step are timed in turn in one process, as processor time on the CPU and by events on a
GPU; the ratio of the minima is told, since a busy machine only ever adds.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

from core.models.latent_model import LatentModel
from core.restoration.measurement import Measurement
from core.restoration.posterior_sampling import DPS, decoded, of_pixels
from core.restoration.separable import gaussian_blur
from core.sampling.denoiser import of_model
from core.sampling.solvers import ddim

GOAL = 2.25


@dataclass(frozen=True)
class DPSCost:
    """Seconds of one plain and one guided step, the least of all rounds, and their ratio."""

    forward: float
    step: float

    @property
    def ratio(self) -> float:
        return self.step / self.forward


def dps_cost(model: LatentModel, *, batch: int = 1, rounds: int = 20, label: int = 500) -> DPSCost:
    """Time both on `batch` pictures of the model's own size, blurred, at a label in mid-path."""
    side = model.native_size
    generator = torch.Generator().manual_seed(0)
    shape = (batch, model.latent_channels, side // model.factor, side // model.factor)
    x = torch.randn(shape, generator=generator).to(model.device)
    blur = gaussian_blur((side, side), 1.5)
    y = blur(torch.rand(batch, 3, side, side, generator=generator).to(model.device))
    denoise = of_model(model, model.encode_prompts([""]))
    render = of_pixels if model.in_pixels else decoded(model.decode)
    guided = DPS(denoise, Measurement(blur, y, 0.05), 0.3, render=render)
    walk = [float(label), float(label - 1)]

    def forward() -> None:
        for _ in ddim(denoise, model.path, x, walk):
            pass

    def step() -> None:
        for _ in ddim(guided, model.path, x, walk, constraint=guided.correct):
            pass

    times = [(_seconds(forward, model.device), _seconds(step, model.device))]
    for _ in range(rounds):  # the first round warms up and is left out
        times.append((_seconds(forward, model.device), _seconds(step, model.device)))
    return DPSCost(min(a for a, _ in times[1:]), min(b for _, b in times[1:]))


def _seconds(work: Callable[[], None], device: torch.device) -> float:
    if device.type == "cuda":
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        work()
        end.record()
        torch.cuda.synchronize(device)
        return start.elapsed_time(end) / 1000
    before = time.process_time()
    work()
    return time.process_time() - before
