"""What a member is trained from, small enough for a test."""

from pathlib import Path
from typing import Any

import torch

from core.models import first_stage
from core.training import autoencoder, clip, latent_diffusion
from core.training.beside import teacher
from core.training.choices import Conditioning
from core.training.datasets.bank import Bank, build_bank
from core.training.latent_diffusion import Aim
from core.training.loop import RunOptions, Schedule
from core.training.tokenizer import load_tokenizer, train_tokenizer
from tests.core.training.test_datasets import drawn_library

SCHEDULE = Schedule(1e-3, warmup=2, ema_decay=0.5)
PRESET = latent_diffusion.Preset((32, 64), 32, 1, 8, 4, SCHEDULE)
SIDE = 64


class Studio:
    """An untrained first stage and towers in their folders, and a bank of drawn shapes."""

    def __init__(self, root: Path) -> None:
        self.root, self.library = root, drawn_library()
        self.bank: Bank = build_bank(
            root / "bank", 20, SIDE, 7, self.library, "train", report=lambda done, of: None
        )
        torch.manual_seed(0)
        self.stage = root / "ae" / "vae"
        widths = autoencoder.Preset((8, 8, 16, 16), 8, 4, 32, 4, SCHEDULE)
        autoencoder.build(widths).save_pretrained(self.stage)
        self.clip = root / "clip"
        texts = [text for pair in self.bank.captions for text in pair["en"] + pair["ko"]]
        train_tokenizer(texts, 640, 32, self.clip / "tokenizer")
        small = clip.Preset(64, 1, 64, 1, 16, 32, 640, 32, 96, SCHEDULE)
        words = len(load_tokenizer(self.clip / "tokenizer"))
        clip.build(small, words, SIDE).save_pretrained(self.clip / "clip")

    def train(self, name: str, aim: Aim, steps: int, **options: Any) -> Path:
        out = self.root / name
        latent_diffusion.train(
            out,
            self.bank,
            self.stage,
            self.clip,
            PRESET,
            RunOptions(1e6, options.pop("resume", False), max_steps=steps),
            aim=aim,
            objects=lambda: self.library,
            **options,
        )
        return out

    def teacher(self, conditioning: Conditioning, scale: int = 4) -> Any:
        stage = first_stage.load_first_stage(self.stage)
        return teacher(conditioning, self.bank, stage, scale, lambda: self.library)
