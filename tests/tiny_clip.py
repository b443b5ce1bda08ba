"""A tiny random CLIP beside a tiny model's tokenizer: it judges nothing well, but always alike."""

from pathlib import Path

import torch
from transformers import CLIPConfig, CLIPModel

from core.training.tokenizer import load_tokenizer


def write_tiny_clip(folder: Path) -> Path:
    """Write `folder`/clip to a model folder that has a tokenizer; return the folder."""
    torch.manual_seed(3)
    tokens = len(load_tokenizer(folder / "tokenizer"))
    common = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2}
    text = {
        **common,
        "vocab_size": tokens,
        "num_attention_heads": 2,
        "max_position_embeddings": 24,
        "bos_token_id": tokens - 2,
        "eos_token_id": tokens - 1,
        "pad_token_id": tokens - 1,
    }
    vision = {**common, "num_attention_heads": 2, "image_size": 32, "patch_size": 8}
    config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=8)
    CLIPModel(config).save_pretrained(folder / "clip")
    return folder
