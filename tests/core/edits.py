"""What the tests of swap methods share: a small model of Stable Diffusion 1's shape, and tasks."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from diffusers import DDIMScheduler, UNet2DConditionModel

from core.methods.task import Task
from core.models.stable_diffusion import StableDiffusion, load
from core.sampling.solvers import State
from core.settings import Settings
from tests.tiny_model import write_tiny_model

SOURCE = "a cat and a red apple on a teal ground"
TARGET = "a dog and a red apple on a teal ground"


def tiny(
    folder: Path, prediction: str = "epsilon", dtype: torch.dtype = torch.float32
) -> StableDiffusion:
    """`tests.tiny_model` on the CPU."""
    write_tiny_model(folder / prediction, prediction=prediction)
    return load(folder / prediction, torch.device("cpu"), dtype)


def with_unet(model: StableDiffusion, unet: Any) -> StableDiffusion:
    """The model with another UNet."""
    return StableDiffusion(
        unet, model.vae, model.text_encoder, model.tokenizer, model.path, model.prediction
    )


def sd1_unet() -> Any:
    """Four levels, three with attention, two layers each: 16 self- and 16 cross-attentions."""
    torch.manual_seed(1)
    network: Any = UNet2DConditionModel
    return network(
        sample_size=16,
        block_out_channels=(8, 16, 16, 16),
        attention_head_dim=2,
        cross_attention_dim=32,
        norm_num_groups=4,
    )


def sdxl_unet() -> Any:
    """Three levels, attention at the two coarser ones, several transformers deep."""
    torch.manual_seed(1)
    network: Any = UNet2DConditionModel
    return network(
        sample_size=16,
        block_out_channels=(8, 16, 16),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=(1, 2, 3),
        attention_head_dim=(1, 2, 2),
        use_linear_projection=True,
        cross_attention_dim=32,
        norm_num_groups=4,
    )


def scheduler(model: StableDiffusion, **options: Any) -> Any:
    """diffusers' DDIM scheduler on the tiny model's path."""
    return DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        steps_offset=1,
        clip_sample=False,
        **options,
    )


def task(
    model: StableDiffusion,
    settings: Settings,
    *,
    source: str = SOURCE,
    target: str = TARGET,
    steps: int = 5,
    guidance_scale: float = 3.0,
    seed: int = 0,
    mask: torch.Tensor | None = None,
    side: int = 16,
) -> Task:
    """A task on random latents of unit variance."""
    generator = torch.Generator().manual_seed(seed)
    states = model.encode_prompts([source, target, ""]).hidden.split(1)
    first, second, empty = (type(model.encode_prompts([""]))(part) for part in states)
    return Task(
        model=model,
        settings=settings,
        clean=torch.randn(1, 4, side, side, generator=torch.Generator().manual_seed(9)),
        mask=mask,
        source=first,
        target=second,
        empty=empty,
        steps=steps,
        guidance_scale=guidance_scale,
        generator=generator,
        source_prompt=source,
        target_prompt=target,
    )


def last(states: Iterable[State]) -> State:
    """The last state of a walk."""
    *_, final = states
    return final


def half_mask(side: int = 16) -> torch.Tensor:
    """1 on the left half."""
    mask = torch.zeros(1, 1, side, side)
    mask[..., : side // 2] = 1
    return mask
