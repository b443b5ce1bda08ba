"""LEDITS++: several edits at once, each with its own strength and its own place.

Brack et al. 2024, section 3 (eqs. 5 to 11). The picture is encoded by edit-friendly inversion; on
the way down the guidance is the sum over the edits of s_i M_i (e_i - e_u). The mask M_i keeps the
pixels where the edit's words look (the upper share of their smoothed cross-attention maps, up and
down the network at a quarter of the latents' size) and, once the picture has some shape (below
label 800), those where the edit's guidance is largest. A mask of the user's own is one more factor
of every M_i, and outside it the walk is held on the picture's code.
"""

from collections.abc import Iterator, Sequence
from typing import cast

import torch
import torch.nn.functional as F

from core.attention.control import controlled
from core.attention.store import AttentionStore
from core.attention.word_alignment import cut
from core.errors import RequestError
from core.inversion.code import follow
from core.inversion.kinds import EditFriendlyInversion
from core.methods.task import Task
from core.models.latent_model import Conditioning
from core.sampling.denoiser import Denoised, from_network
from core.sampling.path import last_part
from core.sampling.solvers import State
from core.settings import ConceptEdit, LEditsPPSettings

SHAPELESS_ABOVE = 800.0


def ledits_pp(task: Task) -> Iterator[State]:
    """Yield the states of encoding and decoding; nothing at inversion strength 0."""
    settings = cast(LEditsPPSettings, task.settings)
    path = task.model.path
    timesteps = last_part(task.timesteps, settings.climb)
    if len(timesteps) == 1:
        return
    edits = settings.edits or (ConceptEdit(prompt=task.target_prompt, scale=task.guidance_scale),)
    scale = settings.source_guidance_scale if task.source_prompt.strip() else 0.0
    code = yield from task.invert(EditFriendlyInversion(scale), timesteps)
    concepts = Concepts(task, edits, settings.masks, len(timesteps) - 1)

    def hold(x: torch.Tensor, s: float) -> torch.Tensor:
        return x if task.mask is None else torch.lerp(code.points[s], x, task.mask)

    with controlled(task.model.network, *concepts.watchers):
        for found in follow(concepts, path, code, hold):
            concepts.store.step = found.step
            yield found


class Concepts:
    """A denoiser under no prompt, moved by each edit's masked guidance; one row for each."""

    def __init__(self, task: Task, edits: Sequence[ConceptEdit], masks: str, steps: int) -> None:
        model, (height, width) = task.model, task.clean.shape[-2:]
        self.model, self.edits, self.masks = model, edits, masks
        self.states = torch.cat(
            [task.empty.hidden, model.encode_prompts([edit.prompt for edit in edits]).hidden]
        )
        self.words = [range(1, cut(model.tokenizer, edit.prompt).end) for edit in edits]
        if not all(self.words):
            raise RequestError(
                "an edit has no words; say what it adds or removes, or leave it out."
            )
        self.inside = torch.ones(1) if task.mask is None else task.mask
        self.first_steps = [round(edit.start * steps) for edit in edits]
        self.store = AttentionStore(
            range(steps),
            (height, width),
            largest=(height // 4) * (width // 4),
            places=("down", "up"),
        )
        self.watchers = () if masks == "noise" else (self.store,)
        self._denoise = from_network(self._predict, model.prediction, model.path)

    def __call__(self, x: torch.Tensor, t: float, label: float | None = None) -> Denoised:
        return self._denoise(x, t, label)

    def _predict(self, x: torch.Tensor, t: float) -> torch.Tensor:
        rows = x.expand(len(self.states), -1, -1, -1)
        output = self.model.predict(rows, t, Conditioning(self.states)).to(x.dtype)
        without, guided = output[:1], output[:1].clone()
        for number, edit in enumerate(self.edits):
            if self.store.step < self.first_steps[number]:
                continue
            scale = -edit.scale if edit.remove else edit.scale
            towards = scale * self.inside.to(without) * (output[number + 1] - without)
            guided += towards * self._mask(number, towards, t)
        return guided

    def _mask(self, number: int, towards: torch.Tensor, t: float) -> torch.Tensor:
        """Where an edit acts, [1, 1, h, w], 0 or 1."""
        threshold, mask = self.edits[number].threshold, torch.ones_like(towards[:, :1])
        if self.masks != "noise":
            heat = self.store.now()[number + 1, list(self.words[number])].sum(dim=0)
            chosen = _upper(_smoothed(heat)[None, None], threshold)
            mask = F.interpolate(chosen, size=towards.shape[-2:]).to(towards)
        if self.masks == "noise" or (self.masks == "both" and t <= SHAPELESS_ABOVE):
            mask = mask * _upper(towards.abs().sum(dim=1, keepdim=True), threshold)
        return mask


def _upper(values: torch.Tensor, threshold: float) -> torch.Tensor:
    """1 for the values at or above the quantile `threshold`."""
    return (values >= torch.quantile(values.float(), threshold)).to(values.dtype)


def _smoothed(heat: torch.Tensor) -> torch.Tensor:
    """[h, w] under a 3 x 3 Gaussian of variance 1/2, mirrored at the border."""
    line = torch.exp(-torch.tensor([1.0, 0.0, 1.0], device=heat.device))
    kernel = line[:, None] * line[None, :]
    padded = F.pad(heat[None, None], (1, 1, 1, 1), mode="reflect")
    return F.conv2d(padded, (kernel / kernel.sum())[None, None])[0, 0]
