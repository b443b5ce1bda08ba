"""What a denoiser begins with: CLIP's text tower, and another run's weights, widened at need."""

import json
from pathlib import Path
from typing import Any

import torch
from transformers import CLIPModel, CLIPTextModel

from core.errors import TrainingError
from core.models.abilities import prediction_name
from core.training.choices import Prediction


def text_tower(clip_folder: Path) -> Any:
    """The text tower of `clip_folder`/clip as a model of its own, in float32."""
    towers: Any = CLIPModel.from_pretrained(
        clip_folder / "clip", dtype=torch.float32, local_files_only=True
    )
    text: Any = CLIPTextModel(towers.config.text_config)
    text.load_state_dict(towers.text_model.state_dict())
    return text


def load_weights(kind: Any, network: Any, folder: Path) -> None:
    if not folder.is_dir():
        raise TrainingError(f"{folder} is missing; start from a model or a run that holds it.")
    other = kind.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
    try:
        network.load_state_dict(widened(other.state_dict(), network.state_dict()))
    except RuntimeError as error:
        raise TrainingError(
            f"{folder} is not of this preset; choose another folder or preset."
        ) from error


def widened(
    weights: dict[str, torch.Tensor], own: dict[str, torch.Tensor]
) -> dict[str, torch.Tensor]:
    """The weights for a network that reads more, so that it computes at first what it did before.

    weights: of a UNet that reads the latents alone. own: of a new one, whose first convolution gets
    zeros for what is beside them, and whose label of the noise counts for nothing yet (`build`).
    Weights of the same shape come back as they are.
    """
    if "conv_in.weight" not in own:
        return weights
    narrow, wide = weights["conv_in.weight"], own["conv_in.weight"]
    more = wide.shape[1] - narrow.shape[1]
    if more <= 0 or narrow.shape[1] != own["conv_out.weight"].shape[0]:
        return weights
    first = torch.cat([narrow, narrow.new_zeros(len(narrow), more, *narrow.shape[2:])], dim=1)
    label = {name: own[name] for name in own if name.startswith("class_embedding.")}
    return weights | label | {"conv_in.weight": first}


def require_prediction(start_from: Path, prediction: Prediction) -> None:
    """A network that gives back v is no beginning for one that gives back epsilon."""
    file = start_from / "scheduler" / "scheduler_config.json"
    if not file.is_file():
        return
    found = prediction_name(json.loads(file.read_text("utf-8")))
    if found != prediction.of_diffusers:
        raise TrainingError(
            f"{start_from} predicts {found.removesuffix('_prediction')}, not {prediction}; give "
            "--prediction accordingly or choose another model."
        )
