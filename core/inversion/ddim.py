"""DDIM inversion: the sampler's own step, walked towards noise (Song et al. 2021, section 4.3).

A step up asks the network at x_t, the step back at x_s; so the way back misses the picture by what
the two answers differ in. Solving the step again with the answer at the x_s that was found is a
fixed-point iteration whose end leads back exactly (Pan et al. 2023, AIDI; Garibi et al. 2024,
ReNoise). Taking eps from that answer converges slowly where little but noise is left; there x0 is
taken (`leading_back`).
"""

from collections.abc import Generator, Iterator, Sequence
from itertools import pairwise
from typing import Literal

import torch

from core.inversion.code import Code
from core.sampling.denoiser import Denoised, Denoiser
from core.sampling.path import Path
from core.sampling.solvers import Constraint, State, finite, state
from core.sampling.step import step

InversionLabel = Literal["next", "current"]


@torch.no_grad()
def invert(
    denoise: Denoiser,
    path: Path,
    x0: torch.Tensor,
    timesteps: Sequence[float],
    *,
    label: InversionLabel = "next",
    iterations: int = 1,
    constraint: Constraint | None = None,
) -> Iterator[State]:
    """Walk x0 from timesteps[-1], the clean end, up to timesteps[0].

    timesteps: a sampler's labels, noisy to clean, so that sampling along them leads back.
    label: the network is told the label of the step's noisier end ("next": null-text inversion,
    Plug-and-Play, diffusers) or of its cleaner end ("current": DiffusionCLIP, guided-diffusion).
    iterations: how often each step is solved, with a state for each; 1 is plain DDIM inversion.
    constraint: what becomes of x after every step.
    """
    upward = list(reversed(timesteps))
    x = x0
    for index, (t, s) in enumerate(pairwise(upward)):
        y, ends = x, denoise(x, t, s if label == "next" else t)
        for iteration in range(iterations):
            if iteration:
                ends = leading_back(path, denoise(y, s), x, t)
            y = finite(step(path, ends.x0, ends.eps, s), t)
            y = y if constraint is None else constraint(y, s)
            yield state(index, upward, y, ends, "invert")
        x = y


def leading_back(path: Path, found: Denoised, x: torch.Tensor, t: float) -> Denoised:
    """The ends of the line through x at label t that keeps one end of what was found elsewhere.

    Kept is the end with the smaller weight at t, so that what it is wrong by moves the other least.
    """
    alpha, sigma = path.alpha(t), path.sigma(t)
    if alpha >= sigma:
        return Denoised((x - sigma * found.eps) / alpha, found.eps)
    return Denoised(found.x0, (x - alpha * found.x0) / sigma)


def encode(
    denoise: Denoiser,
    path: Path,
    x0: torch.Tensor,
    timesteps: Sequence[float],
    *,
    label: InversionLabel = "next",
    substeps: int = 1,
    iterations: int = 1,
    constraint: Constraint | None = None,
    known: Code | None = None,
) -> Generator[State, None, Code]:
    """`invert`, and return the code.

    substeps: steps of the inversion for each of the walk's. known: the code of a shorter way along
    the same labels; the inversion goes on where that ends.
    """
    points = {timesteps[-1]: x0, **(known.points if known else {})}
    above = len(timesteps) - len(points)
    fine = subdivide(path, timesteps, substeps)[: above * substeps + 1]
    for found in invert(
        denoise,
        path,
        points[fine[-1]],
        fine,
        label=label,
        iterations=iterations,
        constraint=constraint,
    ):
        points[found.s] = found.x
        yield found
    return Code(timesteps, {t: points[t] for t in timesteps})


def subdivide(path: Path, timesteps: Sequence[float], substeps: int) -> list[float]:
    """`timesteps` with `substeps` - 1 labels between each two, whole ones where labels are."""
    whole = all(t == int(t) for t in timesteps)
    fine = list(timesteps[:1])
    for t, s in pairwise(timesteps):
        inner = [t + (s - t) * i / substeps for i in range(1, substeps)]
        fine += [*(float(round(label)) if whole else label for label in inner), s]
    return fine
