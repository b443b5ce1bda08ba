"""From pictures of the bank to tensors, and back to pictures."""

from pathlib import Path

import cv2
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


def to_pictures(pixels: torch.Tensor) -> NDArray[np.uint8]:
    """Pixels [N, 3, H, W] in about [-1, 1] -> uint8 [N, H, W, 3]."""
    values = ((pixels.clamp(-1, 1) + 1) * 127.5).round().byte()
    return values.permute(0, 2, 3, 1).cpu().numpy()


def write_sheet(path: Path, pictures: NDArray[np.uint8], columns: int) -> None:
    """Write pictures [N, H, W, 3] as one, in rows of `columns`; N is a multiple of it."""
    count, height, width, _ = pictures.shape
    grid = pictures.reshape(count // columns, columns, height, width, 3)
    sheet = grid.swapaxes(1, 2).reshape(-1, columns * width, 3)
    cv2.imwrite(str(path), sheet[..., ::-1])


def token_ids(tokenizer: CLIPTokenizer, texts: list[str]) -> list[list[int]]:
    """Token numbers of each text, all of the tokenizer's length."""
    length = tokenizer.model_max_length
    return tokenizer(texts, padding="max_length", truncation=True, max_length=length)["input_ids"]


def caption_ids(bank: Bank, tokenizer: CLIPTokenizer, language: str) -> NDArray[np.int32]:
    """Token numbers [pictures, captions per picture, tokens] of the bank's captions."""
    texts = [text for captions in bank.captions for text in captions[language]]
    ids = np.asarray(token_ids(tokenizer, texts), np.int32)
    return ids.reshape(len(bank.captions), -1, ids.shape[1])


def object_table(bank: Bank) -> NDArray[np.uint8]:
    """Which known objects each scene holds: [pictures, objects], 0 or 1."""
    known = bank.known_objects
    column = {name: number for number, name in enumerate(known)}
    table = np.zeros((len(bank.captions), len(known)), np.uint8)
    for row, names in enumerate(bank.object_names):
        for name in names:
            table[row, column[name]] = 1
    return table
