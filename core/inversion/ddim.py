"""DDIM inversion: the sampler's own step, walked towards noise (Song et al. 2021, section 4.3)."""

from collections.abc import Generator, Iterator, Sequence
from itertools import pairwise
from typing import Literal

import torch

from core.inversion.code import Code
from core.sampling.denoiser import Denoiser
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
    constraint: Constraint | None = None,
) -> Iterator[State]:
    """Walk x0 from timesteps[-1], the clean end, up to timesteps[0].

    timesteps: a sampler's labels, noisy to clean, so that sampling along them leads back.
    label: the network is told the label of the step's noisier end ("next": null-text inversion,
    Plug-and-Play, diffusers) or of its cleaner end ("current": DiffusionCLIP, guided-diffusion).
    constraint: what becomes of x after every step.
    """
    upward = list(reversed(timesteps))
    x = x0
    for index, (t, s) in enumerate(pairwise(upward)):
        found = denoise(x, t, s if label == "next" else t)
        x = finite(step(path, found.x0, found.eps, s), t)
        x = x if constraint is None else constraint(x, s)
        yield state(index, upward, x, found, "invert")


def encode(
    denoise: Denoiser,
    path: Path,
    x0: torch.Tensor,
    timesteps: Sequence[float],
    *,
    label: InversionLabel = "next",
    substeps: int = 1,
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
    for found in invert(denoise, path, points[fine[-1]], fine, label=label, constraint=constraint):
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
