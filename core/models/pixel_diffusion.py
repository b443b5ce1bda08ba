"""Models on pixels: folders unet (diffusers' UNet2DModel) and scheduler, without words.

What is noised is the picture itself, so the first stage is the identity and every place of the
methods that says latents means pixels in [-1, 1]. The network may read blocks of pixels; its
configuration tells (`core.models.pixel_network`).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path as FilePath
from typing import Any

import torch
from diffusers import UNet2DModel

from core.errors import ModelDamagedError, ModelNotFoundError
from core.models.abilities import pixel_abilities
from core.models.family import patch_of
from core.models.latent_model import Conditioning, LatentModel, Prediction
from core.models.pixel_network import predict
from core.models.stable_diffusion import read_scheduler
from core.sampling.path import Path


class _NoWords:
    """The tokenizer of a model that reads nothing: every prompt has no tokens."""

    model_max_length = 1

    def __call__(self, prompt: str, **options: Any) -> dict[str, list[Any]]:
        return {"input_ids": [], "offset_mapping": []}


class PixelDiffusion:
    """A `LatentModel` whose latents are the pixels; see the protocol for the attributes."""

    in_pixels = True
    factor = 1
    latent_channels = 3

    def __init__(
        self,
        unet: Any,
        path: Path,
        prediction: Prediction,
        *,
        name: str = "",
        fingerprint: str = "",
        folder: FilePath | None = None,
        open_other: Callable[[str], LatentModel] | None = None,
    ) -> None:
        self.unet = unet
        unet.requires_grad_(False)
        unet.eval()
        self.name, self.fingerprint, self.folder = name, fingerprint, folder
        self._open_other = open_other
        self.path: Path = path
        self.prediction: Prediction = prediction
        self.abilities = pixel_abilities(prediction)
        self.tokenizer = _NoWords()
        patch = patch_of(unet.config.in_channels)
        self.grid = patch * 2 ** (len(unet.config.block_out_channels) - 1)
        self.native_size = int(unet.config.sample_size) * patch
        self.device, self.dtype = unet.device, unet.dtype
        self.network_evaluations = 0

    @property
    def network(self) -> Any:
        return self.unet

    def encode_prompts(self, prompts: Sequence[str]) -> Conditioning:
        """One state of nothing for each prompt, [N, 1, 1]; the network is not told it."""
        return Conditioning(torch.zeros(len(prompts), 1, 1, device=self.device))

    def encode(self, pixels: torch.Tensor) -> torch.Tensor:
        return pixels.to(self.device).float()

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        return latents.float()

    def predict(self, x: torch.Tensor, t: float, conditioning: Conditioning) -> torch.Tensor:
        self.network_evaluations += len(x)
        return predict(self.unet, x.to(self.dtype), t)

    @contextmanager
    def in_float32(self) -> Iterator[None]:
        """Widened in place and narrowed again, which loses nothing."""
        before = self.dtype
        try:
            self.unet.to(torch.float32)
            self.dtype = torch.float32
            yield
        finally:
            self.unet.to(before)
            self.dtype = before

    def preview(self, latents: torch.Tensor) -> torch.Tensor:
        pixels = latents.detach().float().cpu().permute(0, 2, 3, 1)
        return ((pixels.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)

    def load_other(self, name: str) -> LatentModel:
        if self._open_other is None:
            raise ModelNotFoundError(
                f"{self.name or 'this model'} was not loaded from a library, so “{name}” cannot "
                "be found beside it; load it by its name."
            )
        return self._open_other(name)


def load(
    folder: FilePath,
    device: torch.device,
    dtype: torch.dtype,
    *,
    name: str = "",
    fingerprint: str = "",
    open_other: Callable[[str], LatentModel] | None = None,
    memory: str = "device",
) -> PixelDiffusion:
    """Load a checked folder (`core.models.checks`). Raises ModelError.

    memory: a single network cannot take turns; it lies on the device in every mode.
    """
    path, prediction = read_scheduler(folder / "scheduler" / "scheduler_config.json")
    try:
        unet: Any = UNet2DModel.from_pretrained(
            folder / "unet", torch_dtype=dtype, local_files_only=True, use_safetensors=True
        )
    except Exception as error:  # of whatever kind the library's parsers raise
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ModelDamagedError(
            f"{folder.name} cannot be loaded ({reason}). Copy the model again or choose another."
        ) from error
    return PixelDiffusion(
        unet.to(device),
        path,
        prediction,
        name=name or folder.name,
        fingerprint=fingerprint,
        folder=folder,
        open_other=open_other,
    )
