"""Down a code under the target prompt, with the source's walk beside it while it is needed.

What Prompt-to-Prompt, Plug-and-Play, MasaCtrl and their kin share. Both walks are one batch; at
every step the controls let the target's rows take maps or features from the source's. Once the last
control has had its steps, the source leaves the batch and the target walks on alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import torch

from core.attention.control import Control, controlled
from core.attention.words import WordPlace
from core.inversion.code import Code
from core.methods.task import Task
from core.sampling.branches import Branch, Branches
from core.sampling.denoiser import Denoised
from core.sampling.solvers import State, finite, state


@torch.no_grad()
def decode_beside_source(
    task: Task,
    code: Code,
    source: Branch,
    target: Branch,
    controls: Sequence[Control],
    *,
    guided_steps: float = 1.0,
    corrected: bool = False,
    place: WordPlace | None = None,
) -> Iterator[State]:
    """Yield the target's states.

    guided_steps: the share of the steps, from the noisy end, in which the target is guided; then
    its prompt is asked alone (Kynkäänniemi et al. 2024, “Applying guidance in a limited interval”).
    corrected: put the source's walk on the code's own points after every step, which is what adding
    their difference does (Ju et al. 2024, Direct Inversion, Algorithm 1); else it goes its own way.
    place: where alone the target may differ from the picture. The task's mask holds as well.
    """
    model, path, steps = task.model, task.model.path, len(code.timesteps) - 1
    guided = first_share(guided_steps, steps)
    together = min(steps, max((control.needs_source.stop for control in controls), default=0))
    x = beside = code.start
    with controlled(model.network, *controls):
        for index, (t, s) in enumerate(pairwise(code.timesteps)):
            led = target if index in guided else replace(target, scale=1.0)
            branches = Branches(model, [source, led] if index < together else [led])
            for control in controls:
                control.step, control.rows = index, branches.rows
            if index < together:
                found = branches(torch.cat([beside, x]), t)
                beside, x = code.step(path, found, t, s).split(1)
                beside = code.points[s] if corrected else beside
                found = Denoised(found.x0[1:], found.eps[1:])
            else:
                found = branches(x, t)
                x = code.step(path, found, t, s)
            x = finite(x, t)
            free = None if place is None else place.mask(index)
            for mask in (free, task.mask):
                x = x if mask is None else torch.lerp(code.points[s], x, mask)
            yield state(index, code.timesteps, x, found)


def first_share(share: float, steps: int) -> range:
    """The first steps of a walk, as many as `share` of them."""
    return range(round(share * steps))
