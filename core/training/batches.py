"""From pictures of the bank to tensors."""

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import CLIPTokenizer

from core.training.datasets.bank import Bank


def to_tensor(pictures: NDArray[np.uint8], device: torch.device) -> torch.Tensor:
    """uint8 [N, H, W, 3] -> float32 [N, 3, H, W] in [-1, 1] on `device`."""
    # A copy, since torch has no read-only tensors and a bank is mapped read-only.
    tensor = torch.from_numpy(np.array(pictures)).to(device)
    return tensor.permute(0, 3, 1, 2).float() / 127.5 - 1.0


def caption_ids(bank: Bank, tokenizer: CLIPTokenizer, language: str) -> NDArray[np.int32]:
    """Token numbers [pictures, captions per picture, tokens] of the bank's captions."""
    texts = [text for captions in bank.captions for text in captions[language]]
    length = tokenizer.model_max_length
    encoded = tokenizer(texts, padding="max_length", truncation=True, max_length=length)
    ids = np.asarray(encoded["input_ids"], np.int32)
    return ids.reshape(len(bank.captions), -1, length)


def object_table(bank: Bank) -> NDArray[np.uint8]:
    """Which known objects each scene holds: [pictures, objects], 0 or 1."""
    known = bank.known_objects
    column = {name: number for number, name in enumerate(known)}
    table = np.zeros((len(bank.captions), len(known)), np.uint8)
    for row, names in enumerate(bank.object_names):
        for name in names:
            table[row, column[name]] = 1
    return table
