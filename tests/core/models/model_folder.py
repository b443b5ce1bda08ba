"""A model folder of a few kilobytes, written by hand: right headers, senseless weights."""

import json
import struct
from pathlib import Path

import numpy as np

STEMS = {
    "unet": "diffusion_pytorch_model",
    "vae": "diffusion_pytorch_model",
    "text_encoder": "model",
}
CARD = """---
license: apache-2.0
---
# A little world

Nothing to see.
"""


def write_safetensors(file: Path, tensors: dict[str, np.ndarray]) -> None:
    """A float32 safetensors file."""
    header, body = {}, b""
    for name, values in tensors.items():
        data = values.astype("<f4").tobytes()
        offsets = [len(body), len(body) + len(data)]
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": offsets}
        body += data
    text = json.dumps(header).encode()
    file.write_bytes(struct.pack("<Q", len(text)) + text + body)


def write_model(folder: Path, sharded: bool = False) -> Path:
    """A whole model folder in Stable Diffusion layout; its UNet in two shards if asked for."""
    configs = {
        "unet": {"in_channels": 4, "cross_attention_dim": 32},
        "vae": {"latent_channels": 4},
        "text_encoder": {"hidden_size": 32},
    }
    values = np.arange(600, dtype=np.float32).reshape(20, 30)
    for part, config in configs.items():
        (folder / part).mkdir(parents=True)
        (folder / part / "config.json").write_text(json.dumps(config))
        if part == "unet" and sharded:
            shards = {}
            for number, name in enumerate(("first", "second"), start=1):
                shard = f"{STEMS[part]}-{number:05}-of-00002.safetensors"
                write_safetensors(folder / part / shard, {name: values + number})
                shards[name] = shard
            index = folder / part / f"{STEMS[part]}.safetensors.index.json"
            index.write_text(json.dumps({"weight_map": shards}))
        else:
            write_safetensors(folder / part / f"{STEMS[part]}.safetensors", {"weight": values})
    (folder / "tokenizer").mkdir()
    (folder / "tokenizer" / "vocab.json").write_text("{}")
    (folder / "tokenizer" / "merges.txt").write_text("#version: 0.2\n")
    (folder / "scheduler").mkdir()
    (folder / "scheduler" / "scheduler_config.json").write_text('{"beta_start": 0.0001}')
    index = {"unet": ["diffusers", "UNet2DConditionModel"], "safety_checker": [None, None]}
    (folder / "model_index.json").write_text(json.dumps({"_class_name": "X", **index}))
    (folder / "README.md").write_text(CARD)
    return folder
