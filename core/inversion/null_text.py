"""Null-text inversion: an empty prompt for every step, so that the guided walk leads back.

Mokady et al. 2023, Algorithm 1: DDIM inversion without guidance gives the way z*; going down
with guidance w, the unconditional embedding of each step is optimised (Adam, ten times) until that
step lands on z*. The embeddings replace the empty prompt in the edit.
"""

from collections.abc import Generator
from itertools import pairwise

import torch
import torch.nn.functional as F

from core.inversion.code import Code
from core.models.latent_model import Conditioning, LatentModel
from core.sampling.denoiser import Denoiser, from_network
from core.sampling.solvers import State, finite, state
from core.sampling.step import step

RATE, TOLERANCE, TOLERANCE_GROWTH = 0.01, 1e-5, 2e-5


@torch.no_grad()
def optimise(
    model: LatentModel,
    source: Conditioning,
    empty: Conditioning,
    code: Code,
    scale: float,
    *,
    inner_steps: int = 10,
) -> Generator[State, None, dict[float, Conditioning]]:
    """The unconditional state for each label of `code`, an ODE's; yield a state per step.

    scale: the guidance w of the walk. At 1 the empty prompt is not asked and stays what it is.
    The learning rate falls by a hundredth of .01 a step; a step ends early once its mean squared
    error is below 1e-5 + 2e-5 times its number.
    """
    path, x = model.path, code.start
    hidden, nulls = empty.hidden.float(), {}
    for index, (t, s) in enumerate(pairwise(code.timesteps)):
        wanted = model.predict(x, path.network_label(t), source).to(x.dtype)

        def guided(null: torch.Tensor, wanted: torch.Tensor = wanted) -> Denoiser:
            def predict(at: torch.Tensor, label: float) -> torch.Tensor:
                without = model.predict(at, label, Conditioning(null)).to(at.dtype)
                return without + scale * (wanted - without)

            return from_network(predict, model.prediction, path)

        if scale != 1.0:
            with torch.enable_grad():
                hidden = hidden.clone().requires_grad_(True)
                adam = torch.optim.Adam([hidden], lr=RATE * max(0.0, 1.0 - index / 100.0))
                for _ in range(inner_steps):
                    found = guided(hidden)(x, t)
                    loss = F.mse_loss(step(path, found.x0, found.eps, s), code.points[s])
                    adam.zero_grad()
                    # summed, not averaged, through the network: half precision holds it so
                    (loss * x.numel()).backward()
                    assert hidden.grad is not None
                    hidden.grad /= x.numel()
                    adam.step()
                    if loss.item() < TOLERANCE + TOLERANCE_GROWTH * index:
                        break
            hidden = finite(hidden.detach(), t)
        nulls[t] = Conditioning(hidden)
        found = guided(hidden)(x, t)
        x = step(path, found.x0, found.eps, s)
        yield state(index, code.timesteps, x, found, "invert")
    return nulls
