"""How a latent denoiser is asked, and how far off its answers are: while training, and held out."""

from typing import Any

import numpy as np
import torch
from transformers import CLIPTokenizer

from core.models import first_stage
from core.training.attention import quick_attention
from core.training.batches import to_tensor, token_ids
from core.training.beside import Shown, Teacher
from core.training.datasets.bank import Bank
from core.training.loop import Run
from core.training.objective import Objective

JUDGED = 48
"""Held-out scenes that the loss is taken on, at ten labels each."""


def ask(
    unet: Any, x: torch.Tensor, t: torch.Tensor | float, states: torch.Tensor, shown: Shown | None
) -> torch.Tensor:
    """The UNet's output at x [N, C, h, w], told labels, text states and what is shown beside."""
    if shown is None:
        return unet(x, t, states).sample
    read = torch.cat([x, shown.channels.to(x)], dim=1)
    return unet(read, t, states, class_labels=shown.level).sample


def errors(
    unet: Any,
    objective: Objective,
    latents: torch.Tensor,
    states: torch.Tensor,
    t: torch.Tensor,
    eps: torch.Tensor,
    shown: Shown | None = None,
) -> torch.Tensor:
    """Mean squared error of what is predicted, one number for each picture: [N].

    latents, eps [N, C, h, w]; states [N, L, D]; t [N] integers; shown: beside the latents.
    """
    x = objective.noised(latents, t, eps)
    with torch.autocast(latents.device.type, torch.bfloat16), quick_attention(latents.device):
        output = ask(unet, x, t, states, shown)
    return objective.errors(output, latents, t, eps)


class HeldOut:
    """The held-out loss: the plain error at fixed scenes, labels and noise, so that runs compare.

    bank: of held-out scenes. shows: a teacher on that bank. Every other scene is told in Korean.
    """

    def __init__(
        self,
        bank: Bank,
        stage: Any,
        tokenizer: CLIPTokenizer,
        objective: Objective,
        shows: Teacher | None,
    ) -> None:
        self.count = min(JUDGED, len(bank.pictures))
        self.objective, self.shows = objective, shows
        said = [bank.captions[i][("en", "ko")[i % 2]][0] for i in range(self.count)]
        self.ids = torch.tensor(token_ids(tokenizer, said)).to(stage.device)
        with torch.no_grad():
            pixels = to_tensor(bank.pictures[: self.count], stage.device)
            self.latents = first_stage.encode(stage, pixels)

    @torch.no_grad()
    def loss(self, run: Run, unet: Any, text: Any) -> float:
        """Of the averaged weights; noted in the run's folder."""
        generator, total = torch.Generator().manual_seed(7), 0.0
        shown = None
        if self.shows is not None:
            shown = self.shows.show(np.arange(self.count), np.random.default_rng(7), generator)
        labels = len(self.objective.alpha_bars)
        with run.averaged():
            states = text(input_ids=self.ids).last_hidden_state
            for label in range(labels // 20, labels, labels // 10):
                t = torch.full((self.count,), label, device=self.latents.device)
                eps = torch.randn(self.latents.shape, generator=generator).to(self.latents)
                found = errors(unet, self.objective, self.latents, states, t, eps, shown)
                total += float(found.mean()) / 10
        run.note_held_out(total)
        return total
