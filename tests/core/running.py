"""Requests for a small model, and how they are run."""

from typing import Any

import numpy as np
import pytest
import torch

from core.events import EditEvent, Finished
from core.models.stable_diffusion import StableDiffusion
from core.request import EditRequest
from core.run import run_edit
from core.settings import (
    DDIMSwapSettings,
    DifferentialSettings,
    FillingSettings,
    GenerationSettings,
    MaskedFillSettings,
    PictureSettings,
    RemoveSettings,
    RePaintSettings,
    SDEditSettings,
)

EDITS: list[PictureSettings] = [
    SDEditSettings(strength=0.7),
    SDEditSettings(strength=0.6, repeats=2, eta=1.0),
    DDIMSwapSettings(inversion_strength=0.5),
    DDIMSwapSettings(inversion_strength=1.0, inversion_label="current"),
    MaskedFillSettings(),
    MaskedFillSettings(strength=0.5, eta=0.0),
    RemoveSettings(),
    RePaintSettings(jump_length=1, resamplings=2),
    DifferentialSettings(strength=0.8),
]


def picture(height: int, width: int, kind: type = np.uint8, seed: int = 0) -> Any:
    """Noise on a ramp: every pixel counts."""
    rng = np.random.default_rng(seed)
    top = np.iinfo(kind).max
    ramp = np.linspace(0, top // 2, width)[None, :, None]
    return (ramp + rng.integers(0, top // 2, (height, width, 3))).astype(kind)


def square(height: int, width: int) -> Any:
    """A mask of 1 in the middle third."""
    mask = np.zeros((height, width), np.float32)
    mask[height // 3 : -(-2 * height // 3), width // 3 : -(-2 * width // 3)] = 1.0
    return mask


def request(method: PictureSettings, pixels: Any, mask: Any = None, **changes: Any) -> EditRequest:
    if mask is None and isinstance(method, FillingSettings):
        mask = square(*pixels.shape[:2])
    options: dict[str, Any] = {
        "source_prompt": "a cat",
        "target_prompt": "a red apple",
        "steps": 4,
        "guidance_scale": 3.0,
        "seed": 5,
    }
    return EditRequest(method, pixels, mask, **{**options, **changes})


def run(request: EditRequest, model: Any) -> tuple[list[EditEvent], Finished]:
    events = list(run_edit(request, model))
    last = events[-1]
    assert isinstance(last, Finished)
    return events, last


def result(request: EditRequest, model: Any) -> Any:
    return run(request, model)[1].picture


def any_request(method: Any) -> EditRequest:
    if isinstance(method, GenerationSettings):
        return EditRequest(method, target_prompt="a cat", steps=2, size=(32, 32))
    return request(method, picture(32, 32), steps=2)


def raise_out_of_memory() -> None:
    raise torch.OutOfMemoryError("CUDA out of memory")


def make_lossless(model: StableDiffusion, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first stage that gives back what it was last given, whatever became of the latents."""
    kept: dict[str, torch.Tensor] = {}

    def encode(pixels: torch.Tensor) -> torch.Tensor:
        kept["pixels"] = pixels
        means = torch.nn.functional.avg_pool2d(pixels, 8)
        return torch.cat([means, means[:, :1]], dim=1)

    def decode(latents: torch.Tensor) -> torch.Tensor:
        return kept["pixels"].expand(len(latents), -1, -1, -1).clone()

    monkeypatch.setattr(model, "encode", encode)
    monkeypatch.setattr(model, "decode", decode)
