"""Models in Stable Diffusion layout: folders unet, vae, text_encoder, tokenizer, scheduler.

The networks are diffusers' and transformers'; prompt states, paths and predictions are ours.
Weights are safetensors, loaded frozen.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path as FilePath
from typing import Any

import torch
from diffusers import DDIMScheduler, UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTokenizer
from transformers.utils.logging import disable_progress_bar

from core.errors import ModelDamagedError, ModelError, ModelNotFoundError, RequestError
from core.models import first_stage
from core.models.abilities import abilities_of, prediction_name, read_classes
from core.models.family import first_stage_of
from core.models.latent_model import Conditioning, LatentModel, Prediction
from core.models.placement import place, tile
from core.models.preview import fit_preview
from core.sampling.path import Path, RectifiedFlow, VariancePreserving

PREDICTIONS: dict[str, Prediction] = {
    "epsilon": "epsilon",
    "v_prediction": "v_prediction",
    "sample": "sample",
}


disable_progress_bar()  # it would write over the command line's own


class StableDiffusion:
    """A `LatentModel` of the Stable Diffusion family; see the protocol for the attributes.

    The networks are typed Any, since the libraries' annotations do not tell what they return.
    """

    in_pixels = False

    def __init__(
        self,
        unet: Any,
        vae: Any,
        text_encoder: Any,
        tokenizer: CLIPTokenizer,
        path: Path,
        prediction: Prediction,
        *,
        name: str = "",
        fingerprint: str = "",
        folder: FilePath | None = None,
        open_other: Callable[[str], LatentModel] | None = None,
        device: torch.device | None = None,
    ) -> None:
        """device: where the networks run, if that is not where they lie now."""
        self.unet, self.vae, self.text_encoder = unet, vae, text_encoder
        self.tokenizer = tokenizer
        for network in (unet, vae, text_encoder):
            network.requires_grad_(False)
            network.eval()
        self.name, self.fingerprint, self.folder = name, fingerprint, folder
        self._open_other = open_other
        self.path: Path = path
        self.prediction: Prediction = prediction
        classes = read_classes(folder) if folder is not None else ()
        self.abilities = abilities_of(unet.config, prediction, classes)
        self.factor = first_stage.factor(vae)
        self.grid = self.factor * 2 ** (len(unet.config.block_out_channels) - 1)
        self.native_size = int(unet.config.sample_size) * self.factor
        self.latent_channels = first_stage.latent_channels(vae)
        self.device, self.dtype = device or unet.device, unet.dtype
        self.network_evaluations = 0
        self._grey: dict[tuple[int, ...], torch.Tensor] = {}
        self._preview = fit_preview(self.decode, self.latent_channels, self.factor, self.device)

    @property
    def network(self) -> Any:
        return self.unet

    @torch.no_grad()
    def encode_prompts(self, prompts: Sequence[str]) -> Conditioning:
        """The text tower's last states after its final norm, [N, tokens, channels]."""
        encoded = self.tokenizer(
            list(prompts),
            padding="max_length",
            truncation=True,
            max_length=self.tokenizer.model_max_length,
        )
        tokens = torch.tensor(encoded["input_ids"], device=self.device)
        return Conditioning(self.text_encoder(input_ids=tokens).last_hidden_state)

    def encode(self, pixels: torch.Tensor) -> torch.Tensor:
        return first_stage.encode(self.vae, pixels.to(self.device))

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        return first_stage.decode(self.vae, latents)

    def predict(self, x: torch.Tensor, t: float, conditioning: Conditioning) -> torch.Tensor:
        self.network_evaluations += len(x)
        told = conditioning if len(conditioning.hidden) == len(x) else conditioning.rows(len(x))
        if self.abilities.beside:
            beside = self._nothing_told(x) if told.beside is None else told.beside
            x = torch.cat([x, beside.to(x)], dim=1)
        states = told.hidden.to(self.dtype)
        return self.unet(x.to(self.dtype), t, states, class_labels=told.level, return_dict=False)[0]

    def _nothing_told(self, x: torch.Tensor) -> torch.Tensor:
        """What a network reads beside x [N, C, h, w] where it is told nothing.

        Raises RequestError where it can do nothing without.
        """
        if self.abilities.inpaints:
            return self._everything_free(x)
        if self.abilities.enlarges:
            raise RequestError(
                f"{self.name or 'this model'} enlarges pictures and does nothing else; choose the "
                "method upscale, or another model."
            )
        more = self.unet.config.in_channels - self.latent_channels
        return x.new_zeros(len(x), more, *x.shape[-2:])

    def _everything_free(self, x: torch.Tensor) -> torch.Tensor:
        """What an inpainting network reads where the whole picture is masked: mid-grey, encoded."""
        size = tuple(x.shape[-2:])
        if size not in self._grey:
            grey = torch.zeros(1, 3, *(side * self.factor for side in size), device=self.device)
            self._grey = {size: self.encode(grey)}
        beside = torch.cat([torch.ones_like(self._grey[size][:, :1]), self._grey[size]], dim=1)
        return beside.expand(len(x), *beside.shape[1:])

    @contextmanager
    def in_float32(self) -> Iterator[None]:
        """Widened in place and narrowed again, which loses nothing; needs twice the memory."""
        networks = (self.unet, self.vae, self.text_encoder)
        before, dtype = [network.dtype for network in networks], self.dtype
        try:
            for network in networks:
                network.to(torch.float32)
            self.dtype = torch.float32
            yield
        finally:
            for network, kind in zip(networks, before, strict=True):
                network.to(kind)
            self.dtype = dtype

    def preview(self, latents: torch.Tensor) -> torch.Tensor:
        return self._preview(latents)

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
) -> StableDiffusion:
    """Load a checked folder (`core.models.checks`). Raises ModelError with the part's name.

    memory: see `core.models.placement`.
    """
    path, prediction = read_scheduler(folder / "scheduler" / "scheduler_config.json")
    options: dict[str, Any] = {"local_files_only": True, "use_safetensors": True}
    # The first stage overflows in float16 in several families.
    vae_dtype = torch.float32 if dtype is torch.float16 else dtype
    try:
        tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer", local_files_only=True)
        unet: Any = UNet2DConditionModel.from_pretrained(
            folder / "unet", torch_dtype=dtype, **options
        )
        stage = folder / first_stage_of(folder)
        vae = first_stage.load_first_stage(stage, torch_dtype=vae_dtype, use_safetensors=True)
        text: Any = CLIPTextModel.from_pretrained(folder / "text_encoder", dtype=dtype, **options)
    except Exception as error:  # of whatever kind the libraries' parsers raise
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ModelDamagedError(
            f"{folder.name} cannot be loaded ({reason}). Copy the model again or choose another."
        ) from error
    if unet.config.cross_attention_dim != text.config.hidden_size:
        raise ModelDamagedError(
            f"{folder.name}: the text encoder gives {text.config.hidden_size} channels and the "
            f"UNet reads {unet.config.cross_attention_dim}. Copy the whole model again."
        )
    place((text, unet, vae), device, memory)
    model = StableDiffusion(
        unet,
        vae,
        text,
        tokenizer,
        path,
        prediction,
        name=name or folder.name,
        fingerprint=fingerprint,
        folder=folder,
        open_other=open_other,
        device=device,
    )
    if memory == "tiles":
        tile(vae, model.native_size, model.factor)
    return model


def read_scheduler(file: FilePath) -> tuple[Path, Prediction]:
    """The path and what the network predicts, from diffusers' scheduler configuration."""
    try:
        config = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelDamagedError(
            f"{file.parent.parent.name}/scheduler/{file.name} cannot be read. "
            "Copy the model again or choose another."
        ) from error
    named = prediction_name(config)
    if named == "flow":
        shift = float(config.get("shift", 1.0))
        return RectifiedFlow(shift, float(config.get("num_train_timesteps", 1000))), "flow"
    if named not in PREDICTIONS:
        raise ModelError(
            f"{file.parent.parent.name} predicts “{named}”, which Sfumato does not know; "
            f"choose a model that predicts {', '.join(PREDICTIONS)} or a flow."
        )
    scheduler: Any = DDIMScheduler.from_config(config)
    table = scheduler.alphas_cumprod.double()
    path = VariancePreserving(
        table,
        spacing=config.get("timestep_spacing", "leading"),
        offset=int(config.get("steps_offset", 0)),
        final_alpha_bar=1.0 if config.get("set_alpha_to_one", True) else float(table[0]),
    )
    return path, PREDICTIONS[named]
