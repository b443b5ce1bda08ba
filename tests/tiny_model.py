"""A small random model in Stable Diffusion layout, for tests: the true classes, few weights."""

from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

from core.training.tokenizer import load_tokenizer, train_tokenizer

CAPTIONS = [
    "a cat and a red apple on a teal ground",
    "a dog left of a pear on a blue ground",
    "청록색 바탕 위의 빨간 사과와 고양이",
]


def write_tiny_model(
    folder: Path, *, prediction: str = "epsilon", seed: int = 0, beside: int = 0
) -> Path:
    """Write the model to `folder` and return it: factor 8, four latent channels, 16 latents a side.

    prediction: "epsilon", "v_prediction", "sample" or "flow". beside: channels that the network
    reads beside the latents: 5 makes an inpainting model.
    """
    torch.manual_seed(seed)
    train_tokenizer(CAPTIONS * 4, 700, 24, folder / "tokenizer")
    tokens = len(load_tokenizer(folder / "tokenizer"))
    text = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=tokens,
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            max_position_embeddings=24,
            bos_token_id=tokens - 2,
            eos_token_id=tokens - 1,
            pad_token_id=tokens - 1,
        )
    )
    unet: Any = UNet2DConditionModel(
        sample_size=16,
        in_channels=4 + beside,
        out_channels=4,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        block_out_channels=(32, 64),
        layers_per_block=1,
        attention_head_dim=1,
        cross_attention_dim=32,
        norm_num_groups=8,
    )
    network: Any = AutoencoderKL
    vae = network(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(8, 8, 16, 16),
        latent_channels=4,
        norm_num_groups=4,
        mid_block_add_attention=False,
        scaling_factor=1.0,
    )
    options = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
    if prediction == "flow":
        from diffusers import FlowMatchEulerDiscreteScheduler

        scheduler: Any = FlowMatchEulerDiscreteScheduler(shift=1.0)
    else:
        scheduler = DDIMScheduler(prediction_type=prediction, steps_offset=1, **options)
    unet.save_pretrained(folder / "unet")
    vae.save_pretrained(folder / "vae")
    text.save_pretrained(folder / "text_encoder")
    scheduler.save_pretrained(folder / "scheduler")
    (folder / "model_index.json").write_text('{"_class_name": "StableDiffusionPipeline"}\n')
    return folder
