"""The latents of a whole bank, made once and kept on the disk."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import torch

from core.models import first_stage
from core.training.batches import to_tensor
from core.training.datasets.bank import Bank


@torch.no_grad()
def encode_bank(bank: Bank, stage: Any, path: Path) -> np.ndarray:
    """Scaled latents of the whole bank, float16 [N, C, h, w], memory-mapped; kept at `path`.

    Kept ones of another bank or first stage are replaced; their first pictures tell.
    """
    count = len(bank.pictures)
    # On a CPU large batches leave its caches, and cost nearly twice the time a picture.
    batch = 16 if stage.device.type == "cpu" else 64

    def encode(start: int) -> np.ndarray:
        pixels = to_tensor(bank.pictures[start : start + batch], stage.device)
        with torch.autocast(stage.device.type, torch.bfloat16):
            return first_stage.encode(stage, pixels).half().cpu().numpy()

    first = encode(0)
    if path.exists():
        found = np.load(path, mmap_mode="r")
        same = found.shape == (count, *first.shape[1:])
        if same and np.allclose(found[: len(first)], first, atol=0.05):
            return found
    print(f"encoding {count} pictures", flush=True)
    parts = [first, *(encode(start) for start in range(batch, count, batch))]
    temporary = path.with_suffix(".tmp.npy")
    np.save(temporary, np.concatenate(parts))
    temporary.replace(path)
    return np.load(path, mmap_mode="r")


def digest(stage_folder: Path) -> str:
    """A short hash of a first stage's weights, so that latents of another are not taken for its."""
    files = sorted(stage_folder.glob("*.safetensors"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
