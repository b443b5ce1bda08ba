"""Samples of a denoiser on the way."""

from typing import Any

import numpy as np
import torch
from transformers import CLIPTokenizer

from core.models import first_stage
from core.models.latent_model import Prediction
from core.sampling.denoiser import from_network
from core.sampling.path import VariancePreserving
from core.sampling.solvers import ddim
from core.training.batches import to_pictures, token_ids, write_sheet
from core.training.beside import Shown, Teacher
from core.training.datasets.bank import Bank
from core.training.denoising import ask
from core.training.loop import Run
from core.training.objective import Objective

SHEET, STEPS = 16, 20


class SampleSheet:
    """Samples at fixed noise for fixed captions, to see a run getting better."""

    def __init__(
        self,
        bank: Bank,
        stage: Any,
        tokenizer: CLIPTokenizer,
        objective: Objective,
        shows: Teacher | None,
    ) -> None:
        self.prompts = [bank.captions[i]["ko" if i % 4 == 3 else "en"][0] for i in range(SHEET)]
        self.stage, self.shows = stage, shows
        self.prediction: Prediction = objective.prediction.of_diffusers
        bars = objective.alpha_bars.double().cpu()
        self.path = VariancePreserving(bars, spacing="trailing")
        self.ids = torch.tensor(token_ids(tokenizer, ["", *self.prompts])).to(stage.device)

    def draw(self, run: Run, unet: Any, text: Any) -> None:
        """Write `samples.png` (rows of 4, guidance 4, 20 steps) and `samples.txt`.

        Where more than the prompt is told, it stands at the left of each sample.
        """
        side, channels = unet.config.sample_size, unet.config.out_channels
        generator = torch.Generator().manual_seed(7)
        x = torch.randn(SHEET, channels, side, side, generator=generator).to(self.stage.device)
        shown = twice = None
        if self.shows is not None:
            shown = self.shows.show(np.arange(SHEET), np.random.default_rng(7), generator)
            level = None if shown.level is None else shown.level.repeat(2)
            twice = Shown(shown.channels.repeat(2, 1, 1, 1), level)

        def predict(x: torch.Tensor, t: float) -> torch.Tensor:
            without, wanted = ask(unet, torch.cat([x, x]), t, states, twice).chunk(2)
            return without + 4.0 * (wanted - without)

        denoise = from_network(predict, self.prediction, self.path)
        half = torch.autocast(x.device.type, torch.bfloat16)
        with run.averaged(), torch.no_grad(), half:
            empty, wanted = text(input_ids=self.ids).last_hidden_state.split([1, len(x)])
            states = torch.cat([empty.expand(len(x), -1, -1), wanted])
            for state in ddim(denoise, self.path, x, self.path.timesteps(STEPS)):
                x = state.x
            pixels = first_stage.decode(self.stage, x)
            if self.shows is not None and shown is not None:
                pixels = torch.cat([self.shows.picture(shown), pixels], dim=3)
        write_sheet(run.folder / "samples.png", to_pictures(pixels), 4)
        (run.folder / "samples.txt").write_text("\n".join(self.prompts) + "\n", "utf-8")
