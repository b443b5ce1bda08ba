"""What a fill costs in a large picture. Run with `-m benchmark`; each prints its ratio last.

The network has the shape of Stable Diffusion 1.x and random weights, so the times are true and the
pictures are noise. SFUMATO_BENCHMARK_WIDTH narrows it (320 is the true one).
"""

import gc
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel

from core.models.stable_diffusion import StableDiffusion, load
from core.request import EditRequest
from core.run import run_edit
from core.settings import MaskedFillSettings
from tests.tiny_model import write_tiny_model

pytestmark = pytest.mark.benchmark
WIDTH = int(os.environ.get("SFUMATO_BENCHMARK_WIDTH", "320"))
STEPS = int(os.environ.get("SFUMATO_BENCHMARK_STEPS", "2"))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StableDiffusion]:
    """512 pixels, 4 latent channels at an eighth, attention at three of four levels."""
    tiny = load(
        write_tiny_model(tmp_path_factory.mktemp("models") / "tiny"),
        torch.device("cpu"),
        torch.float32,
    )
    network: Any = UNet2DConditionModel
    unet = network(
        sample_size=64,
        block_out_channels=(WIDTH, 2 * WIDTH, 4 * WIDTH, 4 * WIDTH),
        attention_head_dim=8,
        cross_attention_dim=32,
    )
    first_stage: Any = AutoencoderKL
    narrow = max(32, WIDTH * 2 // 5 // 32 * 32)
    vae = first_stage(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(narrow, 2 * narrow, 4 * narrow, 4 * narrow),
        layers_per_block=2,
        latent_channels=4,
    )
    yield StableDiffusion(
        unet, vae, tiny.text_encoder, tiny.tokenizer, tiny.path, tiny.prediction, name="shaped"
    )
    gc.collect()


def seconds(model: StableDiffusion, side: int, mask_side: int) -> float:
    """CPU time of one fill of mask_side x mask_side in a picture of side x side."""
    pixels: Any = np.zeros((side, side, 3), np.uint8)
    pixels[::2] = 90
    mask = np.zeros((side, side), np.float32)
    start = (side - mask_side) // 2
    mask[start : start + mask_side, start : start + mask_side] = 1
    request = EditRequest(
        MaskedFillSettings(), pixels, mask, target_prompt="a cat", steps=STEPS, model="shaped"
    )
    begun = time.process_time()
    for _ in run_edit(request, model):
        pass
    return time.process_time() - begun


def least(model: StableDiffusion, cases: list[tuple[int, int]], rounds: int = 2) -> list[float]:
    """The least time of each case, taken in turns."""
    times = [[seconds(model, *case) for case in cases] for _ in range(rounds)]
    return [min(column) for column in zip(*times, strict=True)]


def test_a_fill_costs_the_same_in_any_picture(
    model: StableDiffusion, capsys: pytest.CaptureFixture[str]
) -> None:
    small, large = least(model, [(1024, 284), (8192, 284)])
    with capsys.disabled():
        print(f"\nfill of a 512-pixel crop, {STEPS} steps: {small:.1f} s in 1024 x 1024, ", end="")
        print(f"{large:.1f} s in 8192 x 8192")
        print(f"ratio {large / small:.3f}")


def test_a_small_mask_is_cheaper_than_the_whole_picture(
    model: StableDiffusion, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Beside the same walk over all of 1024 x 1024, as without a crop."""
    (crop,) = least(model, [(1024, 64)], 1)
    whole = _whole(model)
    with capsys.disabled():
        print(f"\nsmall mask in 1024 x 1024, {STEPS} steps: {crop:.1f} s, whole {whole:.1f} s")
        print(f"ratio {whole / crop:.2f}")


@torch.no_grad()
def _whole(model: StableDiffusion) -> float:
    """Encode, walk and decode 1024 x 1024 at its own size."""
    from core.sampling.guidance import classifier_free
    from core.sampling.solvers import ddim

    begun = time.process_time()
    clean = model.encode(torch.zeros(1, 3, 1024, 1024))
    states = model.encode_prompts(["a cat", ""]).hidden.split(1)
    wanted, unwanted = (type(model.encode_prompts([""]))(state) for state in states)
    denoise = classifier_free(model, wanted, unwanted, 5.0)
    x = torch.randn(clean.shape)
    for state in ddim(denoise, model.path, x, model.path.timesteps(STEPS)):
        x = state.x
    model.decode(x)
    return time.process_time() - begun
