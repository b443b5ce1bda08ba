"""How well pictures and texts agree, by the CLIP that ships in a model's folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional
from transformers import CLIPModel, CLIPTokenizer

from core.errors import ModelNotFoundError
from core.training.perceptual import perceptual_distance


class ClipScore:
    """Cosine similarities of pictures and texts (Radford et al. 2021), in [-1, 1].

    folder: a model folder with clip/ and tokenizer/. Raises ModelNotFoundError without them.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / "clip").is_dir():
            raise ModelNotFoundError(
                f"{folder.name} has no clip folder; choose the starter model or train one."
            )
        clip: Any = CLIPModel.from_pretrained(
            folder / "clip", dtype=torch.float32, local_files_only=True
        )
        self._clip = clip.requires_grad_(False).eval()
        self._tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer", local_files_only=True)
        self._side = int(clip.config.vision_config.image_size)

    @torch.no_grad()
    def pictures(self, pictures: Sequence[NDArray[np.uint8]]) -> torch.Tensor:
        """Unit embeddings [N, D] of RGB uint8 pictures, each brought to the tower's square."""
        states = self._clip.vision_model(pixel_values=self._pixels(pictures)).pooler_output
        return functional.normalize(self._clip.visual_projection(states), dim=-1)

    @torch.no_grad()
    def texts(self, texts: Sequence[str]) -> torch.Tensor:
        """Unit embeddings [N, D] of texts in either language."""
        length = self._tokenizer.model_max_length
        encoded = self._tokenizer(
            list(texts), padding="max_length", truncation=True, max_length=length
        )
        states = self._clip.text_model(input_ids=torch.tensor(encoded["input_ids"])).pooler_output
        return functional.normalize(self._clip.text_projection(states), dim=-1)

    def agreement(self, picture: NDArray[np.uint8], texts: Sequence[str]) -> list[float]:
        """The picture's similarity with each text."""
        return (self.pictures([picture]) @ self.texts(texts).T)[0].tolist()

    @torch.no_grad()
    def distance(self, first: NDArray[np.uint8], second: NDArray[np.uint8]) -> float:
        """How different two pictures look to the image tower, in [0, 4]; 0 = the same.

        `core.training.perceptual`: a figure of our own, like LPIPS without its weights.
        """
        one, other = self._pixels([first, second]).split(1)
        return float(perceptual_distance(self._clip.vision_model, one, other))

    def _pixels(self, pictures: Sequence[NDArray[np.uint8]]) -> torch.Tensor:
        """[N, 3, S, S] in [-1, 1]."""
        size = (self._side, self._side)
        small = [cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in pictures]
        return torch.from_numpy(np.stack(small)).permute(0, 3, 1, 2).float() / 127.5 - 1.0
